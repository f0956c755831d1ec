import Files

/// DPA-3 in models of PyTorch.
extension TorchModel {
  /// The object of a descriptor `dpa3`.
  mutating func messageDescriptor(_ path: String, _ input: JSONValue) throws -> JSONValue {
    let block = "\(path).repflows"
    if has("\(path).chg_embedding") {
      throw Unreadable("has a descriptor 'dpa3' with add_chg_spin_ebd, which is not supported")
    }
    let mean = try needed("\(block).mean"), deviation = try needed("\(block).stddev")
    guard mean.shape.count == 3 else { throw Unreadable("has means of shape \(mean.shape)") }
    let arguments = try repflowArguments(block, input, slots: mean.shape[1])
    let activation = try option("activation_function", of: path, input)?.text ?? "silu"
    let edge = try layer("\(block).edge_embd"), types = try typeEmbedding(path)
    let isSingle = edge.weights.isSingle, usesElectrons = types.inputs != typeMap.count
    let shared = arguments.merging([
      "precision": .string(edge.weights.precision), "activation_function": .string(activation),
      "ntypes": .integer(typeMap.count),
    ]) { $1 }
    let variables = builder.variables([
      "davg": mean.stored(asSingle: isSingle), "dstd": deviation.stored(asSingle: isSingle),
    ])
    let inside: JSONValue = [
      "edge_embd": linear(edge), "angle_embd": linear(try layer("\(block).angle_embd")),
      "repflow_layers": .array(try messageLayers(block, shared)), "@variables": variables,
      "env_mat": environmentObject(
        arguments["e_rcut"]?.number ?? 0, arguments["e_rcut_smth"]?.number ?? 0, protection: 0),
    ]
    func flag(_ key: String) -> JSONValue { .bool(input[key]?.flag ?? false) }
    return [
      "@class": "Descriptor", "@version": 2, "type": "dpa3", "trainable": true,
      "ntypes": .integer(typeMap.count), "type_map": .strings(typeMap),
      "repflow_args": .object(arguments), "repflow_variable": inside,
      "activation_function": .string(activation), "precision": .string(edge.weights.precision),
      "concat_output_tebd": flag("concat_output_tebd"), "use_econf_tebd": .bool(usesElectrons),
      "use_tebd_bias": .bool(types.layers[0].biases != nil), "use_loc_mapping": true,
      "exclude_types": try option("exclude_types", of: block, input) ?? [],
      "env_protection": .number(try option("env_protection", of: block, input)?.number ?? 0),
      "add_chg_spin_ebd": false, "default_chg_spin": .null,
      "type_embedding": builder.typeEmbedding(
        types, typeMap: typeMap, usesElectrons: usesElectrons),
    ]
  }

  /// The object `repflow_args`, with DeePMD-kit's values for what the model does not tell.
  private func repflowArguments(
    _ block: String, _ input: JSONValue, slots: Int
  ) throws -> [String: JSONValue] {
    let given = input["repflow"] ?? [:]
    var members: [String: JSONValue] = [:]
    for name in ["e_rcut", "e_rcut_smth", "a_rcut", "a_rcut_smth", "a_sel"] {
      guard let value = try option(name, of: block, given), value.number != nil else {
        throw Unreadable("does not tell \(name)")
      }
      members[name] = value
    }
    for (name, usual) in usualArguments {
      let alias = ["edge_init_use_dist": "edge_use_dist", "use_exp_switch": "use_env_envelope"]
      members[name] =
        try option(name, of: block, given) ?? alias[name].flatMap { given[$0] } ?? usual
    }
    if given["skip_stat"] == true { members["fix_stat_std"] = 0.3 }
    members["e_sel"] = .integer(slots)
    return members
  }

  private mutating func messageLayers(
    _ block: String, _ shared: [String: JSONValue]
  ) throws -> [JSONValue] {
    var members = shared, layers: [JSONValue] = []
    for name in ["nlayers", "fix_stat_std", "edge_init_use_dist", "use_exp_switch"] {
      members[name] = nil
    }
    members.merge(["@class": "RepFlowLayer", "@version": 2]) { $1 }
    while has("\(block).layers.\(layers.count)") {
      let module = "\(block).layers.\(layers.count)"
      var layer = members
      for name in layerNames where has("\(module).\(name)") {
        layer[name] = linear(try self.layer("\(module).\(name)"))
      }
      if members["update_style"] == "res_residual" {
        var scales: [String: JSONValue] = [:]
        for name in ["n_residual", "e_residual", "a_residual"] {
          var list: [JSONValue] = []
          while let vector = try tensor("\(module).\(name).\(list.count)") {
            list.append(builder.array(vector))
          }
          scales[name] = .array(list)
        }
        layer["@variables"] = .object(scales)
      }
      layers.append(.object(layer))
    }
    return layers
  }

  /// The object of a layer, which model files have without what follows it.
  private mutating func linear(_ layer: Layer) -> JSONValue {
    var layer = layer
    (layer.activation, layer.hasShortcut) = ("none", false)
    return builder.layer(layer)
  }
}

private let layerNames = [
  "node_self_mlp", "node_sym_linear", "node_edge_linear", "edge_self_linear",
  "edge_angle_linear1", "edge_angle_linear2", "angle_self_linear", "a_compress_n_linear",
  "a_compress_e_linear",
]

/// What DeePMD-kit takes where nothing is said.
private let usualArguments: [(String, JSONValue)] = [
  ("n_dim", 128), ("e_dim", 64), ("a_dim", 64), ("nlayers", 6), ("a_compress_rate", 0),
  ("a_compress_e_rate", 1), ("a_compress_use_split", false), ("n_multi_edge_message", 1),
  ("axis_neuron", 4), ("fix_stat_std", 0.3), ("update_angle", true),
  ("update_style", "res_residual"), ("update_residual", 0.1), ("update_residual_init", "const"),
  ("optim_update", true), ("smooth_edge_update", false), ("edge_init_use_dist", false),
  ("use_exp_switch", false), ("use_dynamic_sel", false), ("sel_reduce_factor", 10.0),
  ("sequential_update", false),
]
