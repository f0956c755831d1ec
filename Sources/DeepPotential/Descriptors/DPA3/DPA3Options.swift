/// What defines a DPA-3 descriptor, apart from its statistics and parameters.
public struct DPA3Options: DescriptorPartOptions {
  /// The same as one of the kinds.
  public var wrapped: DescriptorOptions { .dpa3(self) }
  /// The common options: cutoffs and slots are those of edges (`e_rcut`, ...); what they say of
  /// embedding nets means nothing.
  public var local = LocalOptions()
  /// Slots are for all types together.
  public var isMixed: Bool { true }
  /// The type embeddings, as wide as nodes (`n_dim`).
  public var types = TypeEmbeddingOptions()
  /// Radii in Å and number of slots of the neighbors that make angles (`a_rcut_smth`, `a_rcut`,
  /// `a_sel`).
  public var angles = DPA3.Range(innerCutoff: 3.5, outerCutoff: 4, slots: 0)
  /// Width of edges and of angles (`e_dim`, `a_dim`).
  public var edgeWidth = 64, angleWidth = 64
  /// How many layers there are (`nlayers`).
  public var layers = 6
  /// What angles see of nodes and edges is narrower by this factor; 0 for all of both
  /// (`a_compress_rate`).
  public var compression = 0
  /// They see as much more of edges (`a_compress_e_rate`).
  public var edgeShare = 1
  /// Whether they see the first columns, instead of what a layer makes of all
  /// (`a_compress_use_split`).
  public var seesColumns = false
  /// Messages from edges, side by side (`n_multi_edge_message`).
  public var messageCount = 1
  /// Columns of the second factor where nodes are updated by Gram matrices (`axis_neuron`).
  public var axisWidth = 4
  /// The deviation of all rows; 0 if it follows from the data (`fix_stat_std`).
  public var fixedDeviation = 0.3
  /// Whether there are angles (`update_angle`).
  public var hasAngles = true
  /// How updates are added.
  public var update = UpdateStyle.residual
  /// Where the parameters that updates are multiplied by begin (`update_residual`).
  public var residual = 0.1, residualStart = ResidualStart.constant
  /// Says how DeePMD-kit computes updates; no result depends on it (`optim_update`).
  public var isOptimized = true
  /// Says how DeePMD-kit numbers neighbors; no result depends on it (`use_loc_mapping`).
  public var mapsNeighbors = true
  /// Whether edges out of the angles' reach get no update from angles, instead of one from
  /// themselves (`smooth_edge_update`).
  public var isSmooth = false
  /// Whether edges begin from distances instead of the switched inverse (`edge_init_use_dist`).
  public var edgesAreDistances = false
  /// Whether switches are exponential (`use_exp_switch`).
  public var usesExponentialSwitch = false
  /// Whether slots are divided by `slotDivisor` where sums are scaled (`use_dynamic_sel`).
  public var hasDynamicSlots = false
  /// See `hasDynamicSlots` (`sel_reduce_factor`).
  public var slotDivisor = 10.0
  /// Whether edges, angles and nodes are updated one after the other (`sequential_update`).
  public var isSequential = false

  /// Makes options with DeePMD-kit's defaults, and without slots.
  public init() {
    (local.innerCutoff, local.outerCutoff, local.slots) = (5, 6, [0])
    (local.activation, local.neuron, local.meanIsZero) = (.silu, [], true)
    (types.width, types.isAppended) = (128, false)
  }

  /// The neighbors of an atom.
  var edges: DPA3.Range {
    DPA3.Range(innerCutoff: innerCutoff, outerCutoff: outerCutoff, slots: slotCount)
  }

  /// The list of edges, whose rows have statistics, and the slots of the nearest that make angles.
  public var lists: [ListOptions] {
    var edges = ListOptions(local, isMixed: true, slotKey: "repflow/e_sel")
    edges.fixedDeviation = fixedDeviation == 0 ? nil : fixedDeviation
    var angles = ListOptions(local, isMixed: true, rowWidth: 0, slotKey: "repflow/a_sel")
    (angles.innerCutoff, angles.outerCutoff) = (self.angles.innerCutoff, self.angles.outerCutoff)
    angles.slots = [self.angles.slots]
    return [edges, angles]
  }

  /// Gives edges and angles their slots.
  public mutating func setSlots(_ slots: [[Int]]) {
    precondition(slots.count == 2, "slots of edges and of angles")
    local.slots = slots[0]
    angles.slots = slots[1].reduce(0, +)
  }

  /// The columns of nodes and of edges that angles see.
  package var seen: (nodes: Int, edges: Int) {
    if compression == 0 { return (types.width, edgeWidth) }
    return (angleWidth / compression, angleWidth / (2 * compression) * edgeShare)
  }
}
