import Kernels

/// The radial two-body descriptor `se_e2_r`: one row per atom, `D = (1/5S) Σ_k net(R_k)` over its S
/// slots.
///
/// Each slot adds its net's output, an empty one too, and one filled by an excluded pair: a row of
/// zeros. Source: DeePMD-kit's `se_r`; docs/MATH.md, "Other descriptors".
public struct SeE2R: Sendable {
  /// Radii in Å of the smooth switch (`rcut_smth`, `rcut`).
  public var innerCutoff: Double, outerCutoff: Double
  /// Neighbor slots of each type (`sel`).
  public var slots: [Int]
  /// Added to every distance, in Å (`env_protection`).
  public var protection = 0.0
  /// Pairs of types that do not see each other (`exclude_types`).
  public var excludedPairs: [[Int]] = []
  /// One net per neighbor type.
  public var embeddings: [DenseNetwork]
  /// Mean and deviation of the radial rows (`davg`, `dstd`), `[types][slots][1]`.
  public var mean: [Double], deviation: [Double]

  /// Makes a descriptor that excludes no pairs.
  public init(
    innerCutoff: Double, outerCutoff: Double, slots: [Int], embeddings: [DenseNetwork],
    mean: [Double], deviation: [Double]
  ) {
    precondition(embeddings.count == slots.count)
    (self.innerCutoff, self.outerCutoff, self.slots) = (innerCutoff, outerCutoff, slots)
    (self.embeddings, self.mean, self.deviation) = (embeddings, mean, deviation)
  }

  /// Adds the descriptor to a program.
  public func emit(into builder: inout ProgramBuilder) -> [View] {
    var rule = PairList(
      NeighborRule(
        .ofEachType(slots), typeCount: builder.typeCount, cutoff: outerCutoff,
        hiddenPairs: excludedPairs))
    rule.constants = .emptyAndExcluded
    (rule.mean, rule.deviation, rule.statisticsWidth) = (mean, deviation, 1)
    rule.sections = embeddings.indices.map { TypeKey(nil, $0) }
    let list = builder.list(rule)
    let switchFunction = SwitchFunction.polynomial(inner: innerCutoff, outer: outerCutoff)
    let radial = builder.geometry(
      "row", list: list, .radialRow(switchFunction, protection: protection), hasStatistics: true)
    var terms: [Term] = []
    for (type, embedding) in embeddings.enumerated() {
      let section = Space.section(list: list, section: type), name = "net\(type)"
      let s = builder.take("\(name).s", radial, .row(of: section))
      let g = builder.network(name, [s], embedding, rows: section)
      let mean = Term(g, 0.2 / Double(rule.slotCount), weight: .multiplicity(section))
      terms.append(
        Term(builder.sum("\(name).D", [mean], rows: section, to: (.atom(of: section), .atom))))
    }
    return [builder.sum("D", terms, rows: .atom)]
  }
}
