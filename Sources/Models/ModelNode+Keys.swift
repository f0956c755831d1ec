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

  /// The same for the object that is `group` here.
  package func read<Part>(_ keys: [Key<Part>], of group: KeyGroup, into part: inout Part) throws {
    try node(group.nameInModels).read(keys, into: &part)
  }

  /// Throws the first of `conflicts`.
  func check(_ conflicts: [KeyConflict]) throws {
    guard let first = conflicts.first else { return }
    let node = try first.group.map { try self.node($0.nameInModels) } ?? self
    throw node.wrong(first.name, first.expected)
  }
}
