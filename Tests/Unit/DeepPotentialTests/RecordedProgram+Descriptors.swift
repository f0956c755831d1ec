import DeepPotential
import Files
import Kernels
import Testing

/// DeePMD-kit's keys of each descriptor.
extension ArrayReader {
  mutating func seE2R(_ node: JSONValue, _ path: String) throws -> SeE2R {
    var descriptor = SeE2R(
      innerCutoff: try node.number("rcut_smth"), outerCutoff: try node.number("rcut"),
      slots: node["sel"]?.wholeNumbers ?? [], embeddings: try networks(node, "embeddings", path),
      mean: try array(node, "davg").values, deviation: try array(node, "dstd").values)
    descriptor.protection = node["env_protection"]?.double ?? 0
    descriptor.excludedPairs = node["exclude_types"]?.pairs ?? []
    return descriptor
  }

  mutating func seE3(_ node: JSONValue, _ path: String) throws -> SeE3 {
    let slots = node["sel"]?.wholeNumbers ?? [], types = slots.count
    // The file has a net for each ordered pair, b slower; those with a <= b are used.
    let numbers = (0..<types).flatMap { b in (0...b).map { $0 + b * types } }
    var descriptor = SeE3(
      innerCutoff: try node.number("rcut_smth"), outerCutoff: try node.number("rcut"),
      slots: slots, embeddings: try networks(node, "embeddings", path, numbers),
      mean: try array(node, "davg").values, deviation: try array(node, "dstd").values)
    descriptor.protection = node["env_protection"]?.double ?? 0
    descriptor.excludedPairs = node["exclude_types"]?.pairs ?? []
    return descriptor
  }

  mutating func seE3TypeEmbedding(
    _ node: JSONValue, _ path: String
  ) throws -> SeE3TypeEmbedding {
    let isStripped = node["tebd_input_mode"]?.text == "strip"
    var descriptor = SeE3TypeEmbedding(
      innerCutoff: try node.number("rcut_smth"), outerCutoff: try node.number("rcut"),
      slots: node["sel"]?.wholeNumbers.reduce(0, +) ?? 0,
      typeEmbedding: try typeEmbedding(node, path),
      embedding: try networks(node, "embeddings", path)[0],
      gate: isStripped ? try networks(node, "embeddings_strip", path)[0] : nil,
      mean: try array(node, "davg").values, deviation: try array(node, "dstd").values)
    descriptor.protection = node["env_protection"]?.double ?? 0
    descriptor.excludedPairs = node["exclude_types"]?.pairs ?? []
    descriptor.isSmooth = node.flag("smooth", default: true)
    descriptor.appendsTypeEmbedding = node.flag("concat_output_tebd", default: true)
    return descriptor
  }

  mutating func dpa1(_ node: JSONValue, _ path: String) throws -> DPA1 {
    let isStripped = (node["tebd_input_mode"]?.text ?? "strip") == "strip"
    let sel = node["sel"]?.wholeNumbers ?? []
    var descriptor = DPA1(
      innerCutoff: try node.number("rcut_smth"), outerCutoff: try node.number("rcut"), slots: sel,
      axisWidth: Int(try node.number("axis_neuron")),
      typeEmbedding: try typeEmbedding(node, path),
      embedding: try networks(node, "embeddings", path)[0],
      gate: isStripped ? try networks(node, "embeddings_strip", path)[0] : nil,
      mean: try array(node, "davg").values, deviation: try array(node, "dstd").values)
    descriptor.protection = node["env_protection"]?.double ?? 0
    descriptor.excludedPairs = node["exclude_types"]?.pairs ?? []
    descriptor.typeOneSide = node.flag("type_one_side", default: false)
    descriptor.isSmooth = node.flag("smooth_type_embedding", default: true)
    descriptor.appendsTypeEmbedding = node.flag("concat_output_tebd", default: true)
    let layers = node["attention_layers"]?["attention_layers"]?.elements ?? []
    for (k, layer) in layers.enumerated() {
      descriptor.attention.append(
        try attention(layer, "\(path)/attention_layers/attention_layers[\(k)]"))
    }
    return descriptor
  }

  private mutating func attention(_ node: JSONValue, _ path: String) throws -> AttentionLayer {
    let layer = try #require(node["attention_layer"]), norm = try #require(node["attn_layer_norm"])
    #expect(layer["num_heads"]?.int == 1)
    let hidden = try layer.number("hidden_dim"), factor = try layer.number("scaling_factor")
    let inside = "\(path)/attention_layer"
    return AttentionLayer(
      projection: try self.layer(try #require(layer["in_proj"]), "\(inside)/in_proj"),
      output: try self.layer(try #require(layer["out_proj"]), "\(inside)/out_proj"),
      normWeights: try parameter(norm, "w", "\(path)/attn_layer_norm"),
      normBiases: try parameter(norm, "b", "\(path)/attn_layer_norm"),
      epsilon: try norm.number("eps"),
      scale: layer["temperature"]?.double ?? 1 / (hidden * factor).squareRoot(),
      normalizes: layer.flag("normalize", default: true),
      isSmooth: layer.flag("smooth", default: true), usesAngles: layer.flag("dotr", default: true))
  }

  private mutating func typeEmbedding(_ node: JSONValue, _ path: String) throws -> DenseNetwork {
    let inside = try #require(node["type_embedding"]?["embedding"])
    return try network(inside, "\(path)/type_embedding/embedding")
  }

  mutating func fitting(_ node: JSONValue) throws -> EnergyFitting {
    let nets = try networks(node, "nets", "model/fitting")
    return EnergyFitting(
      FittingOptions(neuron: nets[0].layers.dropLast().map(\.outputs)), networks: nets)
  }
}
