extension AtomicSystem {
  /// The numbers of atoms by type, in the order of the type map: `O64H128`.
  ///
  /// A type without a name appears by its number, `T0_64T1_128`.  A mixed-type system is
  /// `mixed<atoms>`, because its frames differ.
  public var formula: String {
    if frameTypes != nil { return "mixed\(atomCount)" }
    var counts: [Int: Int] = [:]
    for type in types { counts[type, default: 0] += 1 }
    return counts.keys.sorted().map { type in
      let name = typeNames.flatMap { $0.indices.contains(type) ? $0[type] : nil } ?? "T\(type)_"
      return "\(name)\(counts[type] ?? 0)"
    }.joined()
  }
}
