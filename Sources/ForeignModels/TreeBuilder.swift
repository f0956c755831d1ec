import Files

/// Builds the tree of a model file, and collects its arrays.
///
/// Source: docs/FORMATS.md, "Models".
struct TreeBuilder {
  private(set) var arrays: [String: Tensor] = [:]

  /// Adds an array; gives the value that names the array in the tree.
  mutating func array(_ tensor: Tensor) -> JSONValue {
    let name = "/variable_\(arrays.count)"
    arrays[name] = tensor
    return .string(name)
  }

  /// The object `@variables` with `tensors`; nil becomes null.
  mutating func variables(_ tensors: KeyValuePairs<String, Tensor?>) -> JSONValue {
    var members: [String: JSONValue] = [:]
    for (key, tensor) in tensors { members[key] = tensor.map { array($0) } ?? .null }
    return .object(members)
  }

  mutating func layer(_ layer: Layer) -> JSONValue {
    [
      "@class": "Layer", "@version": 2, "bias": .bool(layer.biases != nil),
      "use_timestep": .bool(layer.timesteps != nil),
      "activation_function": .string(layer.activation), "resnet": .bool(layer.hasShortcut),
      "precision": .string(layer.weights.precision), "trainable": true,
      "@variables": variables(["w": layer.weights, "b": layer.biases, "idt": layer.timesteps]),
    ]
  }

  mutating func embedding(_ network: Network) -> JSONValue {
    var members = common(network)
    members["@class"] = "EmbeddingNetwork"
    members["@version"] = 2
    members["neuron"] = .integers(network.widths)
    members["bias"] = .bool(network.layers.contains { $0.biases != nil })
    return .object(members)
  }

  mutating func fitting(_ network: Network) -> JSONValue {
    var members = common(network)
    members["@class"] = "FittingNetwork"
    members["@version"] = 1
    members["neuron"] = .integers(Array(network.widths.dropLast()))
    members["out_dim"] = .integer(network.outputs)
    members["bias_out"] = .bool(network.layers[network.layers.count - 1].biases != nil)
    return .object(members)
  }

  private mutating func common(_ network: Network) -> [String: JSONValue] {
    var layers: [JSONValue] = []
    for layer in network.layers { layers.append(self.layer(layer)) }
    return [
      "in_dim": .integer(network.inputs), "activation_function": .string(network.activation),
      "resnet_dt": .bool(network.hasTimesteps), "precision": .string(network.precision),
      "layers": .array(layers),
    ]
  }

  /// A collection of `networks` for `types` types to the power of `dimensions`.
  mutating func collection(
    _ networks: [Network], dimensions: Int, types: Int, isFitting: Bool = false
  ) -> JSONValue {
    var list: [JSONValue] = []
    for network in networks { list.append(isFitting ? fitting(network) : embedding(network)) }
    return [
      "@class": "NetworkCollection", "@version": 1, "ndim": .integer(dimensions),
      "ntypes": .integer(types),
      "network_type": isFitting ? "fitting_network" : "embedding_network",
      "networks": .array(list),
    ]
  }

  /// The net of type embeddings; `usesElectrons` tells whether it takes the electrons of elements.
  mutating func typeEmbedding(
    _ network: Network, typeMap: [String], usesElectrons: Bool
  ) -> JSONValue {
    [
      "@class": "TypeEmbedNet", "@version": 2, "ntypes": .integer(typeMap.count),
      "neuron": .integers(network.widths), "resnet_dt": .bool(network.hasTimesteps),
      "precision": .string(network.precision), "activation_function": .string(network.activation),
      "trainable": true, "padding": true, "use_econf_tebd": .bool(usesElectrons),
      "use_tebd_bias": .bool(network.layers[0].biases != nil), "type_map": .strings(typeMap),
      "embedding": embedding(network),
    ]
  }

  /// The object of an attention layer with the members `shared`, whose layer norm has the arrays
  /// `scale` and `shift`.
  mutating func attentionLayer(
    _ shared: [String: JSONValue], input: Layer, output: Layer,
    norm: (scale: Tensor, shift: Tensor),
    epsilon: JSONValue, isSmooth: Bool, trainsNorm: Bool
  ) -> JSONValue {
    var layer = shared, block = shared
    layer.merge([
      "num_heads": 1, "bias": true, "smooth": .bool(isSmooth), "in_proj": self.layer(input),
      "out_proj": self.layer(output),
    ]) { $1 }
    block.merge([
      "trainable_ln": .bool(trainsNorm), "ln_eps": epsilon, "attention_layer": .object(layer),
      "attn_layer_norm": [
        "@class": "LayerNorm", "@version": 1, "eps": epsilon, "trainable": true,
        "precision": shared["precision"] ?? "float64",
        "@variables": variables(["w": norm.scale.row, "b": norm.shift.row]),
      ],
    ]) { $1 }
    return .object(block)
  }

  /// The object `model` of a model; the deviations of the output are 1 where none are given.
  mutating func model(
    typeMap: [String], descriptor: JSONValue, fitting: JSONValue, outputBias: Tensor,
    outputDeviation: Tensor? = nil, excludedTypes: JSONValue = [], excludedPairs: JSONValue = []
  ) -> JSONValue {
    [
      "@class": "Model", "type": "standard", "@version": 2, "type_map": .strings(typeMap),
      "atom_exclude_types": excludedTypes, "pair_exclude_types": excludedPairs, "rcond": .null,
      "preset_out_bias": .null, "descriptor": descriptor, "fitting": fitting,
      "@variables": variables([
        "out_bias": outputBias,
        "out_std": outputDeviation ?? Tensor(repeating: 1, shape: outputBias.shape),
      ]),
    ]
  }
}

extension JSONValue {
  /// The elements of a list; nil for anything else.
  var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

  /// The integer, also if it is written as a number; nil for anything else.
  var whole: Int? { number.flatMap { Int(exactly: $0) } }

  /// The truth value; nil for anything else.
  var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }

  /// The value, unless it is null, false, 0, or empty.
  var unlessEmpty: JSONValue? {
    switch self {
    case .null, false, 0, 0.0, "", [], [:]: nil
    default: self
    }
  }
}
