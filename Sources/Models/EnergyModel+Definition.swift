import DeepPotential
import Files

extension EnergyModel {
  /// The `model` section of an input file that lays out this model.
  package var definition: JSONValue { options.definition }
}

extension ModelOptions {
  /// The `model` section of an input file that lays out models of these options.
  package var definition: JSONValue {
    [
      "type_map": .strings(typeMap), "descriptor": descriptor.definition,
      "fitting_net": fitting.definition,
      "atom_exclude_types": .integers(excludedAtomTypes),
      "pair_exclude_types": .pairs(excludedPairs),
    ]
  }
}

extension SeE2AOptions {
  fileprivate var definition: JSONValue {
    [
      "type": "se_e2_a", "rcut": .number(outerCutoff), "rcut_smth": .number(innerCutoff),
      "sel": .integers(slots), "neuron": .integers(neuron), "axis_neuron": .integer(axisWidth),
      "resnet_dt": .bool(resnetTimestep), "type_one_side": .bool(typeOneSide),
      "exclude_types": .pairs(excludedPairs), "env_protection": .number(protection),
      "set_davg_zero": .bool(meanIsZero), "activation_function": .string(activation.name),
      "precision": .string(precision.rawValue), "trainable": .bool(trainable),
    ]
  }
}

extension FittingOptions {
  fileprivate var definition: JSONValue {
    var members: [String: JSONValue] = [
      "type": "ener", "neuron": .integers(neuron), "resnet_dt": .bool(resnetTimestep),
      "activation_function": .string(activation.name), "precision": .string(precision.rawValue),
      "numb_fparam": .integer(frameParameters), "numb_aparam": .integer(atomParameters),
      "atom_ener": atomEnergies.allSatisfy { $0 == nil }
        ? [] : .array(atomEnergies.map { $0.map { .number($0) } ?? .null }),
      "trainable": .array(trainable.map { .bool($0) }),
      "rcond": singularCutoff.map { .number($0) } ?? .null,
    ]
    // Only where there are some, so that definitions without them stay as they were.
    if let values = defaultFrameParameters {
      members["default_fparam"] = .array(values.map(JSONValue.number))
    }
    return .object(members)
  }
}
