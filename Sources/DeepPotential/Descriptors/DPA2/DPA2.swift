import Kernels

/// The descriptor DPA-2 (`dpa2`): DPA-1 without attention and a three-body block make the first row
/// of each atom; then atoms and their neighbors exchange messages layer by layer.
///
/// Source: Zhang et al., npj Comput. Mater. 10, 293 (2024), DeePMD-kit's `dpa2`; docs/MATH.md,
/// "Other descriptors".
public struct DPA2: DescriptorPart {
  /// What defines it.
  public var options: DPA2Options
  /// The same as one of the kinds.
  public var wrapped: Descriptor { .dpa2(self) }
  /// Number of types.
  public let typeCount: Int
  /// How the rows of the first block, of the three-body block and of the messages' list are
  /// normalized.
  public var normalizations: [ListNormalization]
  /// The nets of the first block, and of the three-body block.
  public let first: BlockNets, threeBody: BlockNets?
  /// The layer that begins edges (`g2_embd`).
  public let edgeEmbedding: DenseLayer
  /// The layers that exchange messages, first to last.
  public let layers: [RepformerLayer]
  /// The net of types.
  public let typeEmbedding: DenseNetwork
  /// The layers that make nodes of the first blocks' rows (`g1_shape_tranform`), nil where these
  /// are nodes already, and of types what is added to nodes (`tebd_transform`).
  public let shape: DenseLayer?, ofTypes: DenseLayer?

  /// The nets of a block: of neighbors or angles, and of types that gate it (`strip`).
  public struct BlockNets: Sendable, Equatable {
    /// See `BlockNets`.
    public let embedding: DenseNetwork, gate: DenseNetwork?

    /// Puts both together.
    public init(embedding: DenseNetwork, gate: DenseNetwork?) {
      (self.embedding, self.gate) = (embedding, gate)
    }
  }

  /// Atoms that go through its program together: those of a tile have thousands of angles.
  public var tileSize: Int { 8 }
  /// Number of vectors of each atom.
  public var vectors: Int? { options.messages.edgeWidth }
  /// Width of the descriptor.
  public var outputs: Int {
    options.messages.nodeWidth + (options.first.types.isAppended ? options.first.types.width : 0)
  }

  /// Makes a descriptor of parts that are laid out already, with mean 0 and deviation 1.
  public init(
    _ options: DPA2Options, typeCount: Int, first: BlockNets, threeBody: BlockNets?,
    edgeEmbedding: DenseLayer, layers: [RepformerLayer], typeEmbedding: DenseNetwork,
    shape: DenseLayer?, ofTypes: DenseLayer?
  ) {
    precondition((threeBody != nil) == options.usesThreeBody)
    precondition((ofTypes != nil) == options.addsTypes)
    precondition(layers.count == options.messages.layers)
    (self.options, self.typeCount) = (options, typeCount)
    (self.first, self.threeBody, self.typeEmbedding) = (first, threeBody, typeEmbedding)
    (self.edgeEmbedding, self.layers) = (edgeEmbedding, layers)
    (self.shape, self.ofTypes) = (shape, ofTypes)
    normalizations = options.lists.map { $0.noNormalization(types: typeCount) }
  }

  /// Lays out a descriptor with mean 0 and deviation 1: blocks, messages, types and the layers
  /// between these in the order in which DeePMD-kit's PyTorch backend has them, which decides the
  /// blocks of the Kalman filter.
  init(_ options: DPA2Options, typeCount: Int, in layout: inout ParameterLayout) {
    let types = options.first.types, own = options.messages, precision = options.precision
    func layer(_ inputs: Int) -> DenseLayer {
      DenseLayer(
        inputs: inputs, outputs: own.nodeWidth, activation: .linear, hasBias: false,
        hasTimestep: false, wantsShortcut: false, precision: precision, in: &layout)
    }
    let first = BlockNets(
      options.first, types, typeInputs: options.first.typeInputs, in: &layout)
    let threeBody =
      options.usesThreeBody
      ? BlockNets(options.threeBodyBlock, types, typeInputs: 2 * types.width, in: &layout) : nil
    let edge = DenseLayer(
      inputs: 1, outputs: own.edgeWidth, activation: own.activation, hasBias: true,
      hasTimestep: false, wantsShortcut: false, precision: precision, in: &layout)
    let layers = (1...own.layers).map {
      RepformerLayer(own, isLast: $0 == own.layers, precision, in: &layout)
    }
    let typeEmbedding = types.network(typeCount, precision, in: &layout)
    let shape = options.blockWidth == own.nodeWidth ? nil : layer(options.blockWidth)
    self.init(
      options, typeCount: typeCount, first: first, threeBody: threeBody, edgeEmbedding: edge,
      layers: layers, typeEmbedding: typeEmbedding, shape: shape,
      ofTypes: options.addsTypes ? layer(types.width) : nil)
  }

  /// The same descriptor with its types in the order `order`.
  public func reordered(_ order: [Int], in layout: inout ParameterLayout) -> DPA2 {
    let precision = options.precision
    func copy(_ layer: DenseLayer) -> DenseLayer { layer.laidOut(precision, in: &layout) }
    let first = first.laidOut(in: &layout), threeBody = threeBody?.laidOut(in: &layout)
    let edge = copy(edgeEmbedding)
    let layers = layers.map {
      RepformerLayer(options.messages, isLast: $0.isLast, precision, in: &layout)
    }
    let types = options.first.types.network(like: typeEmbedding, order.count, in: &layout)
    let shape = shape.map(copy)
    var result = DPA2(
      reorderedOptions(order), typeCount: order.count, first: first, threeBody: threeBody,
      edgeEmbedding: edge, layers: layers, typeEmbedding: types, shape: shape,
      ofTypes: ofTypes.map(copy))
    result.normalizations = reorderedNormalizations(order)
    return result
  }
}

extension DPA2.BlockNets {
  /// Lays out the nets of a block, which take `typeInputs` numbers of type embeddings.
  init(
    _ options: some DescriptorPartOptions, _ types: TypeEmbeddingOptions, typeInputs: Int,
    in layout: inout ParameterLayout
  ) {
    let isStripped = types.mode == .stripped
    embedding = options.embeddingNet(inputs: isStripped ? 1 : 1 + typeInputs, in: &layout)
    gate = isStripped ? options.embeddingNet(inputs: typeInputs, in: &layout) : nil
  }

  /// The same nets with places of their own in `layout`.
  fileprivate func laidOut(in layout: inout ParameterLayout) -> Self {
    let embedding = embedding.laidOut(in: &layout)
    return Self(embedding: embedding, gate: gate?.laidOut(in: &layout))
  }
}
