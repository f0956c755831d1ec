import Kernels

/// The three-body descriptor with type embeddings, `se_e3_tebd`: one row per atom,
/// `D = Σ_pq e_pq g_pq / S²` over all ordered pairs of neighbors, `e_pq = R_p · R_q`.
///
/// `g` is a net of `e` and both types' embeddings, or a net of `e` that is gated by one of the two
/// types.  Source: DeePMD-kit's `se_e3_tebd`; docs/MATH.md, "Other descriptors".
public struct SeE3TypeEmbedding: Sendable {
  /// Radii in Å of the smooth switch (`rcut_smth`, `rcut`).
  public var innerCutoff: Double, outerCutoff: Double
  /// Neighbor slots, for all types together (`sel`).
  public var slots: Int
  /// Added to every distance, in Å (`env_protection`).
  public var protection = 0.0
  /// Pairs of types that do not see each other (`exclude_types`).
  public var excludedPairs: [[Int]] = []
  /// Whether a gate vanishes smoothly at the cutoff (`smooth`).
  public var isSmooth = true
  /// Whether the center's type embedding is appended to the row (`concat_output_tebd`).
  public var appendsTypeEmbedding = true
  /// The nets of types, of `e`, and of two types that gate it; without a gate types are inputs.
  public var typeEmbedding: DenseNetwork, embedding: DenseNetwork, gate: DenseNetwork?
  /// Mean and deviation of the environment rows (`davg`, `dstd`), `[types][slots][4]`.
  public var mean: [Double], deviation: [Double]

  /// Makes a descriptor that excludes no pairs.
  public init(
    innerCutoff: Double, outerCutoff: Double, slots: Int, typeEmbedding: DenseNetwork,
    embedding: DenseNetwork, gate: DenseNetwork?, mean: [Double], deviation: [Double]
  ) {
    (self.innerCutoff, self.outerCutoff, self.slots) = (innerCutoff, outerCutoff, slots)
    (self.typeEmbedding, self.embedding, self.gate) = (typeEmbedding, embedding, gate)
    (self.mean, self.deviation) = (mean, deviation)
  }

  /// Adds the descriptor to a program.
  public func emit(into builder: inout ProgramBuilder) -> [View] {
    let types = builder.typeEmbedding(typeEmbedding)
    var rule = PairList(
      NeighborRule(
        .ofAllTypes(slots), typeCount: builder.typeCount, cutoff: outerCutoff,
        hiddenPairs: excludedPairs))
    rule.constants = hasAngularMean(mean) ? .empty : .none
    (rule.mean, rule.deviation, rule.angles) = (mean, deviation, .all)
    let list = builder.list(rule)
    let switchFunction = SwitchFunction.polynomial(inner: innerCutoff, outer: outerCutoff)
    let row = builder.geometry(
      "row", list: list, .environmentRow(switchFunction, protection: protection),
      hasStatistics: true)
    let w = builder.geometry("w", list: list, .smoothSwitch(switchFunction))
    let body = ThreeBody(
      list: list, slots: slots, embedding: embedding, gate: gate, isSmooth: isSmooth)
    let d = body.emit(into: &builder, types: types, row: row, w: w)
    return [d] + (appendsTypeEmbedding ? [builder.at(types, .atomType)] : [])
  }
}

/// The sum over ordered pairs of neighbors that `se_e3_tebd` is, and that DPA-2 has a part of.
struct ThreeBody {
  let list: Int, slots: Int
  let embedding: DenseNetwork, gate: DenseNetwork?
  let isSmooth: Bool

  /// `Σ_pq e_pq g_pq / S²` of each atom, from rows of the list and their switch `w`.
  func emit(into builder: inout ProgramBuilder, types: View, row: View, w: View) -> View {
    let angles = Space.angles(list: list)
    let e = builder.angleDot("e", row[1..<4], angles)
    var g: View
    if let gate {
      g = builder.network("g", [e], embedding, rows: angles)
      let h = builder.typePairs("h", types, gate)
      let ww = isSmooth ? builder.angleDot("ww", w, angles) : nil
      g = builder.gated("g", g, by: h, at: .neighborTypePair(list: list), times: ww)
    } else {
      let first = builder.at(types, .firstNeighborType(list: list))
      let second = builder.at(types, .secondNeighborType(list: list))
      g = builder.network("g", [e, first, second], embedding, rows: angles)
    }
    return builder.bilinear(
      "D", g, e, .scaled(g.width), rows: angles, to: (.atom(of: angles), .atom),
      factor: 1 / Double(slots * slots), weight: .multiplicity(angles))
  }
}
