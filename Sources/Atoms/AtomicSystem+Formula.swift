extension AtomicSystem {
  /// What the system is made of, `O64H128`, types in the order of the type map.
  ///
  /// Types without a name are `T0`, `T1`, ...; a system of mixed type is `mixed<atoms>`.
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
