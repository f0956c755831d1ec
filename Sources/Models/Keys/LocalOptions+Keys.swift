import DeepPotential
import Files
import Kernels

extension LocalOptions {
  /// The keys of all local descriptors.
  ///
  /// `types` is the number of types, nil if it is not known.  Descriptors that are `isMixed` have
  /// one number of slots for all types together.
  static func keys(types: Int?, isMixed: Bool = false) -> [Key<LocalOptions>] {
    [
      Key("sel", \.slots, isMixed ? .slotNumberOfAllTypes : .slotNumbers(types: types))
        .ofSlots,
      Key("rcut", \.outerCutoff, .positive, "outer cutoff in Å"),
      Key("rcut_smth", \.innerCutoff, .nonNegative, "inner cutoff in Å, below `rcut`"),
      Key("neuron", \.neuron, .widths, "layer widths of the embedding nets"),
      Key(
        "activation_function", or: isMixed ? ["activation"] : [], \.activation, .activation,
        "\(Activation.names.map { "`\($0)`" }.joined(separator: ", ")), in any case;"
          + " `silut:T` has the threshold T"),
      Key("resnet_dt", \.resnetTimestep, .bool, "timesteps in layers with a shortcut"),
      Key(
        "precision", \.precision, .precision, "number format of the nets, or `\"float32\"`",
        modelKind: .precisionInModels),
      Key(
        "trainable", \.trainable, .bool, in: .allButOldModels,
        "whether training changes the embedding nets"),
      Key(
        "exclude_types", \.excludedPairs, .pairs(below: types), in: .allButOldModels,
        "pairs of types that do not see each other, though their slots are filled"),
      Key(
        "env_protection", \.protection, .nonNegative, in: .allButOldModels,
        "added to every distance, in Å", modelKind: .number),
      Key("set_davg_zero", \.meanIsZero, .bool, "leave the mean of the environment at zero"),
    ]
  }

  /// The keys whose values contradict those of other keys.
  var conflicts: [KeyConflict] {
    innerCutoff < outerCutoff
      ? [] : [KeyConflict(name: "rcut_smth", expected: "less than rcut, \(outerCutoff)")]
  }

  /// The same conflicts, and the one of an axis width that is larger than the last layer of the
  /// embedding nets.
  func conflicts(axisWidth: Int) -> [KeyConflict] {
    guard let last = neuron.last, axisWidth > last else { return conflicts }
    return conflicts + [
      KeyConflict(name: "axis_neuron", expected: "at most the last neuron, \(last)")
    ]
  }
}
