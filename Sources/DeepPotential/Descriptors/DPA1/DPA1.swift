import Kernels

/// The descriptor DPA-1 (`dpa1`, `se_atten`, `se_atten_v2`): one row per atom, neighbors of all
/// types in one list.
///
/// The embedding of a neighbor is a net of its radial part and its type's embedding, or a net of
/// the radial part alone that is gated by types; attention layers mix an atom's neighbors; what
/// follows is `se_e2_a`'s.  Source: Zhang et al., npj Comput. Mater. 10, 94 (2024), DeePMD-kit's
/// `dpa1`; docs/MATH.md, "Other descriptors".
public struct DPA1: LocalDescriptor {
  /// What defines it.
  public var options: DPA1Options
  /// The same as one of the kinds.
  public var wrapped: Descriptor { .dpa1(self) }
  /// Number of types.
  public let typeCount: Int
  /// The attention layers, first to last.
  public let attention: [AttentionLayer]
  /// The nets of neighbors, of types that gate those (`strip`), and of types; without a gate types
  /// are inputs (`concat`).
  public let embedding: DenseNetwork, gate: DenseNetwork?, typeEmbedding: DenseNetwork
  /// Mean and deviation of the environment rows (`davg`, `dstd`), `[types][slots][4]`.
  public var mean: [Double], deviation: [Double]

  /// Atoms that go through its program together.
  ///
  /// Where no row is stored for a neighbor, more of them fit the caches.
  public var tileSize: Int { attention.isEmpty ? 32 : 2 }
  /// Number of vectors of each atom.
  public var vectors: Int? { embedding.outputs }
  /// Width of the descriptor.
  public var outputs: Int {
    embedding.outputs * options.axisWidth + (options.types.isAppended ? options.types.width : 0)
  }

  /// Makes a descriptor of parts that are laid out already, with mean 0 and deviation 1.
  public init(
    _ options: DPA1Options, typeCount: Int, attention: [AttentionLayer], embedding: DenseNetwork,
    gate: DenseNetwork?, typeEmbedding: DenseNetwork
  ) {
    precondition((gate != nil) == (options.types.mode == .stripped))
    (self.options, self.typeCount, self.attention) = (options, typeCount, attention)
    (self.embedding, self.gate, self.typeEmbedding) = (embedding, gate, typeEmbedding)
    (mean, deviation) = options.noStatistics(types: typeCount)
  }

  /// Lays out a descriptor with mean 0 and deviation 1: attention, nets and types in the order in
  /// which DeePMD-kit's PyTorch backend has them, which decides the blocks of the Kalman filter.
  init(_ options: DPA1Options, typeCount: Int, in layout: inout ParameterLayout) {
    let types = options.types, isStripped = types.mode == .stripped
    let both = options.typeInputs, width = options.neuron[options.neuron.count - 1]
    let attention = (0..<options.attention.layers).map { _ in
      AttentionLayer(options, width: width, in: &layout)
    }
    let embedding = options.embeddingNet(inputs: isStripped ? 1 : 1 + both, in: &layout)
    let gate = isStripped ? options.embeddingNet(inputs: both, in: &layout) : nil
    self.init(
      options, typeCount: typeCount, attention: attention, embedding: embedding, gate: gate,
      typeEmbedding: types.network(typeCount, options.precision, in: &layout))
  }
}

/// One layer of gated self-attention over the neighbors of an atom, with a shortcut and a layer
/// norm.
public struct AttentionLayer: Sendable, Equatable {
  /// The layers that give query, key and value side by side, and that take the mixed values.
  public let projection: DenseLayer, output: DenseLayer
  /// The parameters of the layer norm.
  public let normWeights: Range<Int>, normBiases: Range<Int>

  /// Makes a layer of parts that are laid out already.
  public init(
    projection: DenseLayer, output: DenseLayer, normWeights: Range<Int>, normBiases: Range<Int>
  ) {
    precondition(projection.outputs == 3 * output.inputs)
    (self.projection, self.output) = (projection, output)
    (self.normWeights, self.normBiases) = (normWeights, normBiases)
  }

  /// The same layer with places of its own in `layout`.
  package func laidOut(
    _ precision: Precision, in layout: inout ParameterLayout
  ) -> AttentionLayer {
    AttentionLayer(
      projection: projection.laidOut(precision, in: &layout),
      output: output.laidOut(precision, in: &layout),
      normWeights: layout.take(normWeights.count, precision),
      normBiases: layout.take(normBiases.count, precision))
  }

  /// Lays out a layer on rows `width` wide.
  init(_ options: DPA1Options, width: Int, in layout: inout ParameterLayout) {
    func linear(_ inputs: Int, _ outputs: Int) -> DenseLayer {
      DenseLayer(
        inputs: inputs, outputs: outputs, activation: .linear, hasBias: true, hasTimestep: false,
        wantsShortcut: false, precision: options.precision, in: &layout)
    }
    let inner = options.attention.width
    self.init(
      projection: linear(width, 3 * inner), output: linear(inner, width),
      normWeights: layout.take(width, options.precision),
      normBiases: layout.take(width, options.precision))
  }
}
