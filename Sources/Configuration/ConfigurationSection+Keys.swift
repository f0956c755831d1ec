import DeepPotential
import Files
import Models

extension ConfigurationSection: KeyReader {
  /// Sets the properties of `part` to the values that this section has for `keys`; records wrong
  /// values.
  ///
  /// The key `sel` is not read here, because an input may have a rule in place of numbers.
  func read<Part>(_ keys: [Key<Part>], into part: inout Part) {
    for key in keys where key.isInInputs && key.name != "sel" {
      guard let (name, value) = find(key.name, or: key.aliases) else { continue }
      if let expected = key.take(value, &part) {
        report(name, "found \(value.quoted), expected \(expected)")
      }
    }
  }

  /// Records the keys of `options` whose values contradict those of other keys or the names of
  /// types, `typeMap`.
  func reportConflicts(of options: DescriptorOptions, typeMap: [String]?) {
    let members = options.members(types: nil, forModels: false)
    for conflict in options.conflicts(typeMap: typeMap) {
      let found = members[conflict.name]?.quoted ?? "nothing"
      report(conflict.name, "found \(found), expected \(conflict.expected)")
    }
  }
}
