import DeepPotential
import Files
import Kernels
import Testing

/// DeePMD-kit's keys of DPA-3.
extension ArrayReader {
  mutating func dpa3(_ node: JSONValue, _ path: String) throws -> DPA3 {
    let r = try #require(node["repflow_args"]), v = try #require(node["repflow_variable"])
    let name = try #require(node["activation_function"]?.text)
    let f = try #require(Activation(name: name)), inside = "\(path)/repflow_variable"
    let isDistance = r.flag("edge_init_use_dist", default: false)
    func range(_ letter: String) throws -> DPA3.Range {
      DPA3.Range(
        innerCutoff: try r.number("\(letter)_rcut_smth"),
        outerCutoff: try r.number("\(letter)_rcut"), slots: Int(try r.number("\(letter)_sel")))
    }
    let types = try network(
      try #require(node["type_embedding"]?["embedding"]), "\(path)/type_embedding/embedding")
    let edge = try layer(
      try #require(v["edge_embd"]), "\(inside)/edge_embd", activation: isDistance ? .linear : f)
    let angle = try layer(
      try #require(v["angle_embd"]), "\(inside)/angle_embd", activation: .linear)
    var layers: [MessageLayer] = []
    for (k, layer) in (v["repflow_layers"]?.elements ?? []).enumerated() {
      layers.append(try messageLayer(layer, "\(inside)/repflow_layers[\(k)]", f))
    }
    var descriptor = DPA3(
      edges: try range("e"), angles: try range("a"), activation: f, typeEmbedding: types,
      edgeEmbedding: edge, angleEmbedding: angle, layers: layers,
      mean: try array(v, "davg").values, deviation: try array(v, "dstd").values)
    descriptor.usesExponentialSwitch = r.flag("use_exp_switch", default: false)
    descriptor.edgesAreDistances = isDistance
    if r.flag("use_dynamic_sel", default: false) {
      descriptor.slotDivisor = try r.number("sel_reduce_factor")
    }
    descriptor.protection = node["env_protection"]?.double ?? 0
    descriptor.excludedPairs = node["exclude_types"]?.pairs ?? []
    descriptor.appendsTypeEmbedding = node.flag("concat_output_tebd", default: false)
    return descriptor
  }

  private mutating func messageLayer(
    _ node: JSONValue, _ path: String, _ f: Activation
  ) throws -> MessageLayer {
    func dense(_ key: String, _ activation: Activation, _ reader: inout ArrayReader) throws
      -> DenseLayer
    {
      try reader.layer(try #require(node[key]), "\(path)/\(key)", activation: activation)
    }
    var layer = MessageLayer(
      axisWidth: Int(try node.number("axis_neuron")),
      compression: try compression(node, path), update: try update(node, path),
      nodeSelf: try dense("node_self_mlp", f, &self),
      nodeGram: try dense("node_sym_linear", f, &self),
      nodeEdge: try dense("node_edge_linear", f, &self),
      edgeSelf: try dense("edge_self_linear", f, &self))
    layer.messageCount = Int(try node.number("n_multi_edge_message"))
    layer.isSmooth = node.flag("smooth_edge_update", default: true)
    layer.isSequential = node.flag("sequential_update", default: false)
    if node.flag("update_angle", default: true) {
      layer.angular = (
        try dense("edge_angle_linear1", f, &self), try dense("edge_angle_linear2", f, &self),
        try dense("angle_self_linear", f, &self)
      )
    }
    return layer
  }

  private mutating func compression(
    _ node: JSONValue, _ path: String
  ) throws -> MessageLayer.Compression {
    let rate = Int(node["a_compress_rate"]?.double ?? 0), width = Int(try node.number("a_dim"))
    if rate == 0 { return .none }
    if node.flag("a_compress_use_split", default: false) {
      let edges = width / (2 * rate) * Int(try node.number("a_compress_e_rate"))
      return .columns(nodes: width / rate, edges: edges)
    }
    func dense(_ key: String, _ reader: inout ArrayReader) throws -> DenseLayer? {
      try node[key]?["@variables"] == nil
        ? nil : reader.layer(try #require(node[key]), "\(path)/\(key)", activation: .linear)
    }
    let nodes = try dense("a_compress_n_linear", &self)
    guard let nodes, let edges = try dense("a_compress_e_linear", &self) else { return .none }
    return .layers(nodes: nodes, edges: edges)
  }

  private mutating func update(_ node: JSONValue, _ path: String) throws -> MessageLayer.Update {
    switch node["update_style"]?.text {
    case "res_avg": return .average
    case "res_incr": return .increment
    default:
      return .residual(
        nodes: try parameters(node, "n_residual", path),
        edges: try parameters(node, "e_residual", path),
        angles: try parameters(node, "a_residual", path))
    }
  }
}
