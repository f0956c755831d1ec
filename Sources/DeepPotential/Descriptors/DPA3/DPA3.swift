import Kernels

/// The descriptor DPA-3: atoms, edges to their neighbors and angles between those exchange messages
/// layer by layer; one row per atom.
///
/// Source: Zhang et al., arXiv:2506.01686, DeePMD-kit's `dpa3`; docs/MATH.md, "Other descriptors".
public struct DPA3: Sendable {
  /// A switch and the number of slots of edges, or of the nearest edges that make angles.
  public struct Range: Sendable {
    /// Radii in Å and number of slots (`e_rcut_smth`, `e_rcut`, `e_sel`, or `a_...`).
    public var innerCutoff: Double, outerCutoff: Double, slots: Int

    /// Makes a range from its parts.
    public init(innerCutoff: Double, outerCutoff: Double, slots: Int) {
      (self.innerCutoff, self.outerCutoff, self.slots) = (innerCutoff, outerCutoff, slots)
    }
  }

  /// The neighbors of an atom, and those that make angles.
  public var edges: Range, angles: Range
  /// Whether switches are exponential (`use_exp_switch`).
  public var usesExponentialSwitch = true
  /// Whether edges begin from distances instead of the switched inverse (`edge_init_use_dist`).
  public var edgesAreDistances = true
  /// What slots are divided by where sums are scaled (`sel_reduce_factor`); 1 unless
  /// `use_dynamic_sel`.
  public var slotDivisor = 1.0
  /// Added to every distance, in Å (`env_protection`).
  public var protection = 0.0
  /// Pairs of types that do not see each other (`exclude_types`).
  public var excludedPairs: [[Int]] = []
  /// Whether the center's type embedding is appended to the row (`concat_output_tebd`).
  public var appendsTypeEmbedding = false
  /// The function after the nodes' embedding.
  public var activation: Activation
  /// The net of types, and the layers that begin edges and angles.
  public var typeEmbedding: DenseNetwork, edgeEmbedding: DenseLayer, angleEmbedding: DenseLayer
  /// The layers, first to last.
  public var layers: [MessageLayer]
  /// Mean and deviation of the environment rows (`davg`, `dstd`), `[types][slots][4]`.
  public var mean: [Double], deviation: [Double]

  /// Makes a descriptor that excludes no pairs.
  public init(
    edges: Range, angles: Range, activation: Activation, typeEmbedding: DenseNetwork,
    edgeEmbedding: DenseLayer, angleEmbedding: DenseLayer, layers: [MessageLayer],
    mean: [Double], deviation: [Double]
  ) {
    (self.edges, self.angles, self.activation) = (edges, angles, activation)
    (self.typeEmbedding, self.edgeEmbedding) = (typeEmbedding, edgeEmbedding)
    (self.angleEmbedding, self.layers) = (angleEmbedding, layers)
    (self.mean, self.deviation) = (mean, deviation)
  }
}

/// One layer of DPA-3.
public struct MessageLayer: Sendable {
  /// What angles see of nodes and edges: all, the first columns, or what a layer makes of them.
  public enum Compression: Sendable {
    /// All columns.
    case none
    /// The first columns of nodes and edges.
    case columns(nodes: Int, edges: Int)
    /// A layer for nodes, and one for edges.
    case layers(nodes: DenseLayer, edges: DenseLayer)
  }

  /// How old values and their updates are put together (`update_style`).
  public enum Update: Sendable {
    /// Their sum divided by the root of their number.
    case average
    /// The old value, and the updates divided by the root of their number.
    case increment
    /// The old value, and each update times parameters.
    case residual(nodes: [Swift.Range<Int>], edges: [Swift.Range<Int>], angles: [Swift.Range<Int>])
  }

  /// Columns of the second factor where nodes are updated by Gram matrices (`axis_neuron`).
  public var axisWidth: Int
  /// Messages from edges, side by side (`n_multi_edge_message`).
  public var messageCount = 1
  /// Whether edges out of the angles' reach get no update from angles (`smooth_edge_update`).
  public var isSmooth = true
  /// Whether edges, angles and nodes are updated one after the other (`sequential_update`).
  public var isSequential = false
  /// What angles see.
  public var compression: Compression
  /// How updates are added.
  public var update: Update
  /// The layers for nodes: of themselves, of Gram matrices, of edges.
  public var nodeSelf: DenseLayer, nodeGram: DenseLayer, nodeEdge: DenseLayer
  /// The layer for edges, of themselves.
  public var edgeSelf: DenseLayer
  /// The layers for edges, of angles, and for angles, of themselves; nil without angles
  /// (`update_angle`).
  public var angular: (edgeAngle: DenseLayer, edgeOutput: DenseLayer, angleSelf: DenseLayer)?

  /// Makes a layer without angles.
  public init(
    axisWidth: Int, compression: Compression, update: Update, nodeSelf: DenseLayer,
    nodeGram: DenseLayer, nodeEdge: DenseLayer, edgeSelf: DenseLayer
  ) {
    (self.axisWidth, self.compression, self.update) = (axisWidth, compression, update)
    (self.nodeSelf, self.nodeGram) = (nodeSelf, nodeGram)
    (self.nodeEdge, self.edgeSelf) = (nodeEdge, edgeSelf)
  }
}
