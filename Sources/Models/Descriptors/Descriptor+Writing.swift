import DeepPotential
import Files
import Kernels

extension Descriptor {
  /// Makes the object `descriptor` of a model file.
  func tree(
    typeMap: [String], parameters: Parameters, with writer: inout ModelWriter
  ) -> JSONValue {
    guard case .hybrid(let hybrid) = self else {
      return partTree(typeMap: typeMap, parameters: parameters, with: &writer)
    }
    let list = hybrid.parts.map {
      $0.partTree(typeMap: typeMap, parameters: parameters, with: &writer)
    }
    return [
      "@class": "Descriptor", "type": "hybrid", "@version": 1, "list": .array(list),
    ]
  }

  /// The object of a descriptor that is no hybrid.
  private func partTree(
    typeMap: [String], parameters: Parameters, with writer: inout ModelWriter
  ) -> JSONValue {
    let options = options, types = typeMap.count
    var members = options.members(types: types, forModels: true)
    members.merge([
      "@class": "Descriptor", "type": .string(options.nameInModels), "@version": 2,
      "env_mat": environmentMatrix(
        options.innerCutoff, options.outerCutoff, protection: options.protection),
      "type_map": .strings(typeMap),
    ]) { _, ours in ours }
    let maker = TreeMaker(options: options, typeMap: typeMap, parameters: parameters)
    if case .dpa2(let part) = self {
      // Files of DeePMD-kit have such an object in each block.
      members["env_mat"] = nil
      maker.addTypes(part.typeEmbedding, part.options.first.types, to: &members, &writer)
      let tree = DPA2Tree(descriptor: part, parameters: parameters)
      members.merge(tree.members(&writer, normalization: maker.normalization)) { $1 }
      return .object(members)
    }
    if case .dpa3(let part) = self {
      maker.addMessages(part, to: &members, &writer)
      return .object(members)
    }
    switch self {
    case .seE2A(let part):
      members["spin"] = .null
      maker.addNets(
        part.embeddings, dimensions: part.options.typeOneSide ? 1 : 2, to: &members, &writer)
    case .seE2R(let part):
      members["spin"] = .null
      maker.addNets(
        part.embeddings, dimensions: part.options.typeOneSide ? 1 : 2, to: &members, &writer)
      if !part.options.typeOneSide, !part.embeddings.isEmpty {
        members["@version"] = .integer(versionOfOwnKinds)
      }
    case .seE3(let part):
      var networks = Array(repeating: DenseNetwork?.none, count: types * types)
      for (pair, network) in zip(SeE3.typePairs(types), part.embeddings) {
        networks[pair.first + types * pair.second] = network
      }
      members["embeddings"] = maker.collection(networks, dimensions: 2, &writer)
    case .seE3TypeEmbedding(let part):
      members["@version"] = 1
      members["use_tebd_bias"] = nil
      maker.addTypes(
        part.typeEmbedding, part.options.types, part.embedding, part.gate, to: &members, &writer)
    case .dpa1(let part):
      members["spin"] = .null
      members["attn_mask"] = false
      members["attention_layers"] = maker.attention(part, &writer)
      let least = part.options.attention.smallestLength
      if least != AttentionOptions.usualSmallestLength {
        members[DPA1Options.smallestLengthKey] = .number(least)
        members["@version"] = .integer(versionOfOwnKinds)
      }
      maker.addTypes(
        part.typeEmbedding, part.options.types, part.embedding, part.gate, to: &members, &writer)
    case .dpa2, .dpa3, .hybrid: preconditionFailure("done above; a hybrid inside a hybrid")
    }
    members["@variables"] = maker.normalization(
      parts[0].normalizations[0], options.lists[0], &writer)
    return .object(members)
  }
}

/// Makes the objects of a descriptor's networks.
struct TreeMaker {
  let options: DescriptorOptions, typeMap: [String], parameters: Parameters

  /// Mean and deviation of the rows of `list`.
  func normalization(
    _ rows: ListNormalization, _ list: ListOptions, _ writer: inout ModelWriter
  ) -> JSONValue {
    let shape = [typeMap.count, list.slotCount, list.rowWidth]
    return [
      "davg": writer.array(rows.mean, shape: shape, options.precision),
      "dstd": writer.array(rows.deviation, shape: shape, options.precision),
    ]
  }

  func collection(
    _ networks: [DenseNetwork?], dimensions: Int, _ writer: inout ModelWriter
  ) -> JSONValue {
    writer.collection(
      networks, of: parameters, dimensions: dimensions, types: typeMap.count, isFitting: false,
      activation: options.activation, resnetTimestep: options.resnetTimestep,
      trainable: options.neuron.map { _ in options.trainable })
  }

  /// Adds the nets of types or pairs of types, and the tables in place of them or besides them.
  func addNets(
    _ networks: [DenseNetwork], dimensions: Int, to members: inout [String: JSONValue],
    _ writer: inout ModelWriter
  ) {
    if !networks.isEmpty {
      members["embeddings"] = collection(networks, dimensions: dimensions, &writer)
    }
    if options.tables.isEmpty { return }
    members["compress"] = writer.compress(options.tables, options.precision)
    members["@version"] = networks.isEmpty ? 1 : 3
    if networks.isEmpty { members["type"] = .string(options.nameInModels + tabulatedEnding) }
  }

  /// Adds the members that only descriptors with type embeddings have.
  func addTypes(
    _ types: DenseNetwork, _ typeOptions: TypeEmbeddingOptions, _ embedding: DenseNetwork,
    _ gate: DenseNetwork?, to members: inout [String: JSONValue], _ writer: inout ModelWriter
  ) {
    members["embeddings"] = collection([embedding], dimensions: 0, &writer)
    if let gate { members["embeddings_strip"] = collection([gate], dimensions: 0, &writer) }
    addTypes(types, typeOptions, to: &members, &writer)
  }

  /// Adds the net that gives the type embeddings.
  func addTypes(
    _ types: DenseNetwork, _ typeOptions: TypeEmbeddingOptions,
    to members: inout [String: JSONValue], _ writer: inout ModelWriter
  ) {
    members["ntypes"] = .integer(typeMap.count)
    members["type_embedding"] = [
      "@class": "TypeEmbedNet", "@version": 2, "ntypes": .integer(typeMap.count),
      "neuron": [.integer(typeOptions.width)], "resnet_dt": false,
      "precision": .string(options.precision.rawValue), "activation_function": "Linear",
      "trainable": .bool(options.trainable), "padding": true,
      "use_econf_tebd": .bool(typeOptions.usesElectrons),
      "use_tebd_bias": .bool(typeOptions.hasBias), "type_map": .strings(typeMap),
      "embedding": writer.network(
        types, of: parameters, isFitting: false, activation: "Linear", resnetTimestep: false,
        trainable: [options.trainable]),
    ]
  }

  /// Makes the object `attention_layers` of DPA-1.
  func attention(_ part: DPA1, _ writer: inout ModelWriter) -> JSONValue {
    let attention = part.options.attention, precision = options.precision
    let inner = attention.width, width = part.embedding.outputs
    let common: [String: JSONValue] = [
      "nnei": .integer(part.slotCount), "embed_dim": .integer(width),
      "hidden_dim": .integer(inner), "dotr": .bool(attention.usesAngles), "do_mask": false,
      "scaling_factor": .number(attention.scaling), "normalize": .bool(attention.normalizes),
      "temperature": attention.temperature.map { .number($0) } ?? .null,
      "precision": .string(precision.rawValue),
    ]
    let epsilon = JSONValue.number(attention.normEpsilon)
    let norm: [String: JSONValue] = [
      "trainable_ln": .bool(attention.trainableNorm), "ln_eps": epsilon,
    ]
    let layers = part.attention.map { layer -> JSONValue in
      let inside: [String: JSONValue] = [
        "num_heads": 1, "bias": true, "smooth": .bool(part.options.isSmooth),
        "in_proj": writer.layer(
          layer.projection, precision, parameters, trainable: options.trainable),
        "out_proj": writer.layer(
          layer.output, precision, parameters, trainable: options.trainable),
      ]
      let whole: [String: JSONValue] = [
        "attention_layer": .object(common.merging(inside) { $1 }),
        "attn_layer_norm": writer.layerNorm(
          weights: layer.normWeights, biases: layer.normBiases, precision, parameters,
          epsilon: attention.normEpsilon,
          trainable: options.trainable && attention.trainableNorm),
      ]
      return .object(common.merging(norm) { $1 }.merging(whole) { $1 })
    }
    let members: [String: JSONValue] = [
      "@class": "NeighborGatedAttention", "@version": 1, "layer_num": .integer(layers.count),
      "attention_layers": .array(layers),
    ]
    return .object(common.merging(norm) { $1 }.merging(members) { $1 })
  }
}

/// The object of an environment matrix between two cutoffs in Å; DeePMD-kit writes no more of that
/// of a block or of messages, whatever the options say.
func environmentMatrix(
  _ inner: Double, _ outer: Double, protection: Double = 0
) -> JSONValue {
  [
    "rcut": .number(outer), "rcut_smth": .number(inner), "protection": .number(protection),
    "use_exp_switch": false,
  ]
}
