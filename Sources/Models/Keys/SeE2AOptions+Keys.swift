import DeepPotential
import Files

extension SeE2AOptions {
  /// The keys of a descriptor `se_e2_a`; `types` is the number of types, nil if it is not known.
  package static func keys(types: Int?) -> [Key<SeE2AOptions>] {
    LocalOptions.keys(types: types).map { $0.within(\.local) } + [
      Key(
        "axis_neuron", or: ["n_axis_neuron"], \.axisWidth, .size(from: 1),
        "axis width, at most the last layer width"),
      Key(
        "type_one_side", \.typeOneSide, .bool,
        "one embedding net per neighbor type, not per pair of types"),
    ]
  }

  /// The keys whose values contradict those of other keys.
  package var conflicts: [KeyConflict] { local.conflicts(axisWidth: axisWidth) }
}
