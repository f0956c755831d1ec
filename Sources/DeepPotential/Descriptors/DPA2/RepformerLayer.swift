import Kernels

/// One layer of DPA-2 that passes messages: its dense layers and other parameters.
///
/// Dense layers that are updates have the activation function of the options; all others are
/// linear.
public struct RepformerLayer: Sendable, Equatable {
  /// The layer of Gram matrices, whose output updates a node (`linear1`).
  public var nodeOutput: DenseLayer
  /// The layer of an edge itself (`linear2`); nil in the last layer, which changes no edges.
  public var edgeSelf: DenseLayer?
  /// The layer of a node itself (`g1_self_mlp`).
  public var nodeSelf: DenseLayer?
  /// What makes nodes as wide as edges, or edges as wide as nodes, where they are multiplied
  /// (`proj_g1g2`).
  public var convolution: DenseLayer?
  /// The layer of the product of both nodes of an edge (`proj_g1g1g2`).
  public var nodeProduct: DenseLayer?
  /// Attention over the edges of an atom.
  public var edgeAttention: EdgeAttention?
  /// Attention over the neighbors of an atom (`loc_attn`).
  public var nodeAttention: NodeAttention?
  /// The factors of updates, in the order of the updates; none unless they are added so.
  public var nodeScales: [Range<Int>] = [], edgeScales: [Range<Int>] = []
  /// See `nodeScales`.
  public var directionScales: [Range<Int>] = []

  /// Makes a layer that only has its last one.
  public init(nodeOutput: DenseLayer) { self.nodeOutput = nodeOutput }
}

/// Attention over the edges of an atom.
public struct EdgeAttention: Sendable, Equatable {
  /// The layer that makes queries and keys, `[width][2 heads]` (`attn2g_map`).
  public var queryKey: DenseLayer
  /// How edges are updated.
  public var edges: Edges?
  /// The layer that makes one direction of those of all heads (`attn2_ev_apply`).
  public var directions: DenseLayer?

  /// What attention changes edges with.
  public struct Edges: Sendable, Equatable {
    /// The layers that make values, `[edge width][heads]`, and of all heads' values one update
    /// (`attn2_mh_apply`).
    public var value: DenseLayer, output: DenseLayer
    /// The parameters of the layer norm of the update (`attn2_lm`).
    public var normWeights: Range<Int>, normBiases: Range<Int>

    /// Makes it of parts that are laid out already.
    public init(
      value: DenseLayer, output: DenseLayer, normWeights: Range<Int>, normBiases: Range<Int>
    ) {
      (self.value, self.output) = (value, output)
      (self.normWeights, self.normBiases) = (normWeights, normBiases)
    }
  }

  /// Makes attention that changes nothing yet.
  public init(queryKey: DenseLayer) { self.queryKey = queryKey }
}

/// Attention over the neighbors of an atom.
public struct NodeAttention: Sendable, Equatable {
  /// The layers that make queries, `[width][heads]`, keys and behind them values, `[width][heads]`
  /// and `[node width][heads]`, and of all heads' values one update.
  public var query: DenseLayer, keyValue: DenseLayer, output: DenseLayer

  /// Makes it of layers that are laid out already.
  public init(query: DenseLayer, keyValue: DenseLayer, output: DenseLayer) {
    (self.query, self.keyValue, self.output) = (query, keyValue, output)
  }
}
