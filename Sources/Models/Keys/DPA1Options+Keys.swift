import DeepPotential
import Files

extension DPA1Options {
  /// The key of `AttentionOptions.smallestLength` in model files; it is there if that is unusual.
  static let smallestLengthKey = "attn_dotr_smallest"

  /// The keys of a descriptor `se_atten` (`dpa1`), or of `se_atten_v2` if `isSecondVersion`.
  ///
  /// `types` is the number of types, nil if it is not known.
  package static func keys(types: Int?, isSecondVersion: Bool) -> [Key<DPA1Options>] {
    let all: [Key<DPA1Options>] =
      LocalOptions.keys(types: types, isMixed: true).map { $0.within(\.local) }
      + TypeEmbeddingOptions.keys.map { $0.within(\.types) }
      + [
        Key(
          "axis_neuron", or: ["n_axis_neuron"], \.axisWidth, .size(from: 1),
          "axis width, at most the last layer width"),
        Key(
          "type_one_side", \.typeOneSide, .bool,
          "whether only the neighbor's type counts, not the center's"),
        Key(
          "smooth_type_embedding", or: ["smooth_type_embdding"], \.isSmooth, .bool,
          "whether gates and attention vanish smoothly at the cutoff"),
      ] + AttentionOptions.keys.map { $0.within(\.attention) }
    // The second version is always stripped and smooth, so it has no keys for these two options.
    let implied = isSecondVersion ? ["tebd_input_mode", "smooth_type_embedding"] : []
    return all.filter { !implied.contains($0.name) }
  }

  /// The keys whose values contradict those of other keys.
  package var conflicts: [KeyConflict] { local.conflicts(axisWidth: axisWidth) }
}

extension AttentionOptions {
  /// The keys of attention layers.
  fileprivate static var keys: [Key<AttentionOptions>] {
    [
      Key("attn_layer", \.layers, .count, "number of attention layers"),
      Key("attn", \.width, .size(from: 1), "width of query, key and value"),
      Key(
        "attn_dotr", \.usesAngles, .bool,
        "whether attention weights are multiplied by the cosine of the angle"),
      Key("normalize", \.normalizes, .bool, "whether query, key and value have length 1"),
      Key(
        "temperature", \.temperature, ValueKind<Double>.number.orNull,
        "what the product of query and key is multiplied by; null for `1/√(attn · scaling_factor)`"),
      Key("scaling_factor", \.scaling, .positive, "see `temperature`"),
      Key("trainable_ln", \.trainableNorm, .bool, "whether training changes the layer norms"),
      Key(
        "ln_eps", \.normEpsilon, .variance,
        "the smallest variance that counts in the layer norms; null means the default"),
    ]
  }
}

extension ValueKind<Double> {
  /// `ln_eps`: a number above 0; null for the default.
  static var variance: ValueKind {
    ValueKind(name: "\(positive.name) or null") {
      $0 == .null ? AttentionOptions().normEpsilon : positive.take($0)
    }
  }
}
