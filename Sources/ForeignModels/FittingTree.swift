import Files

/// The parts of a fitting net for energies in a model of another program.
struct FittingParts {
  var networks: [Network]
  var isShared: Bool
  var bias: Tensor
  var frameParameters = 0
  var atomParameters = 0
  /// Mean and inverse deviation of the frame parameters.
  var frameStatistics: (mean: Tensor?, inverseDeviation: Tensor?) = (nil, nil)
  /// Mean and inverse deviation of the atom parameters.
  var atomStatistics: (mean: Tensor?, inverseDeviation: Tensor?) = (nil, nil)
  var defaultFrameParameters = JSONValue.null
  var atomEnergies = JSONValue.null
  var excludedTypes: JSONValue = []
}

extension TreeBuilder {
  /// The object `fitting` of a model with the types of `typeMap`.
  mutating func fitting(_ parts: FittingParts, typeMap: [String]) throws -> JSONValue {
    let first = parts.networks[0]
    let width = first.inputs - parts.frameParameters - parts.atomParameters
    guard width > 0 else { throw Unreadable("has a fitting net that takes no descriptor") }
    guard parts.networks.count == (parts.isShared ? 1 : typeMap.count) else {
      throw Unreadable("has \(parts.networks.count) fitting nets for \(typeMap.count) types")
    }
    let hidden = Array(first.widths.dropLast())
    return [
      "@class": "Fitting", "type": "ener", "@version": 4, "var_name": "energy",
      "ntypes": .integer(typeMap.count), "dim_descrpt": .integer(width),
      "neuron": .integers(hidden), "resnet_dt": .bool(first.hasTimesteps),
      "numb_fparam": .integer(parts.frameParameters),
      "numb_aparam": .integer(parts.atomParameters), "dim_case_embd": 0,
      "default_fparam": parts.defaultFrameParameters, "rcond": .null,
      "activation_function": .string(first.activation), "precision": .string(first.precision),
      "mixed_types": .bool(parts.isShared), "exclude_types": parts.excludedTypes,
      "nets": collection(
        parts.networks, dimensions: parts.isShared ? 0 : 1, types: typeMap.count, isFitting: true),
      "type_map": .strings(typeMap), "tot_ener_zero": false,
      "trainable": .array(Array(repeating: true, count: hidden.count + 1)), "layer_name": .null,
      "use_aparam_as_mask": false, "spin": .null, "dim_out": 1, "atom_ener": parts.atomEnergies,
      "@variables": variables([
        "bias_atom_e": try parts.bias.reshaped([typeMap.count, 1], "energy biases"),
        "case_embd": nil,
        "fparam_avg": parts.frameParameters > 0 ? parts.frameStatistics.mean : nil,
        "fparam_inv_std": parts.frameParameters > 0 ? parts.frameStatistics.inverseDeviation : nil,
        "aparam_avg": parts.atomParameters > 0 ? parts.atomStatistics.mean : nil,
        "aparam_inv_std": parts.atomParameters > 0 ? parts.atomStatistics.inverseDeviation : nil,
      ]),
    ]
  }
}
