import DeepPotential
import Files
import Kernels

extension TreeMaker {
  /// Adds what only DPA-3 has.
  func addMessages(
    _ part: DPA3, to members: inout [String: JSONValue], _ writer: inout ModelWriter
  ) {
    func layer(_ layer: DenseLayer, _ writer: inout ModelWriter) -> JSONValue {
      // What follows a layer is not in the file.
      writer.layer(
        layer, options.precision, parameters, trainable: options.trainable, activation: "none")
    }
    addTypes(part.typeEmbedding, part.options.types, to: &members, &writer)
    members["add_chg_spin_ebd"] = false
    members["default_chg_spin"] = .null
    members["env_mat"] = nil
    members["repflow_variable"] = [
      "edge_embd": layer(part.edgeEmbedding, &writer),
      "angle_embd": layer(part.angleEmbedding, &writer),
      "repflow_layers": .array(part.layers.map { messages($0, part.options, &writer) }),
      "env_mat": environmentMatrix(options.innerCutoff, options.outerCutoff),
      "@variables": normalization(part.normalizations[0], part.options.lists[0], &writer),
    ]
  }

  private func messages(
    _ layer: MessageLayer, _ options: DPA3Options, _ writer: inout ModelWriter
  ) -> JSONValue {
    var members = options.layerMembers
    members["e_sel"] = [.integer(options.slotCount)]
    for (key, dense) in layer.named {
      members[key.rawValue] = writer.layer(
        dense, options.precision, parameters, trainable: options.trainable, activation: "none")
    }
    if options.update == .residual {
      members["@variables"] = writer.vectors(
        layer.scales.named.map { ($0.key, $0.ranges) }, options.precision, parameters)
    }
    let own: [String: JSONValue] = [
      "@class": "RepFlowLayer", "@version": 2, "ntypes": .integer(typeMap.count),
      "activation_function": .string(options.activation.name),
      "precision": .string(options.precision.rawValue),
    ]
    return .object(members.merging(own) { $1 })
  }
}

extension DPA3Options {
  /// The options that the object of each layer repeats.
  var layerMembers: [String: JSONValue] {
    let ofDescriptor = ["nlayers", "fix_stat_std", "edge_init_use_dist", "use_exp_switch"]
    return DPA3Options.messageKeys.members(of: self, forModels: true).filter {
      !ofDescriptor.contains($0.key)
    }
  }
}
