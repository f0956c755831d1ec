import Files

/// Turns the weights and attributes of a model of PyTorch into the tree of a model file.
struct TorchModel {
  let archive: TorchArchive
  /// Arrays and attributes by their dotted names.
  let state: [String: PickleValue]
  /// The section `model` of the input.
  let input: JSONValue
  let typeMap: [String]
  var builder = TreeBuilder()
  private let prefixes: Set<String>

  var types: Int { typeMap.count }

  init(_ archive: TorchArchive, _ state: [String: PickleValue], _ input: JSONValue) throws {
    (self.archive, self.state, self.input) = (archive, state, input)
    var prefixes: Set<String> = []
    for name in state.keys {
      for (index, character) in zip(name.indices, name) where character == "." {
        prefixes.insert(String(name[..<index]))
      }
    }
    self.prefixes = prefixes
    let kind = input["type"]?.text ?? "standard"
    guard ["standard", "ener"].contains(kind) else {
      throw Unreadable("is a model of type '\(kind)'", remedy: "supported: standard models")
    }
    for key in ["spin", "modifier"] where input[key]?.unlessEmpty != nil {
      throw Unreadable("is a model with '\(key)', which is not supported")
    }
    let names = input["type_map"]?.elements?.compactMap(\.text) ?? []
    guard !names.isEmpty else { throw Unreadable("has no type_map") }
    typeMap = names
  }

  /// The tree of the model.
  func read(backend: String) throws -> ForeignModel {
    var model = self
    return try model.build(backend)
  }

  private mutating func build(_ backend: String) throws -> ForeignModel {
    guard let section = input["descriptor"] else { throw Unreadable("has no descriptor") }
    let excludedTypes = try option("atom_exclude_types", of: "atomic_model", input) ?? []
    let excludedPairs = input["pair_exclude_types"].flatMap { $0 == .null ? nil : $0 } ?? []
    let hasTable = input["use_srtab"]?.unlessEmpty != nil
    let place = hasTable ? "atomic_model.models.0" : "atomic_model"
    let descriptor = try descriptor("\(place).descriptor", section)
    let fitting = try fittingParts("\(place).fitting_net", descriptor)
    let bias = try tensor("\(place).out_bias")?.stored(asSingle: false)
    let deviation = try tensor("\(place).out_std")?.stored(asSingle: false)
    let width = fitting.output.width(outputs: fitting.networks[0].outputs)
    var model = builder.model(
      typeMap: typeMap, descriptor: descriptor,
      fitting: try builder.fitting(fitting, typeMap: typeMap),
      outputBias: try outputRows(bias, usual: 0, width: width),
      outputDeviation: try fitting.output.isScaled
        ? outputRows(deviation, usual: 1, width: width) : nil,
      excludedTypes: hasTable ? [] : excludedTypes,
      excludedPairs: hasTable ? [] : excludedPairs)
    if hasTable {
      model = try withTable(
        model, of: descriptor,
        bias: outputRows(
          tensor("atomic_model.out_bias")?.stored(asSingle: false), usual: 0, width: 1),
        excludedTypes, excludedPairs)
    }
    var variables: [String: JSONValue] = [:]
    if let distance = try tensor("min_nbor_dist"), distance.values.count == 1,
      distance.values[0] >= 0
    {
      variables["min_nbor_dist"] = builder.array(Tensor(shape: [], values: distance.values))
    }
    return ForeignModel(
      tree: [
        "software": "DeePMD-kit", "backend": .string(backend), "model": model,
        "model_def_script": input, "@variables": .object(variables),
      ], arrays: builder.arrays)
  }

  /// The `width` numbers of each type, the first ones of the rows of `statistics`; the `usual`
  /// number if there are none.
  private func outputRows(_ statistics: Tensor?, usual: Double, width: Int) throws -> Tensor {
    guard let statistics else { return Tensor(repeating: usual, shape: [1, types, width]) }
    let shape = statistics.shape
    guard shape.count == 3, shape[0] >= 1, shape[1] == types, shape[2] >= width else {
      throw Unreadable(
        "has output biases or deviations of shape \(shape) for \(types) types")
    }
    return Tensor(
      shape: [1, types, width],
      values: (0..<types).flatMap { statistics.values[$0 * shape[2]..<$0 * shape[2] + width] })
  }

  /// The array `name`; nil if there is none.
  func tensor(_ name: String) throws -> Tensor? {
    if case .tensor(let number)? = state[name] { try archive.tensor(number) } else { nil }
  }

  /// The array `name`; throws if there is none.
  func needed(_ name: String) throws -> Tensor {
    guard let tensor = try tensor(name) else { throw Unreadable("lacks the array \(name)") }
    return tensor
  }

  /// Whether there is something in the module `prefix`.
  func has(_ prefix: String) -> Bool { prefixes.contains(prefix) }

  /// The option `key` of the module `module`, which has attributes if the model is scripted; that
  /// of the input, `input`, otherwise.  Nil for null, too.
  func option(_ key: String, of module: String, _ input: JSONValue) throws -> JSONValue? {
    if let value = state["\(module).\(key)"] {
      let json = try archive.pickle.json(value)
      if json != .null { return json }
    }
    return input[key].flatMap { $0 == .null ? nil : $0 }
  }
}
