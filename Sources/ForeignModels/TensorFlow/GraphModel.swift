import Diagnostics
import Files

extension ForeignModel {
  /// Reads a frozen graph of TensorFlow.
  static func readGraph(_ bytes: [UInt8]) throws -> ForeignModel {
    try GraphModel(Graph(bytes)).read()
  }
}

/// Turns a frozen graph of DeePMD-kit into the tree of a model file.
struct GraphModel {
  let graph: Graph
  /// The input of the training; empty if the graph does not tell.
  let script: JSONValue
  /// The operations that compute the rows of the environment, one for each descriptor.
  let environments: [GraphNode]
  let typeMap: [String]
  /// What it is a model of, in DeePMD-kit's word.
  let kind: String
  var builder = TreeBuilder()

  /// The section `model` of the input.
  var input: JSONValue { script["model"] ?? [:] }
  var types: Int { typeMap.count }

  /// Checks that `graph` is of a supported kind.
  init(_ graph: Graph) throws {
    self.graph = graph
    try graph.refuseUnsupported()
    let environments = graph.nodes.filter {
      Self.environmentKinds[$0.operation] != nil && !$0.isOfGradients
    }
    guard let first = environments.first else {
      throw Unreadable(
        "is a TensorFlow graph, but no model of DeePMD-kit: it computes no environment of atoms")
    }
    guard environments.allSatisfy({ $0.inputs.count > 6 }) else {
      throw Unreadable("has an operation \(first.operation) without statistics")
    }
    try graph.refuseTables()
    kind = try graph.text("model_attr/model_type") ?? "ener"
    guard Self.kinds.contains(kind) else {
      throw Unreadable(
        "is a model of type '\(kind)'", remedy: "supported: \(Self.kinds.joined(separator: ", "))")
    }
    script = try Self.script(of: graph)
    guard script["model"]?["model_dict"] == nil else {
      throw Unreadable(
        "is a multi-task graph of TensorFlow", remedy: "freeze one of its tasks: dp freeze -n NAME")
    }
    try graph.checkCompleteness(kind)
    // Suffixes are numbers: `_2` is before `_10`.
    self.environments = environments.map { (Self.suffix($0, graph), $0) }
      .sorted { ($0.0.count, $0.0) < ($1.0.count, $1.0) }.map(\.1)
    typeMap = try Self.typeMap(of: graph, first, script)
  }

  private static let kinds = ["ener", "dipole", "polar", "dos"]

  static let environmentKinds: [String: EnvironmentKind] = [
    "ProdEnvMatA": .full, "DescrptSeA": .full, "DescrptNorot": .full,
    "ProdEnvMatR": .radial, "DescrptSeR": .radial, "ProdEnvMatAMix": .mixed,
  ]

  /// The suffix of the names of the descriptor whose rows `node` computes.
  static func suffix(_ node: GraphNode, _ graph: Graph) -> String {
    let scope = graph.source(node.inputs[5])?.scope ?? ""
    return scope.hasPrefix("descrpt_attr") ? String(scope.dropFirst("descrpt_attr".count)) : ""
  }

  private static func script(of graph: Graph) throws -> JSONValue {
    guard let text = try graph.text("train_attr/training_script") else { return [:] }
    do {
      return try JSONValue(parsing: text.utf8, at: "training_script")
    } catch {
      throw Unreadable("has an input of the training that is no JSON")
    }
  }

  private static func typeMap(
    of graph: Graph, _ environment: GraphNode, _ script: JSONValue
  ) throws -> [String] {
    let scope = graph.scopes(startingWith: "descrpt_attr").first { graph["\($0)/ntypes"] != nil }
    let count =
      try scope.flatMap { try graph.integer("\($0)/ntypes") }
      ?? graph.tensor(environment.inputs[5])?.shape.first ?? 0
    guard (1...1000).contains(count) else { throw Unreadable("has \(count) types of atoms") }
    let names = (try graph.text("model_attr/tmap") ?? "").split(separator: " ").map(String.init)
    if names.count == count { return names }
    guard names.isEmpty else {
      throw Unreadable("has \(names.count) names for \(count) types of atoms")
    }
    let given = script["model"]?["type_map"]?.elements?.compactMap(\.text) ?? []
    if given.count == count { return given }
    Notices.post(
      "a graph has no names of types; they are called "
        + (0..<count).map { "Type\($0)" }.joined(separator: ", "))
    return (0..<count).map { "Type\($0)" }
  }

  /// The tree of the model.
  func read() throws -> ForeignModel {
    var model = self
    return try model.build()
  }

  private mutating func build() throws -> ForeignModel {
    let parts = try environments.enumerated().map { try self.descriptor($1, section(of: $0)) }
    var fitting = try fittingParts()
    try rescale(&fitting, for: parts)
    var list: [JSONValue] = []
    for part in parts { list.append(try tree(of: part)) }
    let descriptor: JSONValue =
      list.count == 1
      ? list[0]
      : ["@class": "Descriptor", "type": "hybrid", "@version": 1, "list": .array(list)]
    let model = builder.model(
      typeMap: typeMap, descriptor: descriptor,
      fitting: try builder.fitting(fitting, typeMap: typeMap),
      outputBias: try outputBias(of: fitting))
    var variables: [String: JSONValue] = [:]
    if let distance = try graph.number("train_attr/min_nbor_dist") {
      variables["min_nbor_dist"] = builder.array(Tensor(shape: [], values: [distance]))
    }
    return ForeignModel(
      tree: [
        "software": "DeePMD-kit", "backend": "TensorFlow", "model": model,
        "version": .string(try graph.text("model_attr/model_version") ?? "1"),
        "model_def_script": input, "@variables": .object(variables), "truncation": "by type",
      ], arrays: builder.arrays)
  }

  /// The section of the input for the descriptor `number`.
  private func section(of number: Int) -> JSONValue {
    let descriptor = input["descriptor"] ?? [:]
    guard let list = descriptor["list"]?.elements else { return descriptor }
    return list.indices.contains(number) ? list[number] : [:]
  }

  /// Where the sum over neighbors is not divided by the number of slots, the factor goes into the
  /// first matrix of the fitting nets.
  private func rescale(_ fitting: inout FittingParts, for parts: [GraphDescriptor]) throws {
    var row = 0
    for part in parts {
      let slots = Double(part.slots.reduce(0, +)), width = part.outputs
      if let divisor = part.divisor, abs(divisor - slots) > 1e-9 * slots, part.kind != .radial {
        let factor = (slots / divisor) * (slots / divisor)
        for index in fitting.networks.indices {
          fitting.networks[index].layers[0].multiply(rows: row..<row + width, by: factor)
        }
      }
      row += width
    }
  }
}

/// What an operation computes for each neighbor slot.
enum EnvironmentKind {
  /// Four numbers.
  case full
  /// One number.
  case radial
  /// Four numbers, in slots that all types share.
  case mixed

  var rowWidth: Int { self == .radial ? 1 : 4 }
}

extension Layer {
  /// Multiplies the weights of the inputs `rows` by `factor`.
  fileprivate mutating func multiply(rows: Range<Int>, by factor: Double) {
    let range = rows.lowerBound * outputs..<min(rows.upperBound, inputs) * outputs
    for index in range { weights.values[index] *= factor }
  }
}
