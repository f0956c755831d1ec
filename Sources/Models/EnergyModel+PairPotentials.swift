import DeepPotential
import Diagnostics
import Files
import Kernels

extension EnergyModel {
  /// The kinds of models that are read, by their names in files.
  static let kinds = ["standard", "zbl", "linear_ener", "linear"]

  /// Reads the object `model` of a model file; `script` is the section of the input that it was
  /// trained with.
  init(_ node: ModelNode, script: JSONValue) throws {
    switch try node.string("type") {
    case "zbl": try self.init(blended: node, script: script)
    case "linear_ener", "linear": try self.init(added: node, script: script)
    default: try self.init(standard: node)
    }
  }

  /// Reads a model whose nets a table replaces at short range.
  private init(blended node: ModelNode, script: JSONValue) throws {
    try node.check(class: "Model", versions: 2...2)
    let switchKeys = NearnessSwitch.keys.map(\.name)
    try node.check(
      keys: ModelOptions.keys(types: nil).map(\.name) + switchKeys + [
        "type_map", "rcond", "preset_out_bias", "models", "weights",
      ])
    try node.refuse("rcond")
    let parts = try node.nodes("models")
    guard parts.count == 2, try parts[0].string("type") == "standard",
      try parts[1].string("type") == "pairtab"
    else { throw node.wrong("models", "a model of type standard and one of type pairtab") }
    let typeMap = try node.strings("type_map")
    var model = try EnergyModel(part: parts[0], typeMap: typeMap)
    var nearness = NearnessSwitch.usual
    try node.read(NearnessSwitch.keys, into: &nearness)
    guard nearness.inner < nearness.outer else {
      throw node.wrong("sw_rmin", "less than sw_rmax, \(nearness.outer)")
    }
    let table = try parts[1].pairTable(typeMap: typeMap)
    guard table.table.cutoff == model.descriptor.outerCutoff else {
      throw parts[1].wrong("rcut", "that of the descriptor, \(model.descriptor.outerCutoff)")
    }
    guard table.slots == model.descriptor.options.slotCount else {
      throw parts[1].wrong("sel", "that of the descriptor, \(model.descriptor.options.slotCount)")
    }
    model.pairPotentials = [
      PairPotential(
        table.table, .blended(nearness),
        path: script[PairPotential.pathKey]?.text ?? PairPotential.unknownPath)
    ]
    try model.readOutput(of: node)
    self = model
  }

  /// Reads a model that adds up nets and tables.
  private init(added node: ModelNode, script: JSONValue) throws {
    try node.check(class: "Model", versions: 1...3)
    try node.check(
      keys: ModelOptions.keys(types: nil).map(\.name) + [
        "type_map", "rcond", "preset_out_bias", "models", "weights",
      ])
    try node.refuse("rcond")
    let typeMap = try node.strings("type_map"), parts = try node.nodes("models")
    let weights = try node.weights(of: parts.count)
    var nets: [(model: EnergyModel, weight: Double)] = [], tables: [PairPotential] = []
    for (k, part) in parts.enumerated() {
      try part.check(type: ["standard", "pairtab"], of: "part of a linear model")
      if try part.string("type") == "standard" {
        let net = try EnergyModel(part: part, typeMap: typeMap)
        try part.requireAddable(net, after: nets.first?.model)
        nets.append((net, weights[k]))
      } else {
        let (table, slots) = try part.pairTable(typeMap: typeMap)
        let path = script["models"]?.elements?[at: k]?["tab_file"]?.text
        tables.append(
          PairPotential(
            table, .added(weight: weights[k], slots: slots),
            path: path ?? PairPotential.unknownPath))
      }
    }
    guard !nets.isEmpty else {
      throw ToolError(
        .data, at: "\(node.place)/models", "a model of tables without a net is not supported")
    }
    var model = EnergyModel(nets: nets.map(\.model), weights: nets.map(\.weight))
    model.pairPotentials = tables
    try model.readOutput(of: node)
    self = model
  }

  /// Reads a part of a model that has the types of `typeMap`, among others.
  private init(part node: ModelNode, typeMap: [String]) throws {
    var model = try EnergyModel(standard: node)
    guard model.output == .energy else {
      throw try node.node("fitting").unsupported(
        model.fitting.options.output.type, of: "fitting net beside a pair potential",
        among: [Output.energy.type])
    }
    try node.refuse("atom_exclude_types", unless: [])
    try node.refuse("pair_exclude_types", unless: [])
    // What the nets' energies have of their own goes where the nets go.
    for type in model.typeMap.indices where model.outputBias[type] != 0 {
      guard !model.fitting.options.excludedTypes.contains(type) else {
        throw node.wrong("@variables/out_bias", "zero for types without a fitting net")
      }
      model.fitting.bias[type] += model.outputBias[type]
      model.outputBias[type] = 0
    }
    if model.typeMap != typeMap {
      let known = Set(model.typeMap)
      guard typeMap.allSatisfy(known.contains),
        typeMap.count == known.count || model.sharesAllTypes
      else { throw node.wrong("type_map", "the model's, \(typeMap.joined(separator: " "))") }
      model = model.reordered(to: typeMap)
    }
    self = model
  }

  /// Reads what a model of several parts has as a whole.
  private mutating func readOutput(of node: ModelNode) throws {
    var options = options
    try node.read(ModelOptions.keys(types: typeMap.count), into: &options)
    (excludedAtomTypes, excludedPairs) = (options.excludedAtomTypes, options.excludedPairs)
    outputBias = try node.rows("out_bias", typeMap.count, of: .energy)
  }
}

extension JSONValue {
  /// The elements of a list; nil for anything else.
  fileprivate var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }
}

extension Array {
  /// The element at a place; nil if there is none.
  fileprivate subscript(at place: Int) -> Element? {
    indices.contains(place) ? self[place] : nil
  }
}

extension ModelNode {
  /// The weights of `count` parts: "mean", "sum" or a list.
  fileprivate func weights(of count: Int) throws -> [Double] {
    guard let weights = MixtureOptions.weights(members["weights"] ?? "mean", of: count) else {
      throw wrong("weights", MixtureOptions.weightsName(count))
    }
    return weights
  }

  /// Throws unless `net`, which this object is, can be added to others, of which `first` is one.
  fileprivate func requireAddable(_ net: EnergyModel, after first: EnergyModel?) throws {
    let options = net.descriptor.options, fitting = net.fitting.options
    if case .hybrid = options {
      throw ToolError(
        .data, at: "\(place)/descriptor", "a hybrid inside of a linear model is not supported")
    }
    guard options.isMixed else {
      throw ToolError(
        .data, at: "\(place)/descriptor",
        "has slots for each type, which the descriptors of linear models must not have")
    }
    guard fitting.frameParameters + fitting.atomParameters == 0 else {
      throw ToolError(
        .data, at: "\(place)/fitting",
        "takes frame or atom parameters, which is not supported in a linear model")
    }
    if let first, first.descriptor.options.precision != options.precision {
      throw wrong("descriptor/precision", "that of the first part")
    }
  }

  /// Reads the object of a pair potential: its table for the types of `typeMap`, and how many
  /// neighbors count.
  fileprivate func pairTable(typeMap: [String]) throws -> (table: PairTable, slots: Int) {
    try check(class: "Model", versions: 2...2)
    try check(
      keys: ModelOptions.keys(types: nil).map(\.name) + [
        "type_map", "rcond", "preset_out_bias", "tab", "rcut", "sel",
      ])
    try refuse("atom_exclude_types", unless: [])
    try refuse("pair_exclude_types", unless: [])
    let own = try strings("type_map"), order = typeMap.compactMap(own.firstIndex)
    guard order.count == typeMap.count else {
      throw wrong("type_map", "the model's, \(typeMap.joined(separator: " "))")
    }
    guard try array("out_bias", shape: [1, own.count, 1]).allSatisfy({ $0 == 0 }) else {
      throw ToolError(
        .data, at: "\(place)/@variables/out_bias", "is not zero, which is not supported here")
    }
    let table = try PairTable(node("tab"), types: own.count, cutoff: number("rcut"))
    return (table.reordered(order), try integer("sel"))
  }
}

extension StoredModel {
  /// Makes the object `model` of the file.
  func modelTree(
    _ descriptor: JSONValue?, _ fitting: JSONValue?, with writer: inout ModelWriter
  ) -> JSONValue {
    if let mixture = model.mixture { return tree(of: mixture, with: &writer) }
    guard let potential = model.pairPotentials.first, let nearness = potential.nearness else {
      return standardTree(of: model, descriptor, fitting, with: &writer)
    }
    var nets = model, part = self
    nets.dropWhole()
    part.presetBias = .null
    let table = part.tree(
      of: potential.table, slots: model.descriptor.options.slotCount, beside: nets, with: &writer)
    var members = commonMembers(of: model, "zbl", with: &writer)
    members.merge(NearnessSwitch.keys.members(of: nearness, forModels: true)) { $1 }
    members.merge([
      "models": [part.standardTree(of: nets, with: &writer), table], "weights": "mean",
    ]) { $1 }
    return .object(members)
  }

  /// Makes the object of a model that adds up nets and tables.
  ///
  /// Its type is that of inputs: DeePMD-kit writes `linear`, which its PyTorch backend does not
  /// read.
  private func tree(of mixture: Mixture, with writer: inout ModelWriter) -> JSONValue {
    var part = self, parts: [JSONValue] = [], weights = mixture.weights
    part.presetBias = .null
    let nets = model.nets
    for net in nets { parts.append(part.standardTree(of: net, with: &writer)) }
    for potential in model.pairPotentials {
      guard case .added(let weight, let slots) = potential.use else { continue }
      weights.append(weight)
      parts.append(part.tree(of: potential.table, slots: slots, beside: nets[0], with: &writer))
    }
    return .object(
      commonMembers(of: model, MixtureOptions.type, version: 3, with: &writer).merging([
        "models": .array(parts), "weights": .array(weights.map { .number($0) }),
      ]) { $1 })
  }

  /// Makes the object of a table as a part of a model, which has the types of `net`, another part.
  private func tree(
    of table: PairTable, slots: Int, beside net: EnergyModel, with writer: inout ModelWriter
  ) -> JSONValue {
    .object(
      commonMembers(of: net, "pairtab", with: &writer).merging([
        "tab": table.tree(with: &writer), "rcut": .number(table.cutoff), "sel": .integer(slots),
      ]) { $1 })
  }
}

extension EnergyModel {
  /// Drops what a model of several parts has as a whole.
  fileprivate mutating func dropWhole() {
    pairPotentials = []
    (excludedAtomTypes, excludedPairs) = ([], [])
    outputBias = outputBias.map { _ in 0 }
  }
}
