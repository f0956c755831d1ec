import DeepPotential
import Diagnostics
import Files
import Kernels

extension DPA3 {
  /// Reads the descriptor `node`.
  init(
    _ node: ModelNode, _ options: DPA3Options, typeMap: [String],
    with networks: inout NetworkReader
  ) throws {
    var options = options
    let inside = try node.node("repflow_variable"), precision = options.precision
    try inside.check(keys: ["edge_embd", "angle_embd", "repflow_layers", "env_mat"])
    let edges = try networks.layer(
      inside.node("edge_embd"), inputs: 1, outputs: options.edgeWidth, precision: precision,
      activation: options.edgeActivation)
    let angles = try networks.layer(
      inside.node("angle_embd"), inputs: 1, outputs: options.angleWidth, precision: precision,
      activation: .linear)
    let nodes = try inside.nodes("repflow_layers")
    guard nodes.count == options.layers else {
      throw try node.node("repflow_args").wrong("nlayers", "\(nodes.count), the number of layers")
    }
    let layers = try nodes.map { try MessageLayer($0, options, with: &networks) }
    let types = try node.typeEmbedding(options.types, typeMap, precision, with: &networks)
    // Old files have this flag only in the net of the type embeddings.
    options.types.hasBias = types.layers[0].biases != nil
    self.init(
      options, typeCount: typeMap.count, edgeEmbedding: edges, angleEmbedding: angles,
      layers: layers, typeEmbedding: types)
    let edgeRows = try inside.normalization(of: options.lists[0], types: typeMap.count)
    (mean, deviation) = (edgeRows.mean, edgeRows.deviation)
  }
}

extension MessageLayer {
  fileprivate init(
    _ node: ModelNode, _ options: DPA3Options, with networks: inout NetworkReader
  ) throws {
    try node.check(class: "RepFlowLayer", versions: 1...2)
    let precision = options.precision
    try node.check(options)
    var places: [Range<Int>] = []
    try self.init(
      options,
      { key throws(any Error) in
        let (inputs, outputs) = options.widths(of: key)
        return try networks.layer(
          node.node(key.rawValue), inputs: inputs, outputs: outputs, precision: precision,
          activation: options.activation(of: key))
      },
      { _ throws(any Error) in
        if places.isEmpty {
          for ((_, width, count), name) in zip(options.scales, UpdateScales.names) {
            places += try networks.vectors(node, name, count: width, number: count, precision)
          }
        }
        return places.removeFirst()
      })
  }
}

extension ModelNode {
  /// Throws unless a layer says what the descriptor says.
  fileprivate func check(_ options: DPA3Options) throws {
    let named = options.layerMembers
    try check(
      keys: Array(named.keys) + ["ntypes", "activation_function", "precision"]
        + MessageKey.allCases.map(\.rawValue))
    for (key, value) in named.sorted(by: { $0.key < $1.key }) where has(key) {
      guard let found = self.members[key], !found.means(value) else { continue }
      throw wrong(key, "\(value.serialized), as the descriptor says")
    }
    guard try activation("activation_function") == options.activation else {
      throw wrong("activation_function", "\(options.activation.name), as the descriptor says")
    }
  }
}

extension JSONValue {
  /// Whether both are the same value; a number equals the same number in a list.
  fileprivate func means(_ other: JSONValue) -> Bool {
    if case .array(let elements) = self, elements.count == 1 { return elements[0].means(other) }
    return self == other || number != nil && number == other.number
  }
}
