extension AtomicSystem {
  /// What the system is made of, `O64H128`: types in the order of the type map, each with its
  /// number of atoms.
  ///
  /// A type without a name is called by its number, `T0_64T1_128`; a system of mixed type is
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
