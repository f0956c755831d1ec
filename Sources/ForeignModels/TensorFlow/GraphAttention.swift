import Files

/// The descriptor se_atten of TensorFlow, which is dpa1.
extension GraphModel {
  /// Reads the embedding net of `part`, the width of the axis, and the divisor.
  func readAttention(_ part: inout GraphDescriptor) throws {
    let scope = "filter_type_all\(part.suffix)"
    guard
      let network = try graph.network(
        scope, "", wanted: part.input["activation_function"]?.text)
    else { throw Unreadable("has no embedding net in the descriptor se_atten") }
    guard
      let axis = try graph.axis(in: graph.nodes(in: scope))
        ?? graph.axis(in: graph.nodes.filter { !$0.isOfGradients })
    else { throw Unreadable("does not tell the axis width of the descriptor se_atten") }
    (part.axisWidth, part.divisor) = axis
    part.networks = [network]
    part.excludedPairs = (part.input["exclude_types"]?.elements ?? []).compactMap {
      $0.elements?.compactMap(\.whole)
    }
    part.outputs = network.outputs * part.axisWidth
  }

  /// The object of `part`.
  mutating func attentionTree(of part: GraphDescriptor) throws -> JSONValue {
    let scope = "filter_type_all\(part.suffix)", input = part.input, network = part.networks[0]
    let isSingle = network.isSingle, types = try typeEmbedding()
    let gate = try graph.network(
      scope, "_two_side_ebd", wanted: input["activation_function"]?.text)
    let blocks = try attentionBlocks(part), width = types.outputs
    let usesElectrons = types.inputs != self.types
    let epsilon = blocks.first?["ln_eps"] ?? 1e-5
    let isSmooth =
      gate != nil
      && (input["smooth_type_embedding"]?.flag ?? (input["type"]?.text == "se_atten_v2"))
    let inner = try blocks.first?["hidden_dim"] ?? .integer(whole("attn", in: input) ?? 128)
    var members = commonMembers(part, isSingle: isSingle)
    members.merge([
      "type": "dpa1", "ntypes": .integer(self.types), "neuron": .integers(network.widths),
      "sel": .integers(part.slots), "axis_neuron": .integer(part.axisWidth),
      "tebd_dim": .integer(width), "tebd_input_mode": gate == nil ? "concat" : "strip",
      "attn": inner, "attn_layer": .integer(blocks.count),
      "attn_dotr": .bool(input["attn_dotr"]?.flag ?? true),
      "attn_mask": .bool(input["attn_mask"]?.flag ?? false),
      "activation_function": .string(network.activation),
      "resnet_dt": .bool(network.hasTimesteps), "scaling_factor": 1.0, "normalize": true,
      "temperature": 1.0, "trainable_ln": true, "ln_eps": epsilon,
      "smooth_type_embedding": .bool(isSmooth),
      "type_one_side": .bool(gate == nil && network.inputs == 1 + width),
      "concat_output_tebd": true, "use_econf_tebd": .bool(usesElectrons),
      "use_tebd_bias": .bool(types.layers[0].biases != nil),
      "embeddings": builder.collection([network], dimensions: 0, types: self.types),
      "type_embedding": builder.typeEmbedding(
        types, typeMap: typeMap, usesElectrons: usesElectrons),
      "attention_layers": attentionObject(blocks, of: part, inner, epsilon),
      "@variables": builder.variables([
        "davg": part.mean.stored(asSingle: isSingle),
        "dstd": part.deviation.stored(asSingle: isSingle),
      ]),
    ]) { $1 }
    if !blocks.isEmpty && members["attn_dotr"] == true {
      // TensorFlow's l2_normalize takes the larger of |u|² and 1e-12.
      members["attn_dotr_smallest"] = 1e-6
      members["@version"] = 100
    }
    if let gate {
      members["embeddings_strip"] = builder.collection([gate], dimensions: 0, types: self.types)
    }
    return .object(members)
  }

  private func whole(_ key: String, in input: JSONValue) throws -> Int? { input[key]?.whole }

  private func attentionObject(
    _ blocks: [JSONValue], of part: GraphDescriptor, _ inner: JSONValue, _ epsilon: JSONValue
  ) -> JSONValue {
    var members = attentionMembers(part, inner)
    members.merge([
      "@class": "NeighborGatedAttention", "@version": 1, "layer_num": .integer(blocks.count),
      "trainable_ln": true, "ln_eps": epsilon, "attention_layers": .array(blocks),
    ]) { $1 }
    return .object(members)
  }

  private func attentionMembers(
    _ part: GraphDescriptor, _ inner: JSONValue
  ) -> [String: JSONValue] {
    [
      "nnei": .integer(part.slots.reduce(0, +)), "embed_dim": .integer(part.networks[0].outputs),
      "hidden_dim": inner, "dotr": .bool(part.input["attn_dotr"]?.flag ?? true),
      "do_mask": .bool(part.input["attn_mask"]?.flag ?? false), "scaling_factor": 1.0,
      "normalize": true, "temperature": 1.0, "precision": .string(part.networks[0].precision),
    ]
  }

  /// The objects of the attention layers.
  private mutating func attentionBlocks(_ part: GraphDescriptor) throws -> [JSONValue] {
    var blocks: [JSONValue] = []
    while graph.hasConstant("attention_layer_\(blocks.count)\(part.suffix)/c_query/matrix") {
      let scope = "attention_layer_\(blocks.count)\(part.suffix)"
      guard part.input["type"] != nil else {
        throw Unreadable(
          "has attention layers, but no input that tells whether they use angles and masks")
      }
      let projections = try ["query", "key", "value"].map {
        try Layer(needed("\(scope)/c_\($0)/matrix"), needed("\(scope)/c_\($0)/bias"))
      }
      let inner = JSONValue.integer(projections[0].outputs)
      let norm = try (
        scale: needed("\(scope)/layer_normalization/gamma"),
        shift: needed("\(scope)/layer_normalization/beta")
      )
      let output = try Layer(needed("\(scope)/c_out/matrix"), needed("\(scope)/c_out/bias"))
      blocks.append(
        builder.attentionLayer(
          attentionMembers(part, inner), input: try Layer(joining: projections), output: output,
          norm: norm, epsilon: .number(try normEpsilon(scope)), isSmooth: false, trainsNorm: true))
    }
    return blocks
  }

  private func needed(_ name: String) throws -> Tensor {
    guard let tensor = try graph.tensor(name) else { throw Unreadable("lacks the array \(name)") }
    return tensor
  }

  /// The number that is added to the variance; TensorFlow's default is 1e-3.
  private func normEpsilon(_ scope: String) throws -> Double {
    var epsilon = 1e-3
    for node in graph.nodes(in: scope)
    where node.name.hasPrefix("\(scope)/layer_normalization/")
      && ["Add", "AddV2"].contains(node.operation)
    {
      for input in node.inputs { epsilon = try graph.number(input) ?? epsilon }
    }
    return epsilon
  }
}

extension Layer {
  /// A layer that gives the outputs of `layers`, which have the same input, one after the other.
  init(joining layers: [Layer]) throws {
    let inputs = layers[0].inputs
    guard layers.allSatisfy({ $0.inputs == inputs && $0.outputs == layers[0].outputs }) else {
      throw Unreadable("has attention layers whose matrices do not fit each other")
    }
    var values: [Double] = []
    for input in 0..<inputs {
      for layer in layers {
        values += layer.weights.values[input * layer.outputs..<(input + 1) * layer.outputs]
      }
    }
    let width = layers.reduce(0) { $0 + $1.outputs }, isSingle = layers[0].weights.isSingle
    let biases = layers.flatMap { $0.biases?.values ?? Array(repeating: 0, count: $0.outputs) }
    try self.init(
      Tensor(shape: [inputs, width], values: values, isSingle: isSingle),
      Tensor(shape: [width], values: biases, isSingle: isSingle))
  }
}
