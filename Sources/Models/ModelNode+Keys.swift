extension ModelNode: KeyReader {
  /// Takes over what this object says of `part` under `keys`.
  package func read<Part>(_ keys: [Key<Part>], into part: inout Part) throws {
    for key in keys {
      guard let value = members[key.name], !key.mayLack || value != .null else {
        if key.mayLack { continue }
        throw wrong(key.name, "a value")
      }
      if let expected = key.takeFromModel(value, &part) { throw wrong(key.name, expected) }
    }
  }

  /// Throws the first of `conflicts`.
  func check(_ conflicts: [KeyConflict]) throws {
    if let first = conflicts.first { throw wrong(first.name, first.expected) }
  }
}
