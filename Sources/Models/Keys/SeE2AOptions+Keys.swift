import DeepPotential
import Files
import Kernels

extension SeE2AOptions {
  /// The keys of a descriptor `se_e2_a`, where `types` says how many types there are, if that is known.
  package static func keys(types: Int?) -> [Key<SeE2AOptions>] {
    [
      Key("sel", \.slots, .slotNumbers(types: types)),
      Key("rcut", \.outerCutoff, .positive, "outer cutoff in Å"),
      Key("rcut_smth", \.innerCutoff, .nonNegative, "inner cutoff in Å, below `rcut`"),
      Key("neuron", \.neuron, .widths, "layer widths of the embedding nets"),
      Key(
        "axis_neuron", or: ["n_axis_neuron"], \.axisWidth, .size(from: 1),
        "axis width, at most the last layer width"),
      Key(
        "activation_function", \.activation, .activation,
        "\(Activation.names.map { "`\($0)`" }.joined(separator: ", ")), in any case;"
          + " `silut:T` has the threshold T"),
      Key("resnet_dt", \.resnetTimestep, .bool, "timesteps in layers with a shortcut"),
      Key(
        "type_one_side", \.typeOneSide, .bool,
        "one embedding net per neighbor type, not per pair of types"),
      Key("precision", \.precision, .precision, "number format of the nets, or `\"float32\"`"),
      Key(
        "trainable", \.trainable, .bool, in: .allButOldModels,
        "whether training changes the embedding nets"),
      Key(
        "exclude_types", \.excludedPairs, .pairs(below: types), in: .allButOldModels,
        "pairs of types that do not see each other, though their slots are filled"),
      Key(
        "env_protection", \.protection, .nonNegative, in: .allButOldModels,
        "added to every distance, in Å"),
      Key(
        "set_davg_zero", \.meanIsZero, .bool, "leave the mean of the environment at zero"),
    ]
  }

  /// What does not go together.
  package var conflicts: [KeyConflict] {
    var found: [KeyConflict] = []
    if innerCutoff >= outerCutoff {
      found.append(KeyConflict(name: "rcut_smth", expected: "less than rcut, \(outerCutoff)"))
    }
    if let last = neuron.last, axisWidth > last {
      found.append(
        KeyConflict(name: "axis_neuron", expected: "at most the last neuron, \(last)"))
    }
    return found
  }
}
