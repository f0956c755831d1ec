import DeepPotential
import Files
import Kernels

extension TrainingInput {
  /// The `model` section as it was understood: every key with its value, defaults filled in, `sel` as numbers.
  ///
  /// Model files carry it as `model_def_script`, from which DeePMD-kit builds the model when it converts the file.
  public var modelScript: JSONValue {
    .object([
      "type": .string("standard"),
      "type_map": .array(model.typeMap.map(JSONValue.string)),
      "data_stat_nbatch": .integer(statisticsBatches),
      "data_stat_protect": .number(statisticsProtection),
      "pair_exclude_types": .pairs(model.excludedPairs),
      "atom_exclude_types": .array(model.excludedAtomTypes.map(JSONValue.integer)),
      "descriptor": descriptorScript,
      "fitting_net": fittingScript,
    ])
  }

  private var descriptorScript: JSONValue {
    let options = model.descriptor
    return .object([
      "type": .string("se_e2_a"),
      "sel": .array(options.slots.map(JSONValue.integer)),
      "rcut": .number(options.outerCutoff),
      "rcut_smth": .number(options.innerCutoff),
      "neuron": .array(options.neuron.map(JSONValue.integer)),
      "axis_neuron": .integer(options.axisWidth),
      "activation_function": .string(options.activation.name),
      "resnet_dt": .bool(options.resnetTimestep),
      "type_one_side": .bool(options.typeOneSide),
      "precision": .string(options.precision.rawValue),
      "trainable": .bool(options.trainable),
      "seed": descriptorSeed.map(JSONValue.integer) ?? .null,
      "exclude_types": .pairs(options.excludedPairs),
      "env_protection": .number(options.protection),
      "set_davg_zero": .bool(options.meanIsZero),
    ])
  }

  private var fittingScript: JSONValue {
    let options = model.fitting
    let isUniform = Set(options.trainable).count == 1
    var script: [String: JSONValue] = [
      "type": .string("ener"),
      "numb_fparam": .integer(options.frameParameters),
      "numb_aparam": .integer(options.atomParameters),
      "neuron": .array(options.neuron.map(JSONValue.integer)),
      "activation_function": .string(options.activation.name),
      "precision": .string(options.precision.rawValue),
      "resnet_dt": .bool(options.resnetTimestep),
      "trainable": isUniform
        ? .bool(options.trainable[0]) : .array(options.trainable.map(JSONValue.bool)),
      "rcond": options.singularCutoff.map(JSONValue.number) ?? .null,
      "seed": fittingSeed.map(JSONValue.integer) ?? .null,
      "atom_ener": .array(options.atomEnergies.map { $0.map(JSONValue.number) ?? .null }),
    ]
    if let values = options.defaultFrameParameters {
      script["default_fparam"] = .array(values.map(JSONValue.number))
    }
    return .object(script)
  }
}
