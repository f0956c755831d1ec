import DeepPotential
import Files
import Models

extension ConfigurationSection: KeyReader {
  /// Takes over what this section says of `part` under `keys`; records what is wrong.
  ///
  /// Neighbor slots are not among it: inputs may say how they are found instead.
  func read<Part>(_ keys: [Key<Part>], into part: inout Part) {
    for key in keys where key.isInInputs && key.name != "sel" {
      guard let (name, value) = find(key.name, or: key.aliases) else { continue }
      if let expected = key.take(value, &part) {
        report(name, "found \(value.quoted), expected \(expected)")
      }
    }
  }

  /// Records what does not go together in `options`.
  func reportConflicts(of options: DescriptorOptions) {
    let members = options.members(types: nil, forModels: false)
    for conflict in options.conflicts {
      let found = members[conflict.name]?.quoted ?? "nothing"
      report(conflict.name, "found \(found), expected \(conflict.expected)")
    }
  }
}
