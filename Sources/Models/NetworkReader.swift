import Diagnostics
import Kernels

/// Reads networks and lays out their parameters in the order of reading.
///
/// All readers throw `.data` with the place in the file if an object is damaged or not supported.
struct NetworkReader {
  private(set) var layout = ParameterLayout()
  private var parts: [(precision: Precision, range: Range<Int>, values: [Double])] = []

  /// The parameters of all networks read so far.
  var parameters: Parameters {
    var parameters = Parameters(zerosFor: layout)
    for part in parts { parameters[part.precision, part.range] = part.values }
    return parameters
  }

  /// Reads the collection `node`, which must have `types` to the power of `dimensions` networks.
  ///
  /// With `numbers`, only the networks with these numbers are read, in that order.
  mutating func collection(
    _ node: ModelNode, dimensions: Int, types: Int, isFitting: Bool, precision: Precision,
    numbers: [Int]? = nil
  ) throws -> [DenseNetwork] {
    try node.check(class: "NetworkCollection", versions: 1...1)
    try node.check(keys: ["ndim", "ntypes", "network_type", "networks"])
    guard try node.integer("ndim") == dimensions else { throw node.wrong("ndim", "\(dimensions)") }
    guard try node.integer("ntypes") == types else { throw node.wrong("ntypes", "\(types)") }
    let kind = isFitting ? "fitting_network" : "embedding_network"
    guard try node.string("network_type") == kind else {
      throw node.wrong("network_type", "'\(kind)'")
    }
    let networks = try node.nodes("networks")
    let count = dimensions == 0 ? 1 : dimensions == 1 ? types : types * types
    guard networks.count == count else {
      throw ToolError(
        .data, at: "\(node.place)/networks",
        "has \(counted(networks.count, "network")), expected \(count)")
    }
    return try (numbers ?? Array(networks.indices)).map {
      try network(networks[$0], isFitting: isFitting, precision: precision)
    }
  }

  /// Reads one network.
  ///
  /// The flags of the layers decide, not those of the network, as in DeePMD-kit's PyTorch backend.
  mutating func network(
    _ node: ModelNode, isFitting: Bool, precision: Precision
  ) throws -> DenseNetwork {
    if isFitting {
      try node.check(class: "FittingNetwork", versions: 1...1)
    } else {
      try node.check(class: "EmbeddingNetwork", versions: 1...2)
    }
    try node.check(keys: [
      "in_dim", "out_dim", "neuron", "activation_function", "resnet_dt", "bias", "bias_out",
      "precision", "layers",
    ])
    let widths = try node.integers("neuron") + (isFitting ? [node.integer("out_dim")] : [])
    var width = try node.integer("in_dim")
    let nodes = try node.nodes("layers")
    guard !nodes.isEmpty, nodes.count == widths.count else {
      throw ToolError(
        .data, at: "\(node.place)/layers",
        "has \(counted(nodes.count, "layer")), expected \(widths.count)")
    }
    var layers: [DenseLayer] = []
    for (layer, next) in zip(nodes, widths) {
      layers.append(try self.layer(layer, inputs: width, outputs: next, precision: precision))
      width = next
    }
    return DenseNetwork(precision: precision, layers: layers)
  }

  /// Reads the vector `key` of `count` parameters, and gives their places.
  mutating func vector(
    _ node: ModelNode, _ key: String, count: Int, _ precision: Precision
  ) throws -> Range<Int> {
    let values = try node.row(key, count: count), range = layout.take(count, precision)
    parts.append((precision, range, values))
    return range
  }

  /// Reads the vectors in the list `key`, each of `count` parameters, of which there must be
  /// `number`; gives their places.
  mutating func vectors(
    _ node: ModelNode, _ key: String, count: Int, number: Int, _ precision: Precision
  ) throws -> [Range<Int>] {
    if number == 0, node.members["@variables"]?[key] == nil { return [] }
    let arrays = try node.arrays(key)
    guard arrays.count == number, arrays.allSatisfy({ $0.shape == [count] }) else {
      throw ToolError(
        .data, at: "\(node.place)/@variables/\(key)",
        "has the shapes \(arrays.map(\.shape)), expected \(number) of \([count])")
    }
    return arrays.map { array in
      let range = layout.take(count, precision)
      parts.append((precision, range, array.values))
      return range
    }
  }

  /// Reads one layer with a matrix of shape `[inputs][outputs]`.
  ///
  /// An `activation` that is not in the file, whose layer is then linear, follows it.
  mutating func layer(
    _ node: ModelNode, inputs: Int, outputs: Int, precision: Precision,
    activation following: Activation? = nil
  ) throws -> DenseLayer {
    try node.check(class: "Layer", versions: 1...2)
    try node.check(keys: [
      "bias", "use_timestep", "activation_function", "resnet", "precision", "trainable",
    ])
    guard inputs > 0, outputs > 0 else {
      throw ToolError(.data, at: node.place, "is \(inputs) by \(outputs) wide")
    }
    guard try node.precision("precision") == precision else {
      throw node.wrong("precision", "\(precision.rawValue) as the rest of the networks")
    }
    let weights = try node.array("w", shape: [inputs, outputs])
    let biases = try node.flag("bias") ? node.row("b", count: outputs) : nil
    let timesteps = node.hasArray("idt") ? try node.row("idt", count: outputs) : nil
    var activation =
      node.has("activation_function") ? try node.activation("activation_function") : .linear
    if let following {
      guard activation == .linear else { throw node.wrong("activation_function", "none") }
      activation = following
    }
    let layer = DenseLayer(
      inputs: inputs, outputs: outputs, activation: activation, hasBias: biases != nil,
      hasTimestep: timesteps != nil, wantsShortcut: try node.flag("resnet"), precision: precision,
      in: &layout)
    parts.append((precision, layer.weights, weights))
    if let range = layer.biases, let biases { parts.append((precision, range, biases)) }
    if let range = layer.timesteps, let timesteps { parts.append((precision, range, timesteps)) }
    return layer
  }
}
