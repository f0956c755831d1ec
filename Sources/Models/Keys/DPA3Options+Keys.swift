import DeepPotential
import Files

extension KeyGroup {
  /// What messages of DPA-3 are made of.
  package static let repflow = KeyGroup(name: "repflow", nameInModels: "repflow_args")
}

extension DPA3Options {
  /// The keys of a descriptor `dpa3` besides those of its group `repflow`; `types` is the number of
  /// types, nil if it is not known.
  package static func keys(types: Int?) -> [Key<DPA3Options>] {
    let common = [
      "activation_function", "precision", "trainable", "exclude_types", "env_protection",
    ]
    let ofTypes = ["concat_output_tebd", "use_tebd_bias", "use_econf_tebd"]
    return LocalOptions.keys(types: types, isMixed: true).filter { common.contains($0.name) }
      .map { $0.within(\.local) }
      + TypeEmbeddingOptions.keys.filter { ofTypes.contains($0.name) }.map { $0.within(\.types) }
      + [
        Key(
          "use_loc_mapping", \.mapsNeighbors, .bool, in: .allButOldModels,
          "how DeePMD-kit numbers neighbors; no result depends on it")
      ]
  }

  /// The keys of the group `repflow`.
  package static var messageKeys: [Key<DPA3Options>] { rangeKeys + widthKeys + updateKeys }

  private static var rangeKeys: [Key<DPA3Options>] {
    [
      Key("e_rcut", \.local.outerCutoff, .positive, "outer cutoff of edges in Å").required,
      Key(
        "e_rcut_smth", \.local.innerCutoff, .nonNegative,
        "inner cutoff of edges in Å, below `e_rcut`"
      ).required,
      Key("e_sel", \.edgeSlots, .slotNumber).ofSlots,
      Key(
        "a_rcut", \.angles.outerCutoff, .positive,
        "outer cutoff in Å of the neighbors that make angles, at most `e_rcut`"
      ).required,
      Key(
        "a_rcut_smth", \.angles.innerCutoff, .nonNegative,
        "inner cutoff in Å of these, below `a_rcut`"
      ).required,
      Key("a_sel", \.angles.slots, .slotNumber).ofSlots,
    ]
  }

  private static var widthKeys: [Key<DPA3Options>] {
    [
      Key("n_dim", \.types.width, .size(from: 1), "width of nodes, one for each atom"),
      Key("e_dim", \.edgeWidth, .size(from: 1), "width of edges, one for each neighbor"),
      Key("a_dim", \.angleWidth, .size(from: 1), "width of angles, one for each pair of neighbors"),
      Key("nlayers", \.layers, .size(from: 1), "number of layers"),
      Key(
        "a_compress_rate", \.compression, .count,
        "angles see `a_dim` / this many numbers of a node, and half as many of an edge; 0 for all"),
      Key(
        "a_compress_e_rate", \.edgeShare, .size(from: 1), "they see as many times more of an edge"),
      Key(
        "a_compress_use_split", \.seesColumns, .bool,
        "they see the first numbers, instead of what a layer makes of all"),
      Key(
        "n_multi_edge_message", \.messageCount, .size(from: 1), in: .allButOldModels,
        "messages of an edge to a node"),
      Key(
        "axis_neuron", \.axisWidth, .size(from: 1),
        "axis width where Gram matrices update nodes, at most `e_dim` and `n_dim`"),
      Key(
        "fix_stat_std", \.fixedDeviation, .nonNegative, in: .allButOldModels,
        "deviation of the environment; 0 takes it from the data"),
    ]
  }

  private static var updateKeys: [Key<DPA3Options>] {
    [
      Key("update_angle", \.hasAngles, .bool, "whether there are angles"),
      Key(
        "update_style", \.update, .updateStyle,
        "how updates are added: `\"res_residual\"` times parameters, `\"res_incr\"` divided by the root of their number, "
          + "`\"res_avg\"` with the old value divided by the root of the number of all"),
      Key(
        "update_residual", \.residual, .number,
        "where the parameters of `\"res_residual\"` begin"),
      Key(
        "update_residual_init", \.residualStart, .residualStart,
        "`\"const\"`: all there; `\"norm\"`: at random with this deviation"),
      Key(
        "optim_update", \.isOptimized, .bool, in: .allButOldModels,
        "how DeePMD-kit computes; no result depends on it"),
      Key(
        "smooth_edge_update", \.isSmooth, .bool, in: .allButOldModels,
        "whether edges without angles get no update from angles, instead of one from themselves"),
      Key(
        "edge_init_use_dist", or: ["edge_use_dist"], \.edgesAreDistances, .bool,
        in: .allButOldModels, "whether edges begin from distances, not from their inverse"),
      Key(
        "use_exp_switch", or: ["use_env_envelope"], \.usesExponentialSwitch, .bool,
        in: .allButOldModels, "whether switches are exp(-exp(20 (r - inner) / inner))"),
      Key(
        "use_dynamic_sel", \.hasDynamicSlots, .bool, in: .allButOldModels,
        "whether sums are divided by the slots / `sel_reduce_factor` instead of the slots; needs `smooth_edge_update`"
      ),
      Key("sel_reduce_factor", \.slotDivisor, .positive, in: .allButOldModels, "see there"),
      Key(
        "sequential_update", \.isSequential, .bool, in: .allButOldModels,
        "whether edges, angles and nodes are updated one after the other; only for `\"res_residual\"` with angles"
      ),
    ]
  }

  fileprivate var edgeSlots: Int {
    get { slotCount }
    set { slots = [newValue] }
  }

  /// The keys whose values contradict those of other keys.
  package var conflicts: [KeyConflict] {
    let rules: [(String, Bool, String)] = [
      ("e_rcut_smth", innerCutoff < outerCutoff, "less than e_rcut, \(outerCutoff)"),
      (
        "a_rcut_smth", angles.innerCutoff < angles.outerCutoff,
        "less than a_rcut, \(angles.outerCutoff)"
      ),
      ("a_rcut", angles.outerCutoff <= outerCutoff, "at most e_rcut, \(outerCutoff)"),
      (
        "a_sel", slotCount == 0 || angles.slots <= slotCount, "at most e_sel, \(slotCount)"
      ),
      (
        "axis_neuron", axisWidth <= min(edgeWidth, types.width),
        "at most e_dim and n_dim, \(min(edgeWidth, types.width))"
      ),
      (
        "use_dynamic_sel", !hasDynamicSlots || isSmooth, "false without smooth_edge_update"
      ),
      (
        "sequential_update", !isSequential || update == .residual && hasAngles,
        "false without update_style \"res_residual\" and update_angle"
      ),
    ]
    let broken =
      rules.filter { !$0.1 }.map { ($0.0, $0.2) } + (compressionConflict.map { [$0] } ?? [])
    return broken.map { KeyConflict(name: $0, expected: $1, group: .repflow) }
  }

  private var compressionConflict: (String, String)? {
    if compression == 0 { return nil }
    let (nodes, edges) = seen
    // DeePMD-kit reckons the width of an angle's inputs in this way.
    guard nodes > 0, edges > 0, 2 * edges == edgeShare * nodes else {
      return ("a_compress_rate", "a divisor of half of a_dim, \(angleWidth)")
    }
    guard !seesColumns || nodes <= types.width && edges <= edgeWidth else {
      return ("a_compress_use_split", "false: angles would see more than n_dim or e_dim")
    }
    return nil
  }
}

extension ValueKind<Int> {
  /// A number of slots in a model: above 0, or a list with such a sum.
  fileprivate static var slotNumber: ValueKind {
    ValueKind(name: ValueKind<[Int]>.slotNumberOfAllTypes.name) {
      ValueKind<[Int]>.slotNumberOfAllTypes.take($0)?[0]
    }
  }
}
