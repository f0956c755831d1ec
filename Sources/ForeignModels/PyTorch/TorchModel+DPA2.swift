import Files

/// DPA-2 in models of PyTorch.
extension TorchModel {
  /// The object of the DPA-2 in the module `path`.
  mutating func dpa2(_ path: String, _ input: JSONValue) throws -> JSONValue {
    let first = "\(path).repinit", section = input["repinit"] ?? [:]
    let activation = try option("activation_function", of: first, section)?.text ?? "tanh"
    let net = try embeddings("\(first).filter_layers", count: 1, activation: activation)[0]
    let typeNet = try typeEmbedding(path), isSingle = net.isSingle
    let usesElectrons = input["use_econf_tebd"]?.flag ?? (typeNet.inputs != types)
    let threeBody = "\(path).repinit_three_body", hasThreeBody = has(threeBody)
    var members: [String: JSONValue] = [
      "@class": "Descriptor", "type": "dpa2", "@version": 3, "ntypes": .integer(types),
      "type_map": .strings(typeMap), "precision": isSingle ? "float32" : "float64",
      "trainable": true, "smooth": try option("smooth", of: first, input) ?? true,
      "exclude_types": try option("exclude_types", of: first, input) ?? [],
      "env_protection": try option("env_protection", of: first, input) ?? 0.0,
      "concat_output_tebd": input["concat_output_tebd"] ?? true,
      "add_tebd_to_repinit_out": .bool(has("\(path).tebd_transform")),
      "use_econf_tebd": .bool(usesElectrons),
      "use_tebd_bias": .bool(typeNet.layers[0].biases != nil),
      "type_embedding": builder.typeEmbedding(
        typeNet, typeMap: typeMap, usesElectrons: usesElectrons),
      "repinit_args": try repinitArguments(first, threeBody, section, net, typeNet),
      "repinit_variable": try block(first, activation: activation, isSingle: isSingle),
      "g1_shape_tranform": ["@class": "Identity", "@version": 1],
    ]
    for key in ["g1_shape_tranform", "tebd_transform"] where has("\(path).\(key)") {
      members[key] = builder.layer(try layer("\(path).\(key)"))
    }
    if hasThreeBody {
      members["repinit_three_body_variable"] = try block(
        threeBody, activation: activation, isSingle: isSingle)
    }
    let messages = "\(path).repformers"
    let arguments = try repformerArguments(messages, input["repformer"] ?? [:])
    members["repformer_args"] = .object(arguments)
    members["repformers_variable"] = try repformers(
      messages, epsilon: arguments["ln_eps"] ?? 1e-5, isSingle: isSingle)
    return .object(members)
  }

  /// The options `repinit_args` of the first block and of the three-body block.
  private func repinitArguments(
    _ first: String, _ threeBody: String, _ input: JSONValue, _ net: Network,
    _ typeNet: Network
  ) throws -> JSONValue {
    var members = try arguments(
      first, input,
      [
        "rcut": .null, "rcut_smth": .null, "axis_neuron": 16, "tebd_input_mode": "concat",
        "set_davg_zero": true, "activation_function": "tanh", "type_one_side": false,
      ])
    members.merge([
      "nsel": .integer(try slots(first)), "neuron": .integers(net.widths),
      "resnet_dt": .bool(net.hasTimesteps), "tebd_dim": .integer(typeNet.outputs),
      "use_three_body": .bool(has(threeBody)), "three_body_rcut": 4.0,
      "three_body_rcut_smth": 0.5, "three_body_sel": 40, "three_body_neuron": [2, 4, 8],
    ]) { $1 }
    for key in ["rcut", "rcut_smth", "sel", "neuron"] {
      if let value = input["three_body_\(key)"], value.text == nil {
        members["three_body_\(key)"] = value
      }
    }
    guard has(threeBody) else { return .object(members) }
    let widths = try embeddings("\(threeBody).filter_layers", count: 1, activation: "tanh")
    members["three_body_neuron"] = .integers(widths[0].widths)
    members["three_body_sel"] = .integer(try slots(threeBody))
    for key in ["rcut", "rcut_smth"] {
      if let value = try option(key, of: threeBody, [:]) { members["three_body_\(key)"] = value }
    }
    return .object(members)
  }

  /// The options `repformer_args`.
  private func repformerArguments(
    _ block: String, _ input: JSONValue
  ) throws -> [String: JSONValue] {
    var members = try arguments(
      block, input,
      [
        "rcut": .null, "rcut_smth": .null, "g1_dim": 128, "g2_dim": 16, "axis_neuron": 4,
        "direct_dist": false, "update_g1_has_conv": true, "update_g1_has_drrd": true,
        "update_g1_has_grrg": true, "update_g1_has_attn": true, "update_g2_has_g1g1": true,
        "update_g2_has_attn": true, "update_h2": false, "attn1_hidden": 64, "attn1_nhead": 4,
        "attn2_hidden": 16, "attn2_nhead": 4, "attn2_has_gate": false,
        "activation_function": "tanh", "update_style": "res_avg", "update_residual": 0.001,
        "update_residual_init": "norm", "set_davg_zero": true, "trainable_ln": true,
        "use_sqrt_nnei": true, "g1_out_conv": true, "g1_out_mlp": true, "ln_eps": 1e-5,
      ])
    var layers = 0
    while has("\(block).layers.\(layers)") { layers += 1 }
    members["nlayers"] = .integer(layers)
    members["nsel"] = .integer(try slots(block))
    return members
  }

  /// The values of the keys of `defaults`: those of the module, of the input, or these.
  private func arguments(
    _ module: String, _ input: JSONValue, _ defaults: [String: JSONValue]
  ) throws -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    for (key, usual) in defaults {
      members[key] = try option(key, of: module, input) ?? usual
    }
    return members
  }

  private func slots(_ block: String) throws -> Int {
    let shape = try needed("\(block).mean").shape
    guard shape.count == 3 else { throw Unreadable("has means of shape \(shape) in \(block)") }
    return shape[1]
  }

  /// The nets and statistics of a block that makes the first rows of atoms.
  private mutating func block(
    _ name: String, activation: String, isSingle: Bool
  ) throws -> JSONValue {
    var members: [String: JSONValue] = [
      "@variables": try statistics(name, isSingle: isSingle)
    ]
    for (key, module) in [
      ("embeddings", "filter_layers"), ("embeddings_strip", "filter_layers_strip"),
    ] where has("\(name).\(module)") {
      let nets = try embeddings("\(name).\(module)", count: 1, activation: activation)
      members[key] = builder.collection(nets, dimensions: 0, types: types)
    }
    return .object(members)
  }

  private mutating func statistics(_ block: String, isSingle: Bool) throws -> JSONValue {
    builder.variables([
      "davg": try needed("\(block).mean").stored(asSingle: isSingle),
      "dstd": try needed("\(block).stddev").stored(asSingle: isSingle),
    ])
  }

  /// The layers and statistics that exchange messages.
  private mutating func repformers(
    _ block: String, epsilon: JSONValue, isSingle: Bool
  ) throws -> JSONValue {
    var layers: [JSONValue] = []
    while has("\(block).layers.\(layers.count)") {
      layers.append(try repformer("\(block).layers.\(layers.count)", epsilon: epsilon))
    }
    return [
      "@variables": try statistics(block, isSingle: isSingle),
      "g2_embd": builder.layer(try layer("\(block).g2_embd")),
      "repformer_layers": .array(layers),
    ]
  }

  private mutating func repformer(_ name: String, epsilon: JSONValue) throws -> JSONValue {
    var members: [String: JSONValue] = ["@class": "RepformerLayer", "@version": 2]
    for key in ["linear1", "linear2", "proj_g1g2", "proj_g1g1g2", "g1_self_mlp"]
    where has("\(name).\(key)") {
      members[key] = builder.layer(try layer("\(name).\(key)"))
    }
    for (key, parts) in [
      ("attn2g_map", ["mapqk"]), ("attn2_mh_apply", ["mapv", "head_map"]),
      ("attn2_ev_apply", ["head_map"]), ("loc_attn", ["mapq", "mapkv", "head_map"]),
    ] where has("\(name).\(key)") {
      var inside: [String: JSONValue] = [:]
      for part in parts {
        inside[part] = builder.layer(try layer("\(name).\(key).\(part)"))
      }
      members[key] = .object(inside)
    }
    if has("\(name).attn2_lm") {
      let scale = try needed("\(name).attn2_lm.matrix"), shift = try needed("\(name).attn2_lm.bias")
      members["attn2_lm"] = [
        "@class": "LayerNorm", "@version": 1, "eps": epsilon, "trainable": true,
        "precision": .string(scale.precision),
        "@variables": builder.variables(["w": scale.row, "b": shift.row]),
      ]
    }
    var scales: [String: JSONValue] = [:]
    for key in ["g1_residual", "g2_residual", "h2_residual"] {
      var list: [JSONValue] = []
      while let vector = try tensor("\(name).\(key).\(list.count)") {
        list.append(builder.array(vector))
      }
      scales[key] = .array(list)
    }
    members["@variables"] = .object(scales)
    return .object(members)
  }
}
