import DeepPotential
import Diagnostics
import Files
import Kernels

extension DPA2 {
  /// Reads the object of a descriptor `dpa2`, for the types of `typeMap`.
  init(
    _ node: ModelNode, _ options: DPA2Options, typeMap: [String],
    with networks: inout NetworkReader
  ) throws {
    var options = options
    if try node.integer("@version") < 3 { options.messages.beAsBeforeVersion3() }
    let types = typeMap.count, own = options.messages, precision = options.precision
    let blocks = try [
      node.block("repinit_variable"), node.block("repinit_three_body_variable"),
      node.block("repformers_variable"),
    ]
    let first = try BlockNets(
      needed(blocks[0], "repinit_variable", node), options.first,
      typeInputs: options.first.typeInputs, options, types, with: &networks)
    let threeBody =
      options.usesThreeBody
      ? try BlockNets(
        needed(blocks[1], "repinit_three_body_variable", node), options.threeBodyBlock,
        typeInputs: 2 * options.first.types.width, options, types, with: &networks) : nil
    let messages = try needed(blocks[2], "repformers_variable", node)
    let edge = try networks.layer(
      messages.node("g2_embd"), inputs: 1, outputs: own.edgeWidth, precision: precision,
      activation: own.activation)
    let layers = try messages.repformerLayers(options, with: &networks)
    let typeEmbedding = try node.typeEmbedding(
      options.first.types, typeMap, precision, with: &networks)
    // Old files have this flag only in the net of the type embeddings.
    options.first.types.hasBias = typeEmbedding.layers[0].biases != nil
    func nodeLayer(_ key: String, _ inputs: Int) throws -> DenseLayer {
      try networks.layer(
        node.node(key), inputs: inputs, outputs: own.nodeWidth, precision: precision)
    }
    let shape =
      options.blockWidth == own.nodeWidth
      ? nil : try nodeLayer("g1_shape_tranform", options.blockWidth)
    self.init(
      options, typeCount: types, first: first, threeBody: threeBody, edgeEmbedding: edge,
      layers: layers, typeEmbedding: typeEmbedding, shape: shape,
      ofTypes: options.addsTypes
        ? try nodeLayer("tebd_transform", options.first.types.width) : nil)
    let present = options.usesThreeBody ? blocks : [blocks[0], blocks[2]]
    normalizations = try zip(present, options.lists).map { block, list in
      try needed(block, list.slotKey, node).normalization(of: list, types: types)
    }
    if options.losesShape { node.noticeLostShape(options) }
  }
}

/// The object `node`, which must be there under `key` of `parent`.
private func needed(_ node: ModelNode?, _ key: String, _ parent: ModelNode) throws -> ModelNode {
  guard let node else { throw parent.wrong(key, "an object") }
  return node
}

extension DPA2.BlockNets {
  /// Reads the nets of a block of `options`, which take `typeInputs` numbers of type embeddings.
  fileprivate init(
    _ node: ModelNode, _ block: some DescriptorPartOptions, typeInputs: Int,
    _ options: DPA2Options, _ types: Int, with networks: inout NetworkReader
  ) throws {
    func net(_ key: String, inputs: Int) throws -> DenseNetwork {
      try node.embeddings(
        key, block, dimensions: 0, types: types, inputs: inputs, with: &networks)[0]
    }
    let isStripped = options.first.types.mode == .stripped
    let embedding = try net("embeddings", inputs: isStripped ? 1 : 1 + typeInputs)
    self.init(
      embedding: embedding,
      gate: isStripped ? try net("embeddings_strip", inputs: typeInputs) : nil)
  }
}

extension ModelNode {
  /// The nets and statistics of a block, if the descriptor has it.
  fileprivate func block(_ key: String) throws -> ModelNode? {
    guard has(key) else { return nil }
    let block = try node(key)
    try block.check(keys: [
      "embeddings", "embeddings_strip", "env_mat", "g2_embd", "repformer_layers", "compress",
    ])
    return block
  }

  fileprivate func repformerLayers(
    _ options: DPA2Options, with networks: inout NetworkReader
  ) throws -> [RepformerLayer] {
    let nodes = try nodes("repformer_layers"), count = options.messages.layers
    guard nodes.count == count else {
      throw wrong("repformer_layers", "\(counted(count, "layer")), nlayers")
    }
    var layers: [RepformerLayer] = []
    for (index, node) in nodes.enumerated() {
      let isLast = index == count - 1
      try node.checkRepformer(options, isLast: isLast)
      layers.append(
        try RepformerLayer(node, options, isLast: isLast, with: &networks))
    }
    return layers
  }

  /// Throws unless the options of a layer are those of the descriptor.
  private func checkRepformer(_ options: DPA2Options, isLast: Bool) throws {
    try check(class: "RepformerLayer", versions: 1...2)
    let own = options.repformerMembers(isLast: isLast, types: 0)
    try check(
      keys: Array(own.keys) + RepformerKey.objects + ["attn2_lm", "update_residual"]
        + ["update_residual_init"])
    for (key, wanted) in own.sorted(by: { $0.key < $1.key }) where has(key) && key != "ntypes" {
      if members[key] != wanted && members[key]?.number != wanted.number ?? .nan {
        throw wrong(key, "\(wanted.serialized), as the descriptor says")
      }
    }
  }

  /// Tells that DeePMD-kit computes something else from the file.
  fileprivate func noticeLostShape(_ options: DPA2Options) {
    Notices.post(
      "\(place)/g1_shape_tranform: is read here, but DeePMD-kit 3.2 draws random numbers in its "
        + "place whenever it reads the file, because the first block is as wide as g1_dim, "
        + "\(options.messages.nodeWidth): its predictions are others")
  }
}

extension RepformerLayer {
  fileprivate init(
    _ node: ModelNode, _ options: DPA2Options, isLast: Bool, with networks: inout NetworkReader
  ) throws {
    let own = options.messages, precision = options.precision
    func dense(_ key: RepformerKey) throws -> DenseLayer {
      let (inputs, outputs) = own.widths(of: key)
      let names = key.rawValue.split(separator: "/").map(String.init)
      let place = try names.reduce(node) { try $0.node($1) }
      let layer = try networks.layer(
        place, inputs: inputs, outputs: outputs, precision: precision,
        activation: own.activation(of: key))
      guard (layer.biases != nil) == key.hasBias else {
        throw place.wrong("bias", "\(key.hasBias)")
      }
      guard layer.timesteps == nil, !layer.wantsShortcut else {
        throw place.wrong("resnet", "a layer without timesteps and shortcut")
      }
      return layer
    }
    var scales: [RepformerScales: [Range<Int>]] = [:]
    let counts = own.scaleCounts(isLast: isLast)
    let numbers: [RepformerScales: Int] = [
      .nodes: counts.nodes, .edges: counts.edges, .directions: counts.directions,
    ]
    func vector(_ vector: RepformerVector, _ width: Int) throws -> Range<Int> {
      switch vector {
      case .normWeights:
        let norm = try node.layerNorm("attn2_lm", epsilon: own.normEpsilon)
        return try networks.vector(norm, "w", count: width, precision)
      case .normBiases:
        return try networks.vector(node.node("attn2_lm"), "b", count: width, precision)
      case .scale(let list, let number):
        if scales[list] == nil {
          scales[list] = try networks.vectors(
            node, list.rawValue, count: width, number: numbers[list] ?? 0, precision)
        }
        return scales[list]?[number] ?? 0..<0
      }
    }
    try self.init(own, isLast: isLast, dense, vector)
  }
}

extension RepformerOptions {
  /// Sets what versions 1 and 2 of the descriptor do not say.
  fileprivate mutating func beAsBeforeVersion3() {
    (usesRootOfCount, separatesConvolution, separatesSelf) = (false, false, false)
  }
}

extension RepformerKey {
  /// The members of a layer's object that are objects.
  fileprivate static let objects = [
    "linear1", "linear2", "g1_self_mlp", "proj_g1g2", "proj_g1g1g2", "attn2g_map",
    "attn2_mh_apply", "attn2_ev_apply", "loc_attn",
  ]
}
