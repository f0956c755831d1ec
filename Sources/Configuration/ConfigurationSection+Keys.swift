import Files
import Models

extension ConfigurationSection {
  /// Takes over what this section says of `part` under `keys`, but for those of `others`; records what is wrong.
  func read<Part>(_ keys: [Key<Part>], into part: inout Part, butFor others: Set<String> = []) {
    for key in keys where key.isInInputs && !others.contains(key.name) {
      guard let (name, value) = find(key.name, or: key.aliases) else { continue }
      if let expected = key.take(value, &part) {
        report(name, "found \(value.quoted), expected \(expected)")
      }
    }
  }

  /// Records `conflicts` of `part`.
  func report<Part>(_ conflicts: [KeyConflict], of part: Part, _ keys: [Key<Part>]) {
    for conflict in conflicts {
      let found = keys.first { $0.name == conflict.name }.map { $0.value(part).quoted } ?? "nothing"
      report(conflict.name, "found \(found), expected \(conflict.expected)")
    }
  }
}
