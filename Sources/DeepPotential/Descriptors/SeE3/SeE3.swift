import Kernels

/// The three-body descriptor `se_e3`: one row per atom,
/// `D = Σ_{a <= b} Σ_{p in a, q in b} e_pq net_ab(e_pq) / (S_a S_b)` with `e_pq = R_p · R_q`, the
/// angular parts of two neighbors' rows.
///
/// Source: DeePMD-kit's `se_e3`; docs/MATH.md, "Other descriptors".
public struct SeE3: Sendable {
  /// Radii in Å of the smooth switch (`rcut_smth`, `rcut`).
  public var innerCutoff: Double, outerCutoff: Double
  /// Neighbor slots of each type (`sel`).
  public var slots: [Int]
  /// Added to every distance, in Å (`env_protection`).
  public var protection = 0.0
  /// Pairs of types that do not see each other (`exclude_types`).
  public var excludedPairs: [[Int]] = []
  /// One net per unordered pair of neighbor types: (0, 0), (0, 1), (1, 1), (0, 2), ...
  public var embeddings: [DenseNetwork]
  /// Mean and deviation of the environment rows (`davg`, `dstd`), `[types][slots][4]`.
  public var mean: [Double], deviation: [Double]

  /// Makes a descriptor that excludes no pairs.
  public init(
    innerCutoff: Double, outerCutoff: Double, slots: [Int], embeddings: [DenseNetwork],
    mean: [Double], deviation: [Double]
  ) {
    precondition(embeddings.count == slots.count * (slots.count + 1) / 2)
    (self.innerCutoff, self.outerCutoff, self.slots) = (innerCutoff, outerCutoff, slots)
    (self.embeddings, self.mean, self.deviation) = (embeddings, mean, deviation)
  }

  /// Adds the descriptor to a program.
  public func emit(into builder: inout ProgramBuilder) -> [View] {
    var rule = PairList(
      NeighborRule(
        .ofEachType(slots), typeCount: builder.typeCount, cutoff: outerCutoff,
        hiddenPairs: excludedPairs))
    rule.constants = hasAngularMean(mean) ? .empty : .none
    (rule.mean, rule.deviation, rule.angles) = (mean, deviation, .all)
    rule.angleSections = slots.indices.flatMap { b in (0...b).map { TypeKey($0, b) } }
    let list = builder.list(rule)
    let switchFunction = SwitchFunction.polynomial(inner: innerCutoff, outer: outerCutoff)
    let row = builder.geometry(
      "row", list: list, .environmentRow(switchFunction, protection: protection),
      hasStatistics: true)
    var terms: [Term] = []
    for (number, key) in rule.angleSections.enumerated() {
      let section = Space.angleSection(list: list, section: number), name = "net\(number)"
      let e = builder.angleDot("\(name).e", row[1..<4], section)
      let g = builder.network(name, [e], embeddings[number], rows: section)
      let count = Double(slots[key.first ?? 0] * slots[key.second])
      terms.append(
        Term(
          builder.bilinear(
            "\(name).D", g, e, .scaled(g.width), rows: section,
            to: (.atom(of: section), .atom), factor: 1 / count, weight: .multiplicity(section))))
    }
    return [builder.sum("D", terms, rows: .atom)]
  }
}

/// Whether the angular parts of some rows have a mean: only then do empty slots add to sums over
/// angles.
func hasAngularMean(_ mean: [Double]) -> Bool {
  mean.indices.contains { $0 % 4 != 0 && mean[$0] != 0 }
}
