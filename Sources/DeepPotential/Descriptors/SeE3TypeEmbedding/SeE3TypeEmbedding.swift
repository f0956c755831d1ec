import Kernels

/// The three-body descriptor with type embeddings, `se_e3_tebd`: one row per atom,
/// `D = Σ_pq e_pq g_pq / S²` over all ordered pairs of neighbors, `e_pq = R_p · R_q`.
///
/// `g` is a net of `e` and both types' embeddings, or a net of `e` that is gated by one of the two
/// types.  Source: DeePMD-kit's `se_e3_tebd`; docs/MATH.md, "Other descriptors".
public struct SeE3TypeEmbedding: LocalDescriptor {
  /// What defines it.
  public var options: SeE3TypeEmbeddingOptions
  /// The same as one of the kinds.
  public var wrapped: Descriptor { .seE3TypeEmbedding(self) }
  /// Number of types.
  public let typeCount: Int
  /// The nets of types, of `e`, and of two types that gate it; without a gate types are inputs.
  public let typeEmbedding: DenseNetwork, embedding: DenseNetwork, gate: DenseNetwork?
  /// Mean and deviation of the environment rows (`davg`, `dstd`), `[types][slots][4]`.
  public var mean: [Double], deviation: [Double]

  /// Atoms that go through its program together.
  public var tileSize: Int { 2 }
  /// Width of the descriptor.
  public var outputs: Int {
    embedding.outputs + (options.types.isAppended ? options.types.width : 0)
  }

  /// Makes a descriptor of nets that are laid out already, with mean 0 and deviation 1.
  public init(
    _ options: SeE3TypeEmbeddingOptions, typeCount: Int, typeEmbedding: DenseNetwork,
    embedding: DenseNetwork, gate: DenseNetwork?
  ) {
    precondition((gate != nil) == (options.types.mode == .stripped))
    (self.options, self.typeCount) = (options, typeCount)
    (self.typeEmbedding, self.embedding, self.gate) = (typeEmbedding, embedding, gate)
    (mean, deviation) = options.noStatistics(types: typeCount)
  }

  /// Lays out a descriptor with mean 0 and deviation 1.
  init(_ options: SeE3TypeEmbeddingOptions, typeCount: Int, in layout: inout ParameterLayout) {
    let types = options.types, both = 2 * types.width, isStripped = types.mode == .stripped
    let embedding = options.embeddingNet(inputs: isStripped ? 1 : 1 + both, in: &layout)
    let gate = isStripped ? options.embeddingNet(inputs: both, in: &layout) : nil
    self.init(
      options, typeCount: typeCount,
      typeEmbedding: types.network(typeCount, options.precision, in: &layout),
      embedding: embedding, gate: gate)
  }

  /// Adds the descriptor to a program.
  public func emit(into builder: inout ProgramBuilder) -> [View] {
    let types = builder.typeEmbedding(
      typeEmbedding, ofElectrons: options.types.usesElectrons)
    let d = emit(pairList, into: &builder, types: types)
    return [d] + (options.types.isAppended ? [builder.at(types, .atomType)] : [])
  }

  /// Adds the descriptor as a block of another one: without the center's type and without neighbors
  /// beyond its cutoff, from the types' embeddings `types`.
  func emitBlock(into builder: inout ProgramBuilder, types: View) -> View {
    var list = pairList
    list.reachesBeyond = false
    return emit(list, into: &builder, types: types)
  }

  private var pairList: PairList {
    var list = newPairList(leaving: hasAngularMean(mean) ? .empty : .none)
    list.angles = .all
    return list
  }

  private func emit(
    _ pairList: PairList, into builder: inout ProgramBuilder, types: View
  ) -> View {
    let list = builder.list(pairList)
    let row = builder.geometry("row", list: list, environmentFunction, hasStatistics: true)
    let w = builder.geometry("w", list: list, .smoothSwitch(switchFunction))
    let body = ThreeBody(
      list: list, slots: slotCount, embedding: embedding, gate: gate,
      isSmooth: options.isSmooth,
      input: TableInput(environmentFunction, of: pairList, isProduct: true))
    return body.emit(into: &builder, types: types, row: row, w: w)
  }
}

/// The sum over ordered pairs of neighbors that `se_e3_tebd` is, and that DPA-2 has a part of.
struct ThreeBody {
  let list: Int, slots: Int
  let embedding: DenseNetwork, gate: DenseNetwork?
  let isSmooth: Bool
  /// What the product of two neighbors' vectors can be.
  let input: TableInput

  /// `Σ_pq e_pq g_pq / S²` of each atom, from rows of the list and their switch `w`.
  func emit(into builder: inout ProgramBuilder, types: View, row: View, w: View) -> View {
    let angles = Space.angles(list: list)
    let e = builder.angleDot("e", row[1..<4], angles)
    var g: View
    if let gate {
      g = builder.embedding("g", e, embedding, rows: angles, input)
      let h = builder.typePairs("h", types, gate)
      let ww = isSmooth ? builder.angleDot("ww", w, angles) : nil
      g = builder.gated("g", g, by: h, at: .neighborTypePair(list: list), times: ww)
    } else {
      let ends = TypesOfRows(
        types: types,
        ends: [.firstNeighborType(list: list), .secondNeighborType(list: list)],
        number: .neighborTypePair(list: list))
      g = builder.embedding("g", e, types: ends, embedding, rows: angles, input)
    }
    return builder.bilinear(
      "D", g, e, .scaled(g.width), rows: angles, to: (.atom(of: angles), .atom),
      factor: 1 / Double(slots * slots), weight: .multiplicity(angles))
  }
}
