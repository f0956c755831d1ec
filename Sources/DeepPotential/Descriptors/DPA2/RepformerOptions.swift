import Kernels

/// What defines the layers of DPA-2 that exchange messages (`repformer`).
///
/// Nodes are the rows of atoms (`g1`), edges those of pairs (`g2`), directions three numbers of
/// each pair (`h2`).
public struct RepformerOptions: Sendable, Equatable {
  /// Radii in Å between which the smooth switch falls from one to zero (`rcut_smth`, `rcut`).
  public var innerCutoff = 0.5, outerCutoff = 3.0
  /// Neighbor slots, for all types together (`nsel`).
  public var slots = 0
  /// Number of layers (`nlayers`).
  public var layers = 3
  /// Columns of nodes and edges (`g1_dim`, `g2_dim`).
  public var nodeWidth = 128, edgeWidth = 16
  /// Columns of the second factor of Gram matrices (`axis_neuron`).
  public var axisWidth = 4
  /// Whether edges begin from distances and displacements instead of environment rows
  /// (`direct_dist`).
  public var usesDistances = false
  /// What updates nodes: their neighbors times edges (`update_g1_has_conv`), Gram matrices of
  /// edges (`update_g1_has_grrg`) and of neighbors (`update_g1_has_drrd`), and attention over
  /// neighbors (`update_g1_has_attn`).
  public var hasConvolution = true, hasEdgeGram = true, hasNodeGram = true
  /// See `hasConvolution`.
  public var hasNodeAttention = true
  /// What updates edges besides themselves: the product of their nodes (`update_g2_has_g1g1`), and
  /// attention over the atom's edges (`update_g2_has_attn`).
  public var hasNodeProduct = true, hasEdgeAttention = true
  /// Whether attention updates directions, too (`update_h2`).
  public var updatesDirections = false
  /// Width and heads of attention over neighbors (`attn1_hidden`, `attn1_nhead`).
  public var nodeAttention = HeadOptions(width: 64, count: 4)
  /// Width and heads of attention over edges (`attn2_hidden`, `attn2_nhead`).
  public var edgeAttention = HeadOptions(width: 16, count: 4)
  /// Whether that is gated by angles (`attn2_has_gate`).
  public var gatesEdgeAttention = false
  /// The function of updates.
  public var activation = Activation.tanh
  /// How updates are added (`update_style`).
  public var style = UpdateStyle.average
  /// Where the parameters that updates are multiplied by begin (`update_residual`,
  /// `update_residual_init`).
  public var residual = 0.001, residualStart = ResidualStart.normal
  /// Leave the mean environment at zero (`set_davg_zero`).
  public var meanIsZero = true
  /// Whether training changes the layer norms (`trainable_ln`).
  public var trainableNorm = true
  /// The smallest variance that counts in the layer norms (`ln_eps`).
  public var normEpsilon = 1e-5
  /// Whether Gram matrices are divided by the number of neighbors and not by its square
  /// (`use_sqrt_nnei`).
  public var usesRootOfCount = true
  /// Whether products of neighbors and edges, and a layer of the node itself, are updates of their
  /// own and not inputs of the last layer (`g1_out_conv`, `g1_out_mlp`).
  public var separatesConvolution = true, separatesSelf = true

  /// Makes options with DeePMD-kit's defaults, and without slots.
  public init() {}
}

/// Heads of attention.
public struct HeadOptions: Sendable, Equatable {
  /// Columns of query and key of one head, and number of heads.
  public var width: Int, count: Int

  /// `count` heads, each `width` wide.
  public init(width: Int, count: Int) { (self.width, self.count) = (width, count) }
}
