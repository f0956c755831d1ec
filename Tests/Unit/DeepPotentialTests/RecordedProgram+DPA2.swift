import DeepPotential
import Files
import Kernels
import Testing

/// DeePMD-kit's keys of DPA-2.
extension ArrayReader {
  mutating func dpa2(_ node: JSONValue, _ path: String, types: Int) throws -> DPA2 {
    let options = try dpa2Options(node)
    let typeEmbedding = try typeEmbedding(node, path)
    func nets(
      _ key: String, _ reader: inout ArrayReader
    ) throws -> (
      node: JSONValue, embedding: DenseNetwork, gate: DenseNetwork?
    ) {
      let block = try #require(node[key]), isStripped = options.first.types.mode == .stripped
      let place = "\(path)/\(key)"
      return (
        block, try reader.networks(block, "embeddings", place)[0],
        isStripped ? try reader.networks(block, "embeddings_strip", place)[0] : nil
      )
    }
    let own = try nets("repinit_variable", &self)
    var first = DPA1(
      options.first, typeCount: types, attention: [], embedding: own.embedding, gate: own.gate,
      typeEmbedding: typeEmbedding)
    (first.mean, first.deviation) = try statistics(own.node)
    var threeBody: SeE3TypeEmbedding?
    if options.usesThreeBody {
      let own = try nets("repinit_three_body_variable", &self)
      var block = SeE3TypeEmbedding(
        options.threeBodyBlock, typeCount: types, typeEmbedding: typeEmbedding,
        embedding: own.embedding, gate: own.gate)
      (block.mean, block.deviation) = try statistics(own.node)
      threeBody = block
    }
    let v = try #require(node["repformers_variable"]), f = options.messages.activation
    let inside = "\(path)/repformers_variable"
    let edge = try layer(
      try #require(v["g2_embd"]), "\(inside)/g2_embd", activation: f)
    var layers: [RepformerLayer] = []
    for (k, layer) in (v["repformer_layers"]?.elements ?? []).enumerated() {
      layers.append(try repformer(layer, "\(inside)/repformer_layers[\(k)]", f))
    }
    func single(_ key: String, _ reader: inout ArrayReader) throws -> DenseLayer? {
      guard let part = node[key], part["@variables"] != nil else { return nil }
      return try reader.layer(part, "\(path)/\(key)")
    }
    var descriptor = DPA2(
      options, first: first, threeBody: threeBody, shape: try single("g1_shape_tranform", &self),
      ofTypes: try single("tebd_transform", &self), edgeEmbedding: edge, layers: layers)
    (descriptor.mean, descriptor.deviation) = try statistics(v)
    return descriptor
  }

  private func statistics(_ node: JSONValue) throws -> ([Double], [Double]) {
    (try array(node, "davg").values, try array(node, "dstd").values)
  }

  private func dpa2Options(_ node: JSONValue) throws -> DPA2Options {
    let r = try #require(node["repinit_args"]), m = try #require(node["repformer_args"])
    var options = DPA2Options()
    options.first.innerCutoff = try r.number("rcut_smth")
    options.first.outerCutoff = try r.number("rcut")
    options.first.slots = [Int(try r.number("nsel"))]
    options.first.neuron = try #require(r["neuron"]).wholeNumbers
    options.first.axisWidth = Int(try r.number("axis_neuron"))
    options.first.typeOneSide = r.flag("type_one_side", default: false)
    options.first.isSmooth = node.flag("smooth", default: true)
    options.first.types.mode = r["tebd_input_mode"]?.text == "strip" ? .stripped : .concatenated
    options.first.types.width = Int(try r.number("tebd_dim"))
    options.first.types.isAppended = node.flag("concat_output_tebd", default: true)
    options.first.excludedPairs = node["exclude_types"]?.pairs ?? []
    options.first.protection = node["env_protection"]?.double ?? 0
    options.usesThreeBody = r.flag("use_three_body", default: false)
    options.threeBody.innerCutoff = try r.number("three_body_rcut_smth")
    options.threeBody.outerCutoff = try r.number("three_body_rcut")
    options.threeBody.slots = Int(try r.number("three_body_sel"))
    options.threeBody.neuron = try #require(r["three_body_neuron"]).wholeNumbers
    options.addsTypes = node.flag("add_tebd_to_repinit_out", default: false)
    options.messages = try messages(m)
    return options
  }

  private func messages(_ m: JSONValue) throws -> RepformerOptions {
    var options = RepformerOptions()
    func count(_ key: String) throws -> Int { Int(try m.number(key)) }
    options.innerCutoff = try m.number("rcut_smth")
    options.outerCutoff = try m.number("rcut")
    options.slots = try count("nsel")
    options.layers = try count("nlayers")
    (options.nodeWidth, options.edgeWidth) = (try count("g1_dim"), try count("g2_dim"))
    options.axisWidth = try count("axis_neuron")
    options.usesDistances = m.flag("direct_dist", default: false)
    options.hasConvolution = m.flag("update_g1_has_conv", default: true)
    options.hasEdgeGram = m.flag("update_g1_has_grrg", default: true)
    options.hasNodeGram = m.flag("update_g1_has_drrd", default: true)
    options.nodeAttention = HeadOptions(
      width: try count("attn1_hidden"), count: try count("attn1_nhead"))
    options.edgeAttention = HeadOptions(
      width: try count("attn2_hidden"), count: try count("attn2_nhead"))
    options.gatesEdgeAttention = m.flag("attn2_has_gate", default: false)
    options.activation = try #require(Activation(name: m["activation_function"]?.text ?? ""))
    options.style = try #require(UpdateStyle(rawValue: m["update_style"]?.text ?? ""))
    options.normEpsilon = try m.number("ln_eps")
    options.usesRootOfCount = m.flag("use_sqrt_nnei", default: true)
    options.separatesConvolution = m.flag("g1_out_conv", default: true)
    options.separatesSelf = m.flag("g1_out_mlp", default: true)
    return options
  }

  private mutating func repformer(
    _ node: JSONValue, _ path: String, _ f: Activation
  ) throws -> RepformerLayer {
    func dense(
      _ keys: [String], _ activation: Activation, _ reader: inout ArrayReader
    ) throws -> DenseLayer? {
      var part: JSONValue? = node
      for key in keys { part = part?[key] }
      guard let part, part["@variables"] != nil else { return nil }
      return try reader.layer(
        part, "\(path)/\(keys.joined(separator: "/"))", activation: activation)
    }
    var layer = RepformerLayer(nodeOutput: try #require(try dense(["linear1"], f, &self)))
    layer.edgeSelf = try dense(["linear2"], f, &self)
    layer.nodeSelf = try dense(["g1_self_mlp"], f, &self)
    layer.convolution = try dense(["proj_g1g2"], .linear, &self)
    layer.nodeProduct = try dense(["proj_g1g1g2"], .linear, &self)
    if let queryKey = try dense(["attn2g_map", "mapqk"], .linear, &self) {
      var attention = EdgeAttention(queryKey: queryKey)
      if let value = try dense(["attn2_mh_apply", "mapv"], .linear, &self) {
        let output = try dense(["attn2_mh_apply", "head_map"], .linear, &self)
        let norm = try #require(node["attn2_lm"])
        attention.edges = .init(
          value: value, output: try #require(output),
          normWeights: try parameter(norm, "w", "\(path)/attn2_lm"),
          normBiases: try parameter(norm, "b", "\(path)/attn2_lm"))
      }
      attention.directions = try dense(["attn2_ev_apply", "head_map"], .linear, &self)
      layer.edgeAttention = attention
    }
    if let query = try dense(["loc_attn", "mapq"], .linear, &self) {
      let both = try dense(["loc_attn", "mapkv"], .linear, &self)
      let output = try dense(["loc_attn", "head_map"], .linear, &self)
      layer.nodeAttention = NodeAttention(
        query: query, keyValue: try #require(both), output: try #require(output))
    }
    if node["update_style"]?.text == "res_residual" {
      layer.nodeScales = try parameters(node, "g1_residual", path)
      layer.edgeScales = try parameters(node, "g2_residual", path)
      layer.directionScales = try parameters(node, "h2_residual", path)
    }
    return layer
  }
}
