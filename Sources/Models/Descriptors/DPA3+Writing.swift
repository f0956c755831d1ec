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
      // DeePMD-kit writes no more of the rows here than this, whatever the arguments say.
      "env_mat": [
        "rcut": .number(options.outerCutoff), "rcut_smth": .number(options.innerCutoff),
        "protection": 0.0, "use_exp_switch": false,
      ],
      "@variables": normalization(part.normalizations[0], part.options.lists[0], &writer),
    ]
  }

  private func messages(
    _ layer: MessageLayer, _ options: DPA3Options, _ writer: inout ModelWriter
  ) -> JSONValue {
    var members = DPA3Options.messageKeys.members(of: options, forModels: true)
    for name in ["nlayers", "fix_stat_std", "edge_init_use_dist", "use_exp_switch"] {
      members[name] = nil
    }
    members["e_sel"] = [.integer(options.slotCount)]
    for (key, dense) in layer.named {
      members[key.rawValue] = writer.layer(
        dense, options.precision, parameters, trainable: options.trainable, activation: "none")
    }
    if options.update == .residual {
      var scales: [String: JSONValue] = [:]
      for (name, ranges) in layer.scales.named {
        scales[name] = .array(
          ranges.map {
            writer.array(
              parameters[options.precision, $0], shape: [$0.count], options.precision)
          })
      }
      members["@variables"] = .object(scales)
    }
    let own: [String: JSONValue] = [
      "@class": "RepFlowLayer", "@version": 2, "ntypes": .integer(typeMap.count),
      "activation_function": .string(options.activation.name),
      "precision": .string(options.precision.rawValue),
    ]
    return .object(members.merging(own) { $1 })
  }
}
