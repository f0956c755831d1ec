import Protobuf

/// A frozen graph: its nodes by name, and who uses whom.
struct Graph {
  let nodes: [GraphNode]
  private var numbers: [String: Int] = [:]
  private var users: [String: [Int]] = [:]
  private var scopes: [Substring: [Int]] = [:]

  /// Reads a `GraphDef`; throws if there is anything else behind it, or its end is missing.
  init(_ bytes: [UInt8]) throws {
    var nodes: [GraphNode] = [], hasEnd = false
    for field in try protobufFields(of: bytes[...]) {
      switch (field.number, field.value) {
      case (1, .bytes(let message)): nodes.append(try GraphNode(message))
      // Library, versions and notes for debuggers: TensorFlow always writes some, behind the nodes.
      case (2...5, _): hasEnd = true
      default: throw Unreadable("is a damaged TensorFlow graph: it goes on behind its end")
      }
    }
    guard hasEnd else { throw Self.incomplete("its end is missing") }
    self.nodes = nodes
    for (number, node) in nodes.enumerated() {
      numbers[node.name] = number
      if node.isOfGradients { continue }
      scopes[node.scope, default: []].append(number)
      for input in node.inputs { users[input, default: []].append(number) }
    }
  }

  /// The reason to refuse a graph that lacks something.
  static func incomplete(_ what: String) -> Unreadable {
    Unreadable(
      "is an incomplete TensorFlow graph: \(what)", remedy: "take another copy of the file")
  }

  /// Throws if a node is missing that another one needs, or the one that gives what a model of
  /// `kind` is for.
  func checkCompleteness(_ kind: String) throws {
    for node in nodes {
      if let missing = node.inputs.first(where: { numbers[$0] == nil }) {
        throw Self.incomplete("the node \(missing) is missing, which \(node.name) needs")
      }
    }
    let output = kind == "ener" ? "o_energy" : "o_\(kind)"
    // DeePMD-kit 0.12 calls that of the energy energy_test.
    guard
      nodes.contains(where: {
        $0.name.hasPrefix(output) || kind == "ener" && $0.name == "energy_test"
      })
    else { throw Self.incomplete("the node \(output) is missing, which gives the result") }
  }

  /// The node `name`; nil if there is none.
  subscript(name: String) -> GraphNode? { numbers[name].map { nodes[$0] } }

  /// Whether there are nodes in the folder `scope`.
  func hasScope(_ scope: String) -> Bool { scopes[scope[...]] != nil }

  /// The nodes in the folder `scope`.
  func nodes(in scope: some StringProtocol) -> [GraphNode] {
    (scopes[Substring(scope)] ?? []).map { nodes[$0] }
  }

  /// The names of the folders that start with `prefix`, in alphabetical order.
  func scopes(startingWith prefix: String) -> [String] {
    scopes.keys.filter { $0.hasPrefix(prefix) }.map(String.init).sorted()
  }

  /// The node that gives the output of `name`, behind nodes that pass it on unchanged.
  func source(_ name: String) -> GraphNode? {
    let passing: Set = ["Identity", "Cast", "StopGradient", "Enter", "ReadVariableOp"]
    var node = self[name]
    // Frozen graphs have no circles; damaged ones may.
    for _ in 0..<100 {
      guard let passed = node, passing.contains(passed.operation), let input = passed.inputs.first
      else { return node }
      node = self[input]
    }
    return nil
  }

  /// The nodes that take the output of `name`, behind nodes that pass it on unchanged.
  func uses(of name: String) -> [GraphNode] {
    var found: [GraphNode] = [], open = [name], rest = 10_000
    while let next = open.popLast(), rest > 0 {
      for number in users[next] ?? [] {
        rest -= 1
        let isPassing = ["Identity", "Cast"].contains(nodes[number].operation)
        if isPassing { open.append(nodes[number].name) } else { found.append(nodes[number]) }
      }
    }
    return found
  }

  /// Whether `name` leads to a constant.
  func hasConstant(_ name: String) -> Bool { source(name)?.operation == "Const" }

  private func constant(_ name: String) throws -> GraphConstant? {
    guard let node = source(name), node.operation == "Const" else { return nil }
    return try node.constant()
  }

  /// The array to which `name` leads; nil if it leads to none.
  func tensor(_ name: String) throws -> Tensor? {
    if case .tensor(let tensor)? = try constant(name) { tensor } else { nil }
  }

  /// The text to which `name` leads; nil if it leads to none.
  func text(_ name: String) throws -> String? {
    if case .texts(let texts)? = try constant(name) { texts.first ?? "" } else { nil }
  }

  /// The single number to which `name` leads; nil if it leads to none.
  func number(_ name: String) throws -> Double? {
    guard let tensor = try tensor(name), tensor.values.count == 1 else { return nil }
    return tensor.values[0]
  }

  /// The whole number to which `name` leads; nil if it leads to none.
  func integer(_ name: String) throws -> Int? { try number(name).flatMap { Int(exactly: $0) } }
}
