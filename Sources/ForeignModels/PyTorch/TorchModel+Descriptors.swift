import Files

extension TorchModel {
  /// The object of the descriptor in the module `path`.
  mutating func descriptor(_ path: String, _ input: JSONValue) throws -> JSONValue {
    if has("\(path).descrpt_list") {
      let list = input["list"]?.elements ?? []
      var parts: [JSONValue] = []
      for (number, part) in list.enumerated() {
        parts.append(try descriptor("\(path).descrpt_list.\(number)", part))
      }
      guard !parts.isEmpty else { throw Unreadable("has a hybrid descriptor without parts") }
      return ["@class": "Descriptor", "type": "hybrid", "@version": 1, "list": .array(parts)]
    }
    if has("\(path).sea") { return try pairDescriptor("\(path).sea", input, "se_e2_a") }
    if has("\(path).seat") { return try pairDescriptor("\(path).seat", input, "se_e3") }
    if has("\(path).se_atten") { return try attentionDescriptor(path, input) }
    if has("\(path).se_ttebd") { return try angleDescriptor(path, input) }
    if has("\(path).repinit") { return try dpa2(path, input) }
    if has("\(path).repflows") { return try messageDescriptor(path, input) }
    if has("\(path).filter_layers") { return try pairDescriptor(path, input, "se_r") }
    throw Unreadable("has the descriptor '\(input["type"]?.text ?? "?")', which is not supported")
  }

  /// The members that the objects of all descriptors have.
  private mutating func commonMembers(
    _ block: String, _ input: JSONValue, isSingle: Bool
  ) throws -> [String: JSONValue] {
    guard let outer = try option("rcut", of: block, input)?.number,
      let inner = try option("rcut_smth", of: block, input)?.number,
      let given = try option("sel", of: block, input)
    else { throw Unreadable("does not tell rcut, rcut_smth and sel") }
    let slots = given.elements?.compactMap(\.whole) ?? given.whole.map { [$0] } ?? []
    let mean = try needed("\(block).mean"), deviation = try needed("\(block).stddev")
    guard mean.shape.count == 3, slots.reduce(0, { $0 &+ $1 }) == mean.shape[1] else {
      throw Unreadable("has sel \(slots), which does not fit means of shape \(mean.shape)")
    }
    let protection = try option("env_protection", of: block, input)?.number ?? 0
    return [
      "@class": "Descriptor", "@version": 2, "rcut": .number(outer), "rcut_smth": .number(inner),
      "sel": .integers(slots), "trainable": true, "env_protection": .number(protection),
      "exclude_types": try option("exclude_types", of: block, input) ?? [],
      "env_mat": environmentObject(outer, inner, protection: protection),
      "precision": isSingle ? "float32" : "float64", "type_map": .strings(typeMap),
      "set_davg_zero": .bool(input["set_davg_zero"]?.flag ?? false),
      "@variables": builder.variables([
        "davg": mean.stored(asSingle: isSingle), "dstd": deviation.stored(asSingle: isSingle),
      ]),
    ]
  }

  private func activation(_ block: String, _ input: JSONValue) throws -> String {
    try option("activation_function", of: block, input)?.text ?? "tanh"
  }

  /// The object of a descriptor with nets for types or pairs of types.
  private mutating func pairDescriptor(
    _ block: String, _ input: JSONValue, _ kind: String
  ) throws -> JSONValue {
    let oneSide = try option("type_one_side", of: block, input)?.flag ?? false
    let isOneSided = kind == "se_r" || (kind == "se_e2_a" && oneSide)
    let activation = try activation(block, input)
    let nets = try embeddings(
      "\(block).filter_layers", count: isOneSided ? types : types * types, activation: activation)
    var members = try commonMembers(block, input, isSingle: nets[0].isSingle)
    members.merge([
      "type": .string(kind), "neuron": .integers(nets[0].widths),
      "resnet_dt": .bool(nets[0].hasTimesteps), "activation_function": .string(activation),
      "embeddings": builder.collection(nets, dimensions: isOneSided ? 1 : 2, types: types),
    ]) { $1 }
    if kind != "se_e3", let tables = try compress(block, count: nets.count) {
      members["compress"] = tables
      members["@version"] = 3
    }
    if kind != "se_e3" { members["type_one_side"] = .bool(isOneSided) }
    if kind == "se_e2_a" {
      members["axis_neuron"] = .integer(
        try option("axis_neuron", of: block, input)?.whole ?? 4)
      members["spin"] = .null
    }
    return .object(members)
  }

  /// The object `compress` of the tables that the model has besides its `count` nets; nil if it has
  /// none.
  private mutating func compress(_ block: String, count: Int) throws -> JSONValue? {
    var data: [JSONValue] = [], layouts: [JSONValue] = [], hasNumbers = false
    for number in 0..<count {
      guard let table = try tensor("\(block).compress_data.\(number)"),
        let layout = try tensor("\(block).compress_info.\(number)")
      else { return nil }
      hasNumbers = hasNumbers || !table.values.isEmpty
      data.append(builder.array(table))
      layouts.append(builder.array(layout))
    }
    guard hasNumbers else { return nil }
    return ["@variables": ["compress_data": .array(data), "compress_info": .array(layouts)]]
  }

  func typeEmbedding(_ path: String) throws -> Network {
    let module = "\(path).type_embedding.embedding"
    let inner = "\(module).embedding_net"
    return try embedding(hasLayers(inner) ? inner : module, activation: "Linear")
  }

  /// The members that descriptors with type embeddings have, and their nets.
  private mutating func typedMembers(
    _ path: String, _ block: String, _ input: JSONValue, mode: String
  ) throws -> (members: [String: JSONValue], network: Network) {
    let activation = try activation(block, input)
    guard ["concat", "strip"].contains(mode) else {
      throw Unreadable("has the tebd_input_mode '\(mode)', which is not supported")
    }
    let net = try embeddings("\(block).filter_layers", count: 1, activation: activation)[0]
    let typeNet = try typeEmbedding(path)
    let usesElectrons = input["use_econf_tebd"]?.flag ?? (typeNet.inputs != types)
    var members = try commonMembers(block, input, isSingle: net.isSingle)
    members.merge([
      "ntypes": .integer(types), "neuron": .integers(net.widths),
      "tebd_dim": .integer(typeNet.outputs), "activation_function": .string(activation),
      "resnet_dt": .bool(net.hasTimesteps),
      "set_davg_zero": .bool(input["set_davg_zero"]?.flag ?? true),
      "concat_output_tebd": .bool(input["concat_output_tebd"]?.flag ?? true),
      "use_econf_tebd": .bool(usesElectrons),
      "use_tebd_bias": .bool(typeNet.layers[0].biases != nil),
      "embeddings": builder.collection([net], dimensions: 0, types: types),
      "type_embedding": builder.typeEmbedding(
        typeNet, typeMap: typeMap, usesElectrons: usesElectrons),
    ]) { $1 }
    if mode == "strip" {
      let gate = try embeddings("\(block).filter_layers_strip", count: 1, activation: activation)
      members["embeddings_strip"] = builder.collection(gate, dimensions: 0, types: types)
    }
    return (members, net)
  }

  private mutating func angleDescriptor(_ path: String, _ input: JSONValue) throws -> JSONValue {
    let mode = input["tebd_input_mode"]?.text ?? "concat"
    var members = try typedMembers(path, "\(path).se_ttebd", input, mode: mode).members
    members.merge([
      "type": "se_e3_tebd", "@version": 1, "tebd_input_mode": .string(mode),
      "smooth": .bool(input["smooth"]?.flag ?? true),
    ]) { $1 }
    return .object(members)
  }

  private mutating func attentionDescriptor(
    _ path: String, _ input: JSONValue
  ) throws -> JSONValue {
    let block = "\(path).se_atten"
    let isSecond = input["type"] == "se_atten_v2"
    let isStripped = isSecond || input["stripped_type_embedding"]?.flag == true
    let mode = input["tebd_input_mode"]?.text ?? (isStripped ? "strip" : "concat")
    var (members, net) = try typedMembers(path, block, input, mode: mode)
    let isSmooth =
      try option("smooth", of: block, [:])?.flag
      ?? (isSecond || input["smooth_type_embedding"]?.flag ?? true)
    let shared = attentionMembers(members, net, input)
    let blocks = try attentionBlocks("\(block).dpa1_attention", shared, isSmooth, input)
    let epsilon: JSONValue = .number(input["ln_eps"]?.number ?? 1e-5)
    let trainable: JSONValue = .bool(input["trainable_ln"]?.flag ?? true)
    var layers = shared
    layers.merge([
      "@class": "NeighborGatedAttention", "@version": 1, "layer_num": .integer(blocks.count),
      "trainable_ln": trainable, "ln_eps": epsilon, "attention_layers": .array(blocks),
    ]) { $1 }
    members.merge([
      "type": isSecond ? "se_atten_v2" : "dpa1",
      "axis_neuron": .integer(try option("axis_neuron", of: block, input)?.whole ?? 16),
      "attn": shared["hidden_dim"] ?? 128, "attn_layer": .integer(blocks.count),
      "attn_dotr": shared["dotr"] ?? true, "attn_mask": shared["do_mask"] ?? false,
      "scaling_factor": shared["scaling_factor"] ?? 1.0, "normalize": shared["normalize"] ?? true,
      "temperature": shared["temperature"] ?? .null, "trainable_ln": trainable, "ln_eps": epsilon,
      "type_one_side": .bool(input["type_one_side"]?.flag ?? false), "spin": .null,
      "attention_layers": .object(layers),
    ]) { $1 }
    if !isSecond {
      members["tebd_input_mode"] = .string(mode)
      members["smooth_type_embedding"] = .bool(isSmooth)
    }
    return .object(members)
  }

  private func attentionMembers(
    _ descriptor: [String: JSONValue], _ net: Network, _ input: JSONValue
  ) -> [String: JSONValue] {
    let slots = descriptor["sel"]?.elements?.compactMap(\.whole) ?? []
    return [
      "nnei": .integer(slots.reduce(0, +)), "embed_dim": .integer(net.outputs),
      "hidden_dim": .integer(input["attn"]?.whole ?? 128),
      "dotr": .bool(input["attn_dotr"]?.flag ?? true),
      "do_mask": .bool(input["attn_mask"]?.flag ?? false),
      "scaling_factor": .number(input["scaling_factor"]?.number ?? 1),
      "normalize": .bool(input["normalize"]?.flag ?? true),
      "temperature": input["temperature"] ?? .null, "precision": .string(net.precision),
    ]
  }

  /// The objects of the attention layers in the module `module`.
  private mutating func attentionBlocks(
    _ module: String, _ shared: [String: JSONValue], _ isSmooth: Bool, _ input: JSONValue
  ) throws -> [JSONValue] {
    let epsilon: JSONValue = .number(input["ln_eps"]?.number ?? 1e-5)
    var blocks: [JSONValue] = []
    while has("\(module).attention_layers.\(blocks.count).attention_layer.in_proj") {
      let name = "\(module).attention_layers.\(blocks.count)"
      let norm = try (
        scale: needed("\(name).attn_layer_norm.matrix"),
        shift: needed("\(name).attn_layer_norm.bias")
      )
      blocks.append(
        builder.attentionLayer(
          shared, input: try layer("\(name).attention_layer.in_proj"),
          output: try layer("\(name).attention_layer.out_proj"), norm: norm, epsilon: epsilon,
          isSmooth: isSmooth, trainsNorm: input["trainable_ln"]?.flag ?? true))
    }
    return blocks
  }
}
