extension ModelNode: KeyReader {
  /// Sets the properties of `part` to the values that this object has for `keys`.
  ///
  /// Throws `.data` for a wrong value, and for a missing one that files must have.
  package func read<Part>(_ keys: [Key<Part>], into part: inout Part) throws {
    for key in keys where key.isInModels {
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
