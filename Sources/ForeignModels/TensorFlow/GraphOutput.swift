import Files

/// What models of TensorFlow give besides energies, by TensorFlow's own rules.
///
/// Source: DeePMD-kit's `deepmd/tf/fit/polar.py`, `deepmd/tf/model/tensor.py` and
/// `deepmd/tf/model/dos.py`.
extension GraphModel {
  /// The types whose atoms have values of their own, in ascending order (`sel_type`).
  var selectedTypes: [Int] {
    get throws {
      let all = Array(0..<types)
      guard kind == "dipole" || kind == "polar" else { return all }
      guard let selected = try graph.tensor("model_attr/sel_type")?.values else {
        throw Unreadable("does not say of which types it gives a \(kind) (sel_type)")
      }
      let found = all.filter { selected.contains(Double($0)) }
      guard !found.isEmpty, found.count == selected.count else {
        throw Unreadable("has a sel_type that is no list of its types")
      }
      return found
    }
  }

  /// What the nets of `parts` are for.
  func output(
    of parts: FittingParts, _ scope: String, _ input: JSONValue
  ) throws -> OutputParts {
    switch kind {
    case "dipole": .dipole
    case "polar": try polarizability(of: parts, scope, input)
    default: .densityOfStates
    }
  }

  /// TensorFlow adds the shift after the scale, here it is added before; and it adds the transpose
  /// of what the nets give for pairs of vectors, here the mean of both counts.
  private func polarizability(
    of parts: FittingParts, _ scope: String, _ input: JSONValue
  ) throws -> OutputParts {
    let selected = try selectedTypes
    let fitsDiagonal = input["fit_diag"]?.flag ?? true
    let shiftsDiagonal = input["shift_diag"]?.flag ?? true
    // The graph has these options among its operations alone.
    guard input["type"]?.text == "polar" else {
      throw Unreadable("does not say how its polarizabilities are scaled")
    }
    let given = try polarizabilityScales(input["scale"], types: types)
    let stored = try graph.tensor("\(scope)/t_constant_matrix")?.stored(asSingle: false).values
    guard let shifts = stored ?? (shiftsDiagonal ? nil : Array(repeating: 0, count: types)),
      shifts.count == types
    else {
      throw Unreadable(
        "does not store the shift of its polarizabilities, as those of old DeePMD-kits",
        remedy: "freeze it with a later DeePMD-kit, or set shift_diag to false")
    }
    let biases = try outputTensor("t_out_bias")?.values ?? []
    var scale = Array(repeating: 1.0, count: types), constants = Array(repeating: 0.0, count: types)
    for (number, type) in selected.enumerated() {
      // With a net for each type, TensorFlow counts the selected types only.
      let place = parts.isShared ? type : number
      var shift = parts.isShared && !shiftsDiagonal ? 0 : shifts[place]
      if shiftsDiagonal, biases.count == 9 * types {
        shift += (biases[9 * number] + biases[9 * number + 4] + biases[9 * number + 8]) / 3
      }
      scale[type] = given[place] * (fitsDiagonal ? 1 : 2)
      if shift == 0 { continue }
      guard scale[type] != 0 else {
        throw Unreadable("shifts the polarizability of \(typeMap[type]), whose scale is 0")
      }
      constants[type] = shift / scale[type]
    }
    return .polarizability(
      fitsDiagonal: fitsDiagonal, shiftsDiagonal: true, scale: scale, constants: constants)
  }

  /// The array of output statistics called `name`; nil if there is none.
  private func outputTensor(_ name: String) throws -> Tensor? {
    let node = graph.nodes.first {
      $0.operation == "Const" && $0.name.hasSuffix(name) && $0.scope != "train_attr"
    }
    return try node.flatMap { try graph.tensor($0.name) }?.stored(asSingle: false)
  }

  /// The biases of the output, which dipoles do not have and whose part in polarizabilities is in
  /// their constants.
  func outputBias(of parts: FittingParts) throws -> Tensor {
    let width = parts.output.width(outputs: parts.networks[0].outputs)
    let none = Tensor(repeating: 0, shape: [1, types, width])
    guard kind == "ener" || kind == "dos" else { return none }
    return try outputTensor("t_out_bias")?.reshaped([1, types, width], "output biases") ?? none
  }

  /// Puts the factors of a density of states, which are 1 after a training, into the last layers.
  func scale(_ parts: inout FittingParts) throws {
    let width = parts.networks[0].outputs
    guard let factors = try outputTensor("t_out_std"), factors.values.contains(where: { $0 != 1 })
    else { return }
    guard !parts.isShared, factors.values.count == types * width else {
      throw Unreadable("has factors of its density of states for each type, and one fitting net")
    }
    for type in 0..<types {
      parts.networks[type].scaleOutputs(
        by: Array(factors.values[type * width..<(type + 1) * width]))
    }
  }
}

extension Network {
  /// Multiplies each output by a factor of its own.
  fileprivate mutating func scaleOutputs(by factors: [Double]) {
    let last = layers.count - 1
    for index in layers[last].weights.values.indices {
      layers[last].weights.values[index] *= factors[index % factors.count]
    }
    for index in layers[last].biases?.values.indices ?? 0..<0 {
      layers[last].biases?.values[index] *= factors[index]
    }
  }
}
