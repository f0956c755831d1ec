import DeepPotential
import Files

extension RepformerOptions {
  /// The keys of the object `repformer` of a descriptor `dpa2`.
  package static var keys: [Key<RepformerOptions>] {
    [
      Key("rcut", \.outerCutoff, .positive, "outer cutoff in Å, below that of `repinit`").required,
      Key("rcut_smth", \.innerCutoff, .nonNegative, "inner cutoff in Å, below `rcut`").required,
      Key("nsel", \.slots, .slotCount, "neighbor slots, as `sel`; fewer than those of `repinit`")
        .ofSlots.required,
      Key("nlayers", \.layers, .size(from: 1), "number of layers"),
      Key("g1_dim", \.nodeWidth, .size(from: 1), "width of the rows of atoms"),
      Key("g2_dim", \.edgeWidth, .size(from: 1), "width of the rows of pairs"),
      Key(
        "axis_neuron", \.axisWidth, .size(from: 1),
        "axis width of Gram matrices, at most `g1_dim` and `g2_dim`"),
      Key(
        "direct_dist", \.usesDistances, .bool,
        "whether pairs begin with distances instead of smooth inverse ones"),
    ] + updateKeys + attentionKeys + styleKeys
  }

  private static var updateKeys: [Key<RepformerOptions>] {
    [
      Key(
        "update_g1_has_conv", \.hasConvolution, .bool,
        "whether atoms are updated by their neighbors times pairs"),
      Key(
        "update_g1_has_drrd", \.hasNodeGram, .bool, "... by Gram matrices of their neighbors"),
      Key("update_g1_has_grrg", \.hasEdgeGram, .bool, "... by Gram matrices of their pairs"),
      Key("update_g1_has_attn", \.hasNodeAttention, .bool, "... by attention over neighbors"),
      Key(
        "update_g2_has_g1g1", \.hasNodeProduct, .bool,
        "whether pairs are updated by the product of their atoms"),
      Key(
        "update_g2_has_attn", \.hasEdgeAttention, .bool,
        "... by attention over the pairs of an atom"),
      Key(
        "update_h2", \.updatesDirections, .bool,
        "whether that attention updates the directions of pairs, too"),
      Key(
        "use_sqrt_nnei", \.usesRootOfCount, .bool, in: .allButOldModels,
        "whether Gram matrices are divided by the number of neighbors instead of its square"),
      Key(
        "g1_out_conv", \.separatesConvolution, .bool, in: .allButOldModels,
        "whether neighbors times pairs are an update of their own, instead of an input of the layer behind Gram matrices"
      ),
      Key(
        "g1_out_mlp", \.separatesSelf, .bool, in: .allButOldModels,
        "the same of a layer of the atom itself"),
    ]
  }

  private static var attentionKeys: [Key<RepformerOptions>] {
    [
      Key(
        "attn1_hidden", \.nodeAttention.width, .size(from: 1),
        "width of a head of attention over neighbors"),
      Key("attn1_nhead", \.nodeAttention.count, .size(from: 1), "number of its heads"),
      Key(
        "attn2_hidden", \.edgeAttention.width, .size(from: 1),
        "width of a head of attention over pairs"),
      Key("attn2_nhead", \.edgeAttention.count, .size(from: 1), "number of its heads"),
      Key("attn2_has_gate", \.gatesEdgeAttention, .bool, "whether angles gate it"),
    ]
  }

  private static var styleKeys: [Key<RepformerOptions>] {
    [
      Key("activation_function", \.activation, .activation, "that of updates"),
      Key(
        "update_style", \.style, .updateStyle,
        "how updates are added: `\"res_avg\"`, `\"res_incr\"`, or `\"res_residual\"`, times parameters"
      ),
      Key("update_residual", \.residual, .number, "where these parameters begin"),
      Key(
        "update_residual_init", \.residualStart, .residualStart,
        "whether they all begin there (`\"const\"`), or at random numbers with this deviation (`\"norm\"`)"
      ),
      Key("set_davg_zero", \.meanIsZero, .bool, "leave the mean of the environment at zero"),
      Key("trainable_ln", \.trainableNorm, .bool, "whether training changes the layer norms"),
      Key(
        "ln_eps", \.normEpsilon, .variance, in: .allButOldModels,
        "the smallest variance that counts in the layer norms; null means the default"),
    ]
  }

  /// The keys whose values contradict those of other keys.
  var conflicts: [KeyConflict] {
    var found: [KeyConflict] = []
    if innerCutoff >= outerCutoff {
      found.append(KeyConflict(name: "rcut_smth", expected: "less than rcut, \(outerCutoff)"))
    }
    let width = min(hasNodeGram ? nodeWidth : .max, hasEdgeGram ? edgeWidth : .max)
    if axisWidth > width {
      found.append(
        KeyConflict(name: "axis_neuron", expected: "at most g1_dim and g2_dim, \(width)"))
    }
    if nodeInputs == 0 {
      found.append(
        KeyConflict(
          name: "update_g1_has_grrg",
          expected: "true, or another of those that the layer behind Gram matrices takes"))
    }
    return found
  }
}

extension UpdateStyle: KeyValue {
  package var json: JSONValue { .string(rawValue) }
}

extension ResidualStart: KeyValue {
  package var json: JSONValue { .string(rawValue) }
}

extension ValueKind<UpdateStyle> {
  /// `update_style`.
  static var updateStyle: ValueKind {
    ValueKind(name: "\"res_avg\", \"res_incr\" or \"res_residual\"") {
      if case .string(let name) = $0 { UpdateStyle(rawValue: name) } else { nil }
    }
  }
}

extension ValueKind<ResidualStart> {
  /// `update_residual_init`.
  static var residualStart: ValueKind {
    ValueKind(name: "\"norm\" or \"const\"") {
      if case .string(let name) = $0 { ResidualStart(rawValue: name) } else { nil }
    }
  }
}
