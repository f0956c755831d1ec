import Files

extension GraphModel {
  /// Reads the fitting nets.
  func fittingParts() throws -> FittingParts {
    let input = self.input["fitting_net"] ?? [:]
    for key in ["tot_ener_zero", "use_aparam_as_mask"] where input[key]?.flag == true {
      throw Unreadable("has a fitting net with \(key), which is not supported")
    }
    let heads = graph.scopes(startingWith: "fitting_attr")
    guard heads.count < 2 else {
      throw Unreadable("has several fitting nets: it is a multi-task model")
    }
    let scope = heads.first ?? "fitting_attr"
    let suffix = String(scope.dropFirst("fitting_attr".count))
    let isShared =
      graph.hasConstant("layer_0\(suffix)/matrix")
      || graph.hasConstant("final_layer\(suffix)/matrix")
    let selected = try selectedTypes
    let nets = try (isShared ? [0] : selected).map {
      try fittingNet(isShared ? "" : "_type_\($0)", suffix, input)
    }
    var parts = FittingParts(networks: nets.map(\.network), isShared: isShared)
    if kind == "ener" {
      try readEnergies(&parts, nets.map(\.isDifference), scope)
    } else {
      if !isShared {
        // Types without values of their own have no nets.
        let none = nets[0].network.zero
        parts.networks = (0..<types).map { type in
          selected.firstIndex(of: type).map { nets[$0].network } ?? none
        }
      }
      parts.excludedTypes = .integers((0..<types).filter { !selected.contains($0) })
      parts.output = try output(of: parts, scope, input)
      if kind == "dos" { try scale(&parts) }
    }
    try readParameters(&parts, scope, input)
    return parts
  }

  /// Reads the biases of energies; `isDifference` tells of each net whether its value without
  /// neighbors is subtracted.
  private func readEnergies(
    _ parts: inout FittingParts, _ isDifference: [Bool], _ scope: String
  ) throws {
    let bias = try graph.tensor("\(scope)/t_bias_atom_e")?.stored(asSingle: false)
    parts.bias = bias
    guard isDifference.contains(true) else { return }
    let values = bias?.values ?? Array(repeating: 0, count: types)
    guard !parts.isShared, values.count == types else {
      throw Unreadable("has preset energies of atoms, and one fitting net for all types")
    }
    // The net without neighbors is subtracted, so that the bias is the energy of a lone atom.
    parts.atomEnergies = .array(
      values.indices.map { isDifference[$0] ? .number(values[$0]) : .null })
  }

  private func readParameters(
    _ parts: inout FittingParts, _ scope: String, _ input: JSONValue
  ) throws {
    func statistics(_ name: String, _ count: Int) throws -> (Tensor?, Tensor?) {
      let mean = try graph.tensor("\(scope)/t_\(name)_avg")?.stored(asSingle: false)
      let inverse = try graph.tensor("\(scope)/t_\(name)_istd")?.stored(asSingle: false)
      return (
        try (mean ?? Tensor(repeating: 0, shape: [count])).reshaped([count], "parameters"),
        try (inverse ?? Tensor(repeating: 1, shape: [count])).reshaped([count], "parameters")
      )
    }
    parts.frameParameters = try graph.integer("\(scope)/dfparam") ?? 0
    parts.atomParameters = try graph.integer("\(scope)/daparam") ?? 0
    guard 0...10_000 ~= parts.frameParameters, 0...10_000 ~= parts.atomParameters else {
      throw Unreadable("has an impossible number of frame or atom parameters")
    }
    if parts.frameParameters > 0 {
      parts.frameStatistics = try statistics("fparam", parts.frameParameters)
      parts.defaultFrameParameters = input["default_fparam"] ?? .null
    }
    if parts.atomParameters > 0 {
      parts.atomStatistics = try statistics("aparam", parts.atomParameters)
    }
  }

  /// Reads the net with the ending `tag`; `isDifference` tells whether the graph evaluates it
  /// twice, the second time without neighbors.
  private func fittingNet(
    _ tag: String, _ suffix: String, _ input: JSONValue
  ) throws -> (network: Network, isDifference: Bool) {
    let shared = input["layer_name"]?.elements ?? []
    func scope(_ number: Int) -> String {
      if number + 1 < shared.count, let name = shared[number].text { return "share_\(name)\(tag)" }
      return "layer_\(number)\(tag)\(suffix)"
    }
    let last = shared.last?.text.map { "share_\($0)\(tag)" } ?? "final_layer\(tag)\(suffix)"
    var layers: [Layer] = [], activation = "tanh"
    while let weights = try graph.tensor("\(scope(layers.count))/matrix") {
      let scope = scope(layers.count)
      if layers.isEmpty {
        activation = try graph.activation(
          behind: "\(scope)/matrix", wanted: input["activation_function"]?.text)
      }
      let hasShortcut =
        !layers.isEmpty && weights.shape.count == 2 && weights.shape[0] == weights.shape[1]
      layers.append(
        try Layer(
          weights, graph.tensor("\(scope)/bias"),
          hasShortcut ? graph.tensor("\(scope)/idt") : nil, activation: activation,
          hasShortcut: hasShortcut))
    }
    guard let weights = try graph.tensor("\(last)/matrix") else {
      throw Unreadable("lacks the fitting net of a type (\(last))")
    }
    let first = layers.isEmpty ? last : scope(0)
    let calls = graph.uses(of: "\(first)/matrix").filter { $0.operation == "MatMul" }.count
    layers.append(try Layer(weights, graph.tensor("\(last)/bias")))
    return (try Network(layers), calls > 1)
  }
}
