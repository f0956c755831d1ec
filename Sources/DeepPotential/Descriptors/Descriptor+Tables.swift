/// Tables that a model brings along, in place of nets or besides them.
extension Descriptor {
  /// Whether a part has tables and no nets, so that training cannot change it.
  public var hasTablesAlone: Bool {
    parts.contains { $0.hasTables && $0.wrapped.embeddings.isEmpty }
  }

  /// The same descriptor without the tables of parts that have nets, which are evaluated then.
  public var byNets: Descriptor {
    with(
      parts: parts.map { part in
        part.hasTables && !part.wrapped.embeddings.isEmpty ? part.withoutTables : part
      })
  }
}

extension DescriptorPart {
  /// Whether it has tables of its own, which are evaluated in place of nets.
  var hasTables: Bool { !options.tables.isEmpty }

  fileprivate var withoutTables: Self {
    var other = self
    other.options.tables = []
    return other
  }
}

extension DescriptorOptions {
  /// Takes the tables of `other`, a descriptor of the same parts.
  public mutating func takeTables(of other: DescriptorOptions) {
    guard parts.count == other.parts.count else { return }
    parts = zip(parts, other.parts).map { part, other in
      var part = part
      part.tables = other.tables
      return part
    }
  }
}
