import Files

extension TorchModel {
  /// Reads the layer `name`; attributes of a scripted model win over `activation` and
  /// `hasShortcut`.
  func layer(
    _ name: String, activation: String = "none", hasShortcut: Bool = false
  ) throws -> Layer {
    func row(_ key: String) throws -> Tensor? {
      try tensor("\(name).\(key)").flatMap { $0.values.isEmpty ? nil : $0 }
    }
    return try Layer(
      needed("\(name).matrix"), row("bias"), row("idt"),
      activation: option("activate_name", of: name, [:])?.text ?? activation,
      hasShortcut: option("resnet", of: name, [:])?.flag ?? hasShortcut)
  }

  /// Whether there are layers in the module `name`.
  func hasLayers(_ name: String) -> Bool { has("\(name).layers.0") }

  /// Reads the embedding net `name`.
  func embedding(_ name: String, activation: String) throws -> Network {
    var layers: [Layer] = []
    while has("\(name).layers.\(layers.count)") {
      layers.append(
        try layer("\(name).layers.\(layers.count)", activation: activation, hasShortcut: true))
    }
    return try Network(layers)
  }

  /// Reads the `count` nets of the collection `name`; pairs without a net get one that gives 0.
  func embeddings(_ name: String, count: Int, activation: String) throws -> [Network] {
    let found = try (0..<count).map { number -> Network? in
      let net = "\(name).networks.\(number)"
      return hasLayers(net) ? try embedding(net, activation: activation) : nil
    }
    guard let first = found.lazy.compactMap(\.self).first else {
      throw Unreadable("has no embedding nets in \(name)")
    }
    return found.map { $0 ?? first.zero }
  }

  /// Reads the fitting nets, of which there is one for all types, or one for each.
  func fittingParts(_ module: String, _ descriptor: JSONValue) throws -> FittingParts {
    let input = self.input["fitting_net"] ?? [:]
    if input["use_aparam_as_mask"]?.flag == true {
      throw Unreadable("has a fitting net with use_aparam_as_mask, which is not supported")
    }
    let activation =
      try option("activation_function", of: module, input)?.text ?? "tanh"
    var networks: [Network] = []
    while hasLayers("\(module).filter_layers.networks.\(networks.count)") {
      networks.append(
        try fittingNet("\(module).filter_layers.networks.\(networks.count)", activation))
    }
    guard !networks.isEmpty else { throw Unreadable("has no fitting nets of a known layout") }
    let isShared =
      try option("mixed_types", of: module, [:])?.flag ?? descriptor.sharesSlots
    var parts = FittingParts(
      networks: networks, isShared: isShared,
      bias: try tensor("\(module).bias_atom_e")?.stored(asSingle: false))
    parts.output = try output(of: module, input)
    parts.atomEnergies = input["atom_ener"]?.unlessEmpty ?? .null
    parts.excludedTypes =
      try option("exclude_types", of: module, [:])
      ?? self.input["atom_exclude_types"].flatMap { $0 == .null ? nil : $0 } ?? []
    try readParameters(&parts, module, input)
    return parts
  }

  /// What the fitting nets in `module` are for.
  private func output(of module: String, _ input: JSONValue) throws -> OutputParts {
    let kind = input["type"]?.text ?? "ener"
    func flag(_ key: String, _ usual: Bool) throws -> Bool {
      try option(key, of: module, input)?.flag ?? usual
    }
    switch kind {
    case "ener": return .energy
    case "dipole": return .dipole
    case "dos": return .densityOfStates
    case "polar":
      let constants = try tensor("\(module).constant_matrix")?.stored(asSingle: false).values
      return .polarizability(
        fitsDiagonal: try flag("fit_diag", true), shiftsDiagonal: try flag("shift_diag", true),
        scale: try scales(module, input),
        constants: constants?.count == types ? constants ?? [] : Array(repeating: 0, count: types))
    case "property":
      guard let name = input["property_name"]?.text else {
        throw Unreadable("is a model of a property that has no property_name")
      }
      return .property(
        name: name, isIntensive: try flag("intensive", false),
        distinguishesTypes: try flag("distinguish_types", true))
    default:
      throw Unreadable(
        "has a fitting net of type '\(kind)'",
        remedy: "supported: ener, dipole, polar, dos, property")
    }
  }

  /// The factor of the polarizability of each type: an attribute of a scripted model, and of the
  /// input of any other.
  private func scales(_ module: String, _ input: JSONValue) throws -> [Double] {
    if let given = try tensor("\(module).scale")?.stored(asSingle: false).values,
      given.count == types
    {
      return given
    }
    return try polarizabilityScales(input["scale"], types: types)
  }

  private func fittingNet(_ name: String, _ activation: String) throws -> Network {
    var count = 0
    while has("\(name).layers.\(count)") { count += 1 }
    return try Network(
      (0..<count).map {
        let isLast = $0 == count - 1
        return try layer(
          "\(name).layers.\($0)", activation: isLast ? "none" : activation, hasShortcut: !isLast)
      })
  }

  private func readParameters(
    _ parts: inout FittingParts, _ module: String, _ input: JSONValue
  ) throws {
    func row(_ name: String) throws -> Tensor? {
      try tensor("\(module).\(name)")?.stored(asSingle: false).row
    }
    parts.frameParameters = input["numb_fparam"]?.whole ?? 0
    parts.atomParameters = input["numb_aparam"]?.whole ?? 0
    guard 0...10_000 ~= parts.frameParameters, 0...10_000 ~= parts.atomParameters else {
      throw Unreadable("has an impossible number of frame or atom parameters")
    }
    parts.frameStatistics = (try row("fparam_avg"), try row("fparam_inv_std"))
    parts.atomStatistics = (try row("aparam_avg"), try row("aparam_inv_std"))
    parts.defaultFrameParameters = input["default_fparam"] ?? .null
    guard (input["dim_case_embd"]?.whole ?? 0) > 0 else { return }
    let constants = try needed("\(module).case_embd")
    for index in parts.networks.indices {
      try parts.networks[index].layers[0].fold(constants.values)
    }
  }
}

extension JSONValue {
  /// Whether all types share the slots of this descriptor, and so a fitting net.
  fileprivate var sharesSlots: Bool {
    if let parts = self["list"]?.elements { return parts.contains(where: \.sharesSlots) }
    return !["se_e2_a", "se_r", "se_e3"].contains(self["type"]?.text ?? "")
  }
}

extension Layer {
  /// Puts the last inputs, which always have the values `constants`, into the biases.
  fileprivate mutating func fold(_ constants: [Double]) throws {
    let kept = inputs - constants.count, outputs = outputs
    guard kept > 0 else { throw Unreadable("has a case embedding wider than the fitting net") }
    var sums = biases?.values ?? Array(repeating: 0, count: outputs)
    for (row, constant) in constants.enumerated() where constant != 0 {
      for output in 0..<outputs {
        sums[output] += constant * weights.values[(kept + row) * outputs + output]
      }
    }
    let isSingle = weights.isSingle
    if isSingle { sums = sums.map { Double(Float($0)) } }
    biases = Tensor(shape: [outputs], values: sums, isSingle: isSingle)
    weights = Tensor(
      shape: [kept, outputs], values: Array(weights.values[..<(kept * outputs)]),
      isSingle: isSingle)
  }
}
