import DeepPotential
import Files
import Kernels

/// Makes the objects inside of that of a descriptor `dpa2`.
struct DPA2Tree {
  let descriptor: DPA2, parameters: Parameters

  private var options: DPA2Options { descriptor.options }
  private var precision: Precision { descriptor.options.precision }

  /// The members that no other descriptor has; `normalization` makes an object of a list's.
  func members(
    _ writer: inout ModelWriter,
    normalization: (ListNormalization, ListOptions, inout ModelWriter) -> JSONValue
  ) -> [String: JSONValue] {
    let statistics = zip(descriptor.normalizations, options.lists).map {
      normalization($0, $1, &writer)
    }
    let lists = options.lists, last = lists.count - 1
    var members: [String: JSONValue] = [
      "@version": 3, "ntypes": .integer(descriptor.typeCount),
      "g1_shape_tranform": ["@class": "Identity", "@version": 1],
      "repinit_variable": block(descriptor.first, options.first, statistics[0], &writer),
    ]
    if let shape = descriptor.shape { members["g1_shape_tranform"] = layer(shape, &writer) }
    if let ofTypes = descriptor.ofTypes { members["tebd_transform"] = layer(ofTypes, &writer) }
    if let threeBody = descriptor.threeBody {
      members["repinit_three_body_variable"] = block(
        threeBody, options.threeBodyBlock, statistics[1], &writer)
    }
    var layers: [JSONValue] = []
    for layer in descriptor.layers { layers.append(repformer(layer, &writer)) }
    members["repformers_variable"] = [
      "g2_embd": layer(descriptor.edgeEmbedding, &writer), "repformer_layers": .array(layers),
      "env_mat": environmentMatrix(lists[last].innerCutoff, lists[last].outerCutoff),
      "@variables": statistics[last],
    ]
    return members
  }

  /// The nets and statistics of a block.
  private func block(
    _ nets: DPA2.BlockNets, _ own: some DescriptorPartOptions, _ statistics: JSONValue,
    _ writer: inout ModelWriter
  ) -> JSONValue {
    var members: [String: JSONValue] = [
      "env_mat": environmentMatrix(own.innerCutoff, own.outerCutoff), "@variables": statistics,
    ]
    for (key, net) in [("embeddings", nets.embedding), ("embeddings_strip", nets.gate)] {
      guard let net else { continue }
      members[key] = writer.collection(
        [net], of: parameters, dimensions: 0, types: descriptor.typeCount, isFitting: false,
        activation: own.activation, resnetTimestep: own.resnetTimestep,
        trainable: own.neuron.map { _ in options.trainable })
    }
    return .object(members)
  }

  /// A layer without its function, which a file says of the part.
  private func layer(_ layer: DenseLayer, _ writer: inout ModelWriter) -> JSONValue {
    writer.layer(
      layer, precision, parameters, trainable: options.trainable, activation: "none")
  }

  private func repformer(
    _ layer: RepformerLayer, _ writer: inout ModelWriter
  ) -> JSONValue {
    let own = options.messages
    var members = options.repformerMembers(isLast: layer.isLast, types: descriptor.typeCount)
    members["@class"] = "RepformerLayer"
    members["@version"] = 2
    var groups = options.attentionMembers
    for (key, dense) in layer.named {
      let names = key.rawValue.split(separator: "/").map(String.init)
      let object = self.layer(dense, &writer)
      if names.count == 1 {
        members[names[0]] = object
      } else {
        groups[names[0]]?[names[1]] = object
        members[names[0]] = groups[names[0]].map { .object($0) }
      }
    }
    if let mixing = layer.edgeAttention?.edges {
      members["attn2_lm"] = writer.layerNorm(
        weights: mixing.normWeights, biases: mixing.normBiases, precision, parameters,
        epsilon: own.normEpsilon, trainable: options.trainable && own.trainableNorm)
    }
    if own.style == .residual {
      members["@variables"] = writer.vectors(
        layer.scales.map { ($0.list.rawValue, $0.ranges) }, precision, parameters)
    }
    return .object(members)
  }
}

extension DPA2Options {
  /// The options that the object of each layer repeats.
  func repformerMembers(isLast: Bool, types: Int) -> [String: JSONValue] {
    var members = RepformerOptions.keys.members(of: messages, forModels: true)
    for key in ["nlayers", "nsel", "direct_dist", "update_residual", "update_residual_init"]
      + ["set_davg_zero"]
    { members[key] = nil }
    members["sel"] = [.integer(messages.slots)]
    members["ntypes"] = .integer(types)
    members["smooth"] = .bool(first.isSmooth)
    members["precision"] = .string(precision.rawValue)
    members["update_chnnl_2"] = .bool(!isLast)
    if isLast {
      for key in ["update_g2_has_g1g1", "update_g2_has_attn", "update_h2"] { members[key] = false }
    }
    return members
  }

  /// The options that the objects of attention in each layer have.
  fileprivate var attentionMembers: [String: [String: JSONValue]] {
    let own = messages, edges = own.edgeAttention, nodes = own.nodeAttention
    let common: [String: JSONValue] = [
      "@version": 1, "precision": .string(precision.rawValue),
      "input_dim": .integer(own.edgeWidth), "head_num": .integer(edges.count),
    ]
    let smooth: [String: JSONValue] = ["smooth": .bool(first.isSmooth), "attnw_shift": 20.0]
    return [
      "attn2g_map": common.merging(smooth) { $1 }.merging([
        "@class": "Atten2Map", "hidden_dim": .integer(edges.width),
        "has_gate": .bool(own.gatesEdgeAttention),
      ]) { $1 },
      "attn2_mh_apply": common.merging(["@class": "Atten2MultiHeadApply"]) { $1 },
      "attn2_ev_apply": common.merging(["@class": "Atten2EquiVarApply"]) { $1 },
      "loc_attn": common.merging(smooth) { $1 }.merging([
        "@class": "LocalAtten", "input_dim": .integer(own.nodeWidth),
        "hidden_dim": .integer(nodes.width), "head_num": .integer(nodes.count),
      ]) { $1 },
    ]
  }
}
