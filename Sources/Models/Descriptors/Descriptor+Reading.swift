import DeepPotential
import Diagnostics
import Files
import Kernels

extension Descriptor {
  /// Reads the descriptor `node` of a model with the types of `typeMap`.
  ///
  /// A compressed model has tables, and its networks, too, unless it is one that had none (see
  /// `tabulatedEnding`).  Throws `.data` if the node is wrong or not supported.
  init(_ node: ModelNode, typeMap: [String], with networks: inout NetworkReader) throws {
    var options = try node.descriptorOptions
    let versions = node.isTabulated ? 1...1 : node.versionOfPairs(options) ?? options.versions
    try node.check(class: "Descriptor", versions: versions)
    try node.check(keys: options.keyNames + options.otherKeys)
    if case .hybrid = options {
      self = .hybrid(try Hybrid(node, typeMap: typeMap, with: &networks))
      return
    }
    try node.refuseUnsupportedOfDescriptor()
    if node.has("type_map"), try node.strings("type_map") != typeMap {
      throw node.wrong("type_map", "the model's, \(typeMap.joined(separator: " "))")
    }
    try options.read(from: node, types: typeMap.count)
    try node.check(options.conflicts(typeMap: typeMap))
    switch options {
    case .seE2A(let options): self = .seE2A(try SeE2A(node, options, with: &networks))
    case .seE2R(let options): self = .seE2R(try SeE2R(node, options, with: &networks))
    case .seE3(let options): self = .seE3(try SeE3(node, options, with: &networks))
    case .seE3TypeEmbedding(let options):
      self = .seE3TypeEmbedding(
        try SeE3TypeEmbedding(node, options, typeMap: typeMap, with: &networks))
    case .dpa1(let options):
      self = .dpa1(try DPA1(node, options, typeMap: typeMap, with: &networks))
    case .dpa2(let options):
      self = .dpa2(try DPA2(node, options, typeMap: typeMap, with: &networks))
    case .dpa3(let options):
      self = .dpa3(try DPA3(node, options, typeMap: typeMap, with: &networks))
    case .hybrid: preconditionFailure("hybrids are read above")
    }
  }
}

extension DescriptorOptions {
  /// The versions of the object `descriptor` that this program knows.
  fileprivate var versions: ClosedRange<Int> {
    switch self {
    case .seE2A, .seE2R, .seE3: 1...3
    case .seE3TypeEmbedding, .dpa3: 1...2
    case .dpa1, .dpa2: 1...4
    case .hybrid: 1...1
    }
  }

  /// The keys of the object `descriptor` that are not options.
  fileprivate var otherKeys: [String] {
    let common = ["env_mat", "embeddings", "type_map", "compress", "spin"]
    let types = ["ntypes", "type_embedding", "embeddings_strip"]
    return switch self {
    case .seE2A, .seE2R, .seE3: common
    case .seE3TypeEmbedding: common + types + ["use_tebd_bias"]
    case .dpa1:
      common + types + ["attn_mask", "attention_layers", "lmax", "geo_compress", "type_embd_data"]
    case .dpa2:
      [
        "ntypes", "type_map", "type_embedding", "g1_shape_tranform", "tebd_transform",
        "repinit_variable", "repinit_three_body_variable", "repformers_variable", "spin",
      ]
    case .dpa3:
      [
        "ntypes", "type_map", "type_embedding", "repflow_args", "repflow_variable",
        "add_chg_spin_ebd", "default_chg_spin",
      ]
    case .hybrid: []
    }
  }
}

extension ModelNode {
  /// New options for the kind of descriptor that the object names; throws `.data` for a kind that
  /// is not supported.
  var descriptorOptions: DescriptorOptions {
    get throws {
      let named = DescriptorOptions.named, type = try string("type")
      let tabulated = ["se_e2_a", "se_r"].first { $0 + tabulatedEnding == type }
      guard let known = named.first(where: { $0.name == tabulated ?? type }) else {
        throw unsupported(type, of: "descriptor", among: named.map(\.name))
      }
      return known.options
    }
  }

  /// The version of `se_e2_r` with nets for pairs, if the object is of that.
  fileprivate func versionOfPairs(_ options: DescriptorOptions) -> ClosedRange<Int>? {
    let version = SeE2ROptions.versionOfPairs
    guard case .seE2R = options, members["@version"] == .integer(version),
      members["type_one_side"] == false
    else { return nil }
    return version...version
  }

  fileprivate func refuseUnsupportedOfDescriptor() throws {
    try refuse("spin")
    try refuse("attn_mask", unless: .bool(false))
    try refuse("lmax", unless: .integer(1))
    try refuse("add_chg_spin_ebd", unless: .bool(false))
  }

  /// Gives `descriptor` with the mean and deviation of its rows from the file.
  fileprivate func statistics<Part: LocalDescriptor>(of descriptor: Part) throws -> Part {
    var descriptor = descriptor
    descriptor.normalizations = [
      try normalization(of: descriptor.options.lists[0], types: descriptor.typeCount)
    ]
    return descriptor
  }

  /// The mean and deviation of the rows of `list` from the file.
  func normalization(of list: ListOptions, types: Int) throws -> ListNormalization {
    let shape = [types, list.slotCount, list.rowWidth]
    let deviation = try array("dstd", shape: shape)
    guard deviation.allSatisfy({ $0 > 0 }) else {
      throw ToolError(.data, at: "\(place)/@variables/dstd", "is not positive everywhere")
    }
    return ListNormalization(mean: try array("davg", shape: shape), deviation: deviation)
  }

  /// Throws unless each network of the collection `key` takes `inputs` numbers and is as wide as
  /// `neuron` says.
  fileprivate func check(
    _ networks: [DenseNetwork], _ key: String, inputs: Int, neuron: [Int]
  ) throws {
    for (index, network) in networks.enumerated() {
      guard network.inputs == inputs, network.layers.map(\.outputs) == neuron else {
        let widths = ([inputs] + neuron).map(String.init).joined(separator: "-")
        throw ToolError(
          .data, at: "\(place)/\(key)/networks[\(index)]", "does not have the layers \(widths)")
      }
    }
  }

  /// Reads the nets in the collection `key`, which take `inputs` numbers each.
  func embeddings(
    _ key: String, _ options: some DescriptorPartOptions, dimensions: Int, types: Int,
    inputs: Int, numbers: [Int]? = nil, with networks: inout NetworkReader
  ) throws -> [DenseNetwork] {
    let nets = try networks.collection(
      node(key), dimensions: dimensions, types: types, isFitting: false,
      precision: options.precision, numbers: numbers)
    try check(nets, key, inputs: inputs, neuron: options.neuron)
    return nets
  }

  /// The object of a layer norm, `key`, of which `epsilon` is known.
  func layerNorm(_ key: String, epsilon: Double) throws -> ModelNode {
    let norm = try node(key)
    try norm.check(class: "LayerNorm", versions: 1...1)
    guard try norm.number("eps") == epsilon else {
      throw norm.wrong("eps", "ln_eps of the descriptor")
    }
    return norm
  }

  /// Reads the net that gives the type embeddings.
  func typeEmbedding(
    _ options: TypeEmbeddingOptions, _ typeMap: [String], _ precision: Precision,
    with networks: inout NetworkReader
  ) throws -> DenseNetwork {
    let node = try node("type_embedding")
    try node.check(class: "TypeEmbedNet", versions: 1...2)
    try node.check(keys: [
      "ntypes", "neuron", "resnet_dt", "precision", "activation_function", "trainable", "padding",
      "use_econf_tebd", "use_tebd_bias", "type_map", "embedding",
    ])
    if node.has("use_econf_tebd"), try node.flag("use_econf_tebd") != options.usesElectrons {
      throw node.wrong("use_econf_tebd", "\(options.usesElectrons), as the descriptor says")
    }
    let inputs = options.inputs(typeCount: typeMap.count)
    let network = try networks.network(
      node.node("embedding"), isFitting: false, precision: precision)
    guard network.inputs == inputs, network.layers.map(\.outputs) == [options.width] else {
      throw node.wrong("neuron", "one layer, \(options.width) wide, on \(inputs) numbers")
    }
    guard network.layers[0].activation == .linear, network.layers[0].timesteps == nil else {
      throw node.wrong("activation_function", "a linear layer without timesteps")
    }
    let hasBias = network.layers[0].biases != nil
    if node.has("use_tebd_bias"), try node.flag("use_tebd_bias") != hasBias {
      throw node.wrong("use_tebd_bias", "\(hasBias), as the layer says")
    }
    return network
  }

  /// Reads the nets of a descriptor with type embeddings.
  ///
  /// `embedding` is the net of neighbors or angles, `types` the net that gives the type embeddings.
  /// In stripped mode, `gate` turns `typeInputs` numbers of type embeddings into factors of the
  /// embedding; otherwise the embedding net takes these numbers itself, and `gate` is nil.
  fileprivate func typedNets(
    _ options: some DescriptorPartOptions, _ types: TypeEmbeddingOptions, typeInputs: Int,
    _ typeMap: [String], with networks: inout NetworkReader
  ) throws -> (embedding: DenseNetwork, gate: DenseNetwork?, types: DenseNetwork) {
    func net(_ key: String, inputs: Int) throws -> DenseNetwork {
      try embeddings(
        key, options, dimensions: 0, types: typeMap.count, inputs: inputs, with: &networks)[0]
    }
    let isStripped = types.mode == .stripped
    let embedding = try net("embeddings", inputs: isStripped ? 1 : 1 + typeInputs)
    let gate = isStripped ? try net("embeddings_strip", inputs: typeInputs) : nil
    return (
      embedding, gate, try typeEmbedding(types, typeMap, options.precision, with: &networks)
    )
  }
}

extension SeE2A {
  fileprivate init(
    _ node: ModelNode, _ options: SeE2AOptions, with networks: inout NetworkReader
  ) throws {
    var options = options
    options.tables = try node.tables(
      count: options.netCount, width: options.neuron[options.neuron.count - 1],
      options.precision)
    let nets =
      try node.isTabulated
      ? []
      : node.embeddings(
        "embeddings", options, dimensions: options.typeOneSide ? 1 : 2,
        types: options.slots.count, inputs: 1, with: &networks)
    self = try node.statistics(of: SeE2A(options, embeddings: nets))
    guard options.tables.isEmpty || canBeTabulated else {
      throw ToolError(
        .data, at: "\(node.place)/@variables/davg",
        "differs from slot to slot, which is not supported where tables are in place of nets")
    }
  }
}

extension SeE2R {
  fileprivate init(
    _ node: ModelNode, _ options: SeE2ROptions, with networks: inout NetworkReader
  ) throws {
    let isOneSided = options.typeOneSide, types = options.slots.count
    var options = options
    options.tables = try node.tables(
      count: isOneSided ? types : types * types, width: options.neuron[options.neuron.count - 1],
      options.precision)
    let nets =
      try node.isTabulated
      ? []
      : node.embeddings(
        "embeddings", options, dimensions: isOneSided ? 1 : 2, types: types, inputs: 1,
        with: &networks)
    self = try node.statistics(of: SeE2R(options, embeddings: nets))
  }
}

extension SeE3 {
  fileprivate init(
    _ node: ModelNode, _ options: SeE3Options, with networks: inout NetworkReader
  ) throws {
    let types = options.slots.count
    self = try node.statistics(
      of: SeE3(
        options,
        embeddings: node.embeddings(
          "embeddings", options, dimensions: 2, types: types, inputs: 1,
          numbers: SeE3.typePairs(types).map { $0.first + types * $0.second }, with: &networks)))
  }
}

extension SeE3TypeEmbedding {
  fileprivate init(
    _ node: ModelNode, _ options: SeE3TypeEmbeddingOptions, typeMap: [String],
    with networks: inout NetworkReader
  ) throws {
    var options = options
    // In a file, only the net of the type embeddings has this flag.
    options.types.hasBias = try node.node("type_embedding").flag("use_tebd_bias")
    let nets = try node.typedNets(
      options, options.types, typeInputs: 2 * options.types.width, typeMap, with: &networks)
    self = try node.statistics(
      of: SeE3TypeEmbedding(
        options, typeCount: typeMap.count, typeEmbedding: nets.types, embedding: nets.embedding,
        gate: nets.gate))
  }
}

extension DPA1 {
  fileprivate init(
    _ node: ModelNode, _ options: DPA1Options, typeMap: [String],
    with networks: inout NetworkReader
  ) throws {
    var options = options
    var attention: [AttentionLayer] = []
    if options.attention.layers > 0 {
      let layers = try node.node("attention_layers").nodes("attention_layers")
      guard layers.count == options.attention.layers else {
        throw node.wrong("attn_layer", "\(layers.count), the number of attention layers")
      }
      attention = try layers.map { try AttentionLayer($0, options, with: &networks) }
    }
    let nets = try node.typedNets(
      options, options.types, typeInputs: options.typeInputs, typeMap, with: &networks)
    // Old files have this flag only in the net of the type embeddings.
    options.types.hasBias = nets.types.layers[0].biases != nil
    self = try node.statistics(
      of: DPA1(
        options, typeCount: typeMap.count, attention: attention, embedding: nets.embedding,
        gate: nets.gate, typeEmbedding: nets.types))
  }
}

extension AttentionLayer {
  fileprivate init(
    _ node: ModelNode, _ options: DPA1Options, with networks: inout NetworkReader
  ) throws {
    let width = options.neuron[options.neuron.count - 1], inner = options.attention.width
    let precision = options.precision
    let layer = try node.node("attention_layer")
    let norm = try node.layerNorm("attn_layer_norm", epsilon: options.attention.normEpsilon)
    try layer.check(keys: [
      "nnei", "embed_dim", "hidden_dim", "num_heads", "dotr", "do_mask", "scaling_factor",
      "normalize", "temperature", "bias", "smooth", "precision", "in_proj", "out_proj",
      "trainable", "head_num",
    ])
    try layer.refuse("num_heads", unless: .integer(1))
    try layer.refuse("do_mask", unless: .bool(false))
    for (key, wanted) in [
      ("dotr", options.attention.usesAngles), ("normalize", options.attention.normalizes),
      ("smooth", options.isSmooth),
    ] where try layer.flag(key) != wanted {
      throw layer.wrong(key, "\(wanted), as the descriptor says")
    }
    let scaling = try layer.number("scaling_factor")
    let temperature = layer.has("temperature") ? try layer.number("temperature") : nil
    guard scaling == options.attention.scaling, temperature == options.attention.temperature else {
      throw layer.wrong("temperature", "what the descriptor says")
    }
    self.init(
      projection: try networks.layer(
        layer.node("in_proj"), inputs: width, outputs: 3 * inner, precision: precision),
      output: try networks.layer(
        layer.node("out_proj"), inputs: inner, outputs: width, precision: precision),
      normWeights: try networks.vector(norm, "w", count: width, precision),
      normBiases: try networks.vector(norm, "b", count: width, precision))
  }
}
