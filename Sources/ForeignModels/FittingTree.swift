import Files

/// The parts of a fitting net in a model of another program.
struct FittingParts {
  var networks: [Network]
  var isShared: Bool
  /// The bias of each type, `[types][width of the nets]`; nil if there is none.
  var bias: Tensor?
  var output = OutputParts.energy
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

/// What the fitting nets of a model of another program are for, and the options of that.
enum OutputParts {
  case energy, dipole, densityOfStates
  /// `scale` and `constants` have a number for each type.
  case polarizability(
    fitsDiagonal: Bool, shiftsDiagonal: Bool, scale: [Double], constants: [Double])
  case property(name: String, isIntensive: Bool, distinguishesTypes: Bool)

  /// How many numbers a value has if the nets give `outputs`.
  func width(outputs: Int) -> Int {
    switch self {
    case .dipole: 3
    case .polarizability: 9
    case .energy, .densityOfStates, .property: outputs
    }
  }

  /// Whether the deviation of the labels is a factor of what the nets give.
  var isScaled: Bool { if case .property = self { true } else { false } }

  /// What the object of a fitting net whose nets give `outputs` numbers says of the output.
  fileprivate func members(outputs: Int, atomEnergies: JSONValue) throws -> [String: JSONValue] {
    switch self {
    case .energy:
      [
        "type": "ener", "@version": 4, "var_name": "energy", "dim_out": 1,
        "atom_ener": atomEnergies,
      ]
    case .dipole:
      [
        "type": "dipole", "@version": 4, "var_name": "dipole",
        "embedding_width": .integer(outputs), "r_differentiable": true, "c_differentiable": true,
      ]
    case .polarizability(let fitsDiagonal, let shiftsDiagonal, _, _):
      [
        "type": "polar", "@version": 5, "var_name": "polar", "fit_diag": .bool(fitsDiagonal),
        "shift_diag": .bool(shiftsDiagonal),
        "embedding_width": .integer(try vectors(outputs, fitsDiagonal)),
      ]
    case .densityOfStates:
      [
        "type": "dos", "@version": 4, "var_name": "dos", "dim_out": .integer(outputs),
        "atom_ener": .null,
      ]
    case .property(let name, let isIntensive, let distinguishesTypes):
      [
        "type": "property", "@version": 6, "var_name": .string(name),
        "dim_out": .integer(outputs), "task_dim": .integer(outputs),
        "intensive": .bool(isIntensive), "distinguish_types": .bool(distinguishesTypes),
        "atom_ener": .null,
      ]
    }
  }

  /// The number of vectors of a descriptor, behind which nets for polarizabilities give `outputs`
  /// numbers: one for each of them, or for each pair.
  private func vectors(_ outputs: Int, _ fitsDiagonal: Bool) throws -> Int {
    if fitsDiagonal { return outputs }
    guard let vectors = (1...outputs).first(where: { $0 * $0 >= outputs }),
      vectors * vectors == outputs
    else { throw Unreadable("has a fitting net of \(outputs) outputs, which is no square") }
    return vectors
  }
}

/// The factor of the polarizability of each of `types` types, as an input names it: one number for
/// all, or a list; 1 without.
func polarizabilityScales(_ scale: JSONValue?, types: Int) throws -> [Double] {
  guard let scale, scale != .null else { return Array(repeating: 1, count: types) }
  let numbers =
    scale.elements.map { $0.compactMap(\.number) }
    ?? scale.number.map { Array(repeating: $0, count: types) } ?? []
  guard numbers.count == types else {
    throw Unreadable("has a scale of \(scale.serialized) for \(types) types")
  }
  return numbers
}

extension TreeBuilder {
  /// The object `fitting` of a model with the types of `typeMap`.
  mutating func fitting(_ parts: FittingParts, typeMap: [String]) throws -> JSONValue {
    let first = parts.networks[0], types = typeMap.count
    let width = first.inputs - parts.frameParameters - parts.atomParameters
    guard width > 0 else { throw Unreadable("has a fitting net that takes no descriptor") }
    guard parts.networks.count == (parts.isShared ? 1 : types) else {
      throw Unreadable("has \(parts.networks.count) fitting nets for \(types) types")
    }
    let hidden = Array(first.widths.dropLast())
    let bias = try parts.bias?.reshaped([types, first.outputs], "biases")
    var arrays: [String: Tensor] = [:]
    if case .polarizability(_, _, let scale, let constants) = parts.output {
      arrays["scale"] = Tensor(shape: [types, 1], values: scale)
      arrays["constant_matrix"] = Tensor(shape: [types], values: constants)
    }
    var variables = variables([
      "bias_atom_e": bias, "case_embd": nil,
      "fparam_avg": parts.frameParameters > 0 ? parts.frameStatistics.mean : nil,
      "fparam_inv_std": parts.frameParameters > 0 ? parts.frameStatistics.inverseDeviation : nil,
      "aparam_avg": parts.atomParameters > 0 ? parts.atomStatistics.mean : nil,
      "aparam_inv_std": parts.atomParameters > 0 ? parts.atomStatistics.inverseDeviation : nil,
    ])
    if case .object(var members) = variables {
      for (name, tensor) in arrays.sorted(by: { $0.key < $1.key }) { members[name] = array(tensor) }
      variables = .object(members)
    }
    let members: [String: JSONValue] = [
      "@class": "Fitting",
      "ntypes": .integer(types), "dim_descrpt": .integer(width),
      "neuron": .integers(hidden), "resnet_dt": .bool(first.hasTimesteps),
      "numb_fparam": .integer(parts.frameParameters),
      "numb_aparam": .integer(parts.atomParameters), "dim_case_embd": 0,
      "default_fparam": parts.defaultFrameParameters, "rcond": .null,
      "activation_function": .string(first.activation), "precision": .string(first.precision),
      "mixed_types": .bool(parts.isShared), "exclude_types": parts.excludedTypes,
      "nets": collection(
        parts.networks, dimensions: parts.isShared ? 0 : 1, types: types, isFitting: true),
      "type_map": .strings(typeMap), "tot_ener_zero": false,
      "trainable": .array(Array(repeating: true, count: hidden.count + 1)), "layer_name": .null,
      "use_aparam_as_mask": false, "spin": .null, "@variables": variables,
    ]
    let own = try parts.output.members(
      outputs: first.outputs, atomEnergies: parts.atomEnergies)
    return .object(members.merging(own) { _, ours in ours })
  }
}
