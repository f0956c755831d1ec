extension Graph {
  /// The network `scope/matrix_k<suffix>`, `bias_k`, `idt_k` for k = 1, 2, …; nil if there is none.
  ///
  /// `wanted` is the activation function that the input of the training names.
  func network(_ scope: String, _ suffix: String, wanted: String?) throws -> Network? {
    var layers: [Layer] = [], activation = ""
    while let weights = try tensor("\(scope)/matrix_\(layers.count + 1)\(suffix)") {
      let number = layers.count + 1
      if number == 1 {
        activation = try self.activation(behind: "\(scope)/matrix_1\(suffix)", wanted: wanted)
      }
      layers.append(
        try Layer(
          weights, tensor("\(scope)/bias_\(number)\(suffix)"),
          tensor("\(scope)/idt_\(number)\(suffix)"), activation: activation, hasShortcut: true))
    }
    return layers.isEmpty ? nil : try Network(layers)
  }

  /// The activation function that the graph computes behind the product with `matrix`.
  ///
  /// The graph decides; the input, `wanted`, only tells names of one function apart.
  func activation(behind matrix: String, wanted: String?) throws -> String {
    let wanted = wanted?.lowercased()
    guard let found = try activation(behind: matrix) else { return wanted ?? "tanh" }
    let equals = ["gelu": ["gelu", "gelu_tf"], "none": ["none", "linear"]]
    if let wanted, equals[found]?.contains(wanted) == true || wanted.hasPrefix("silut") {
      return wanted
    }
    return found
  }

  private func activation(behind matrix: String) throws -> String? {
    let products: Set = ["MatMul", "BatchMatMul", "BatchMatMulV2"]
    let named = [
      "Tanh": "tanh", "TanhCustom": "tanh", "Relu": "relu", "Relu6": "relu6",
      "Softplus": "softplus", "Sigmoid": "sigmoid", "Gelu": "gelu", "GeluCustom": "gelu",
    ]
    guard let product = uses(of: matrix).first(where: { products.contains($0.operation) }) else {
      return nil
    }
    let next = try behindBias(uses(of: product.name).filter { $0.operation != "Shape" })
    let operations = Set(next.map(\.operation))
    if operations.count == 1, let name = operations.first.flatMap({ named[$0] }) { return name }
    if operations == ["Mul", "Sigmoid"] { return "silu" }
    if operations.contains("Erf") || operations.contains(where: { $0.hasSuffix("Erfc") }) {
      throw Unreadable("uses the exact GELU (with the error function), which is not supported")
    }
    return operations.isDisjoint(with: ["Pow", "Square", "Mul"]) ? "none" : "gelu"
  }

  /// The nodes behind the addition of a bias, if `nodes` are that.
  private func behindBias(_ nodes: [GraphNode]) throws -> [GraphNode] {
    var nodes = nodes
    for _ in 0..<4 {
      guard nodes.count == 1, ["BiasAdd", "Add", "AddV2"].contains(nodes[0].operation),
        nodes[0].inputs.contains(where: hasConstant)
      else { break }
      nodes = uses(of: nodes[0].name).filter { $0.operation != "Shape" }
    }
    return nodes
  }

  /// The axis width, and the number by which the sum over neighbors is divided, of the descriptor
  /// that `nodes` compute: the slice of the embedded environment shows them.
  func axis(in nodes: [GraphNode]) throws -> (width: Int, divisor: Double?)? {
    for node in nodes where node.operation == "Slice" && node.inputs.count > 2 {
      guard let begin = try tensor(node.inputs[1]), let size = try tensor(node.inputs[2]),
        begin.values == [0, 0, 0], size.values.count == 3, Array(size.values[..<2]) == [-1, -1],
        let width = Int(exactly: size.values[2]), width > 0
      else { continue }
      guard let source = source(node.inputs[0]), ["RealDiv", "Mul"].contains(source.operation),
        let factor = try source.inputs.lazy.compactMap({ try number($0) }).first
      else { return (width, nil) }
      return (width, source.operation == "RealDiv" ? factor : 1 / factor)
    }
    return nil
  }
}
