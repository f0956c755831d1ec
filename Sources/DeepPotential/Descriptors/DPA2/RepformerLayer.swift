import Kernels

/// One layer of DPA-2 that exchanges messages: its dense layers and other parameters.
public struct RepformerLayer: Sendable, Equatable {
  /// The layer of Gram matrices, whose output updates a node (`linear1`).
  public let nodeOutput: DenseLayer
  /// The layer of an edge itself (`linear2`); nil in the last layer, which changes no edges.
  public let edgeSelf: DenseLayer?
  /// The layer of a node itself (`g1_self_mlp`).
  public let nodeSelf: DenseLayer?
  /// What makes nodes as wide as edges, or edges as wide as nodes, where they are multiplied
  /// (`proj_g1g2`).
  public let convolution: DenseLayer?
  /// The layer of the product of both nodes of an edge (`proj_g1g1g2`).
  public let nodeProduct: DenseLayer?
  /// Attention over the edges of an atom.
  public let edgeAttention: EdgeAttention?
  /// Attention over the neighbors of an atom (`loc_attn`).
  public let nodeAttention: NodeAttention?
  /// The factors of the updates of nodes, edges and directions, in the order of the updates; none
  /// unless they are added so.
  public let nodeScales: [Range<Int>], edgeScales: [Range<Int>], directionScales: [Range<Int>]

  /// Whether it is the last layer, which changes no edges.
  public var isLast: Bool { edgeSelf == nil }

  /// Lays out a layer; the one that `isLast` changes no edges.
  init(
    _ options: RepformerOptions, isLast: Bool, _ precision: Precision,
    in layout: inout ParameterLayout
  ) {
    func dense(_ key: RepformerKey) -> DenseLayer {
      let (inputs, outputs) = options.widths(of: key)
      return DenseLayer(
        inputs: inputs, outputs: outputs, activation: options.activation(of: key),
        hasBias: key.hasBias, hasTimestep: false, wantsShortcut: false, precision: precision,
        in: &layout)
    }
    self.init(options, isLast: isLast, dense) { _, width in layout.take(width, precision) }
  }

  /// Makes a layer of the parts that `dense` and `vector` give, in the order in which DeePMD-kit's
  /// PyTorch backend has them.
  package init<Failure: Error>(
    _ options: RepformerOptions, isLast: Bool,
    _ dense: (RepformerKey) throws(Failure) -> DenseLayer,
    _ vector: (RepformerVector, _ width: Int) throws(Failure) -> Range<Int>
  ) throws(Failure) {
    let hasAttention = options.hasEdgeAttention || options.updatesDirections
    nodeOutput = try dense(.nodeOutput)
    edgeSelf = isLast ? nil : try dense(.edgeSelf)
    nodeSelf = options.separatesSelf ? try dense(.nodeSelf) : nil
    convolution = options.hasConvolution ? try dense(.convolution) : nil
    nodeProduct = !isLast && options.hasNodeProduct ? try dense(.nodeProduct) : nil
    edgeAttention =
      !isLast && hasAttention ? try EdgeAttention(options, dense, vector) : nil
    nodeAttention = options.hasNodeAttention ? try NodeAttention(dense) : nil
    func scales(
      _ list: RepformerScales, _ count: Int, _ width: Int
    ) throws(Failure) -> [Range<Int>] {
      var ranges: [Range<Int>] = []
      for number in 0..<count { ranges.append(try vector(.scale(list, number), width)) }
      return ranges
    }
    let counts = options.scaleCounts(isLast: isLast)
    nodeScales = try scales(.nodes, counts.nodes, options.nodeWidth)
    edgeScales = try scales(.edges, counts.edges, options.edgeWidth)
    directionScales = try scales(.directions, counts.directions, 1)
  }
}

/// Attention over the edges of an atom.
public struct EdgeAttention: Sendable, Equatable {
  /// The layer that makes queries and keys, `[width][2 heads]` (`attn2g_map`).
  public let queryKey: DenseLayer
  /// How edges are updated, and the layer that makes one direction of those of all heads
  /// (`attn2_ev_apply`).
  public let edges: EdgeMixing?, directions: DenseLayer?

  fileprivate init<Failure: Error>(
    _ options: RepformerOptions, _ dense: (RepformerKey) throws(Failure) -> DenseLayer,
    _ vector: (RepformerVector, _ width: Int) throws(Failure) -> Range<Int>
  ) throws(Failure) {
    queryKey = try dense(.edgeQueryKey)
    edges =
      options.hasEdgeAttention ? try EdgeMixing(options.edgeWidth, dense, vector) : nil
    directions = options.updatesDirections ? try dense(.directions) : nil
  }
}

/// What attention changes edges with.
public struct EdgeMixing: Sendable, Equatable {
  /// The layers that make values, `[edge width][heads]`, and of all heads' values one update
  /// (`attn2_mh_apply`).
  public let value: DenseLayer, output: DenseLayer
  /// The parameters of the layer norm of the update (`attn2_lm`).
  public let normWeights: Range<Int>, normBiases: Range<Int>

  fileprivate init<Failure: Error>(
    _ width: Int, _ dense: (RepformerKey) throws(Failure) -> DenseLayer,
    _ vector: (RepformerVector, _ width: Int) throws(Failure) -> Range<Int>
  ) throws(Failure) {
    (value, output) = (try dense(.edgeValue), try dense(.edgeHeads))
    (normWeights, normBiases) = (try vector(.normWeights, width), try vector(.normBiases, width))
  }
}

/// Attention over the neighbors of an atom.
public struct NodeAttention: Sendable, Equatable {
  /// The layers that make queries, `[width][heads]`, keys and behind them values, `[width][heads]`
  /// and `[node width][heads]`, and of all heads' values one update.
  public let query: DenseLayer, keyValue: DenseLayer, output: DenseLayer

  fileprivate init<Failure: Error>(
    _ dense: (RepformerKey) throws(Failure) -> DenseLayer
  ) throws(Failure) {
    query = try dense(.nodeQuery)
    keyValue = try dense(.nodeKeyValue)
    output = try dense(.nodeHeads)
  }
}
