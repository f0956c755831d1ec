import DeepPotential
import Files
import Kernels

extension EnergyFitting {
  /// Makes the object `fitting` of a model file.
  func tree(
    typeMap: [String], descriptor: Descriptor, parameters: Parameters,
    with writer: inout ModelWriter
  ) -> JSONValue {
    let types = typeMap.count
    let output = options.output
    let trainable =
      output.mendsFrames ? [options.trainable[0], options.trainable[0]] : options.trainable
    func collection(_ networks: [DenseNetwork]) -> JSONValue {
      writer.collection(
        networks, of: parameters, dimensions: isShared ? 0 : 1, types: types, isFitting: true,
        activation: options.activation, resnetTimestep: options.resnetTimestep,
        trainable: trainable)
    }
    let nets = collection(networks)
    var members = FittingOptions.keys(types: types, of: output).members(
      of: options, forModels: true)
    members.merge(output.members(vectors: descriptor.vectors ?? 0)) { _, ours in ours }
    members.merge([
      "@class": "Fitting", "type": .string(output.type), "@version": .integer(output.fileVersion),
      "var_name": .string(output.nameInFiles),
      "ntypes": .integer(types), "dim_descrpt": .integer(descriptor.outputs),
      "dim_case_embd": 0, "mixed_types": .bool(isShared), "nets": nets,
      "@variables": variables(types, with: &writer),
      "type_map": .strings(typeMap), "tot_ener_zero": false, "layer_name": .null,
      "use_aparam_as_mask": false, "spin": .null,
    ]) { _, ours in ours }
    if let heads = self.nets.heads {
      members["type_norm"] = writer.layerNorm(
        weights: heads.normWeights, biases: heads.normBiases, options.precision, parameters,
        epsilon: DenoisingHeads.normEpsilon, trainable: trainable[0])
      members["coordinate_net"] = writer.network(
        heads.coordinates, of: parameters, isFitting: true, activation: options.activation.name,
        resnetTimestep: false, trainable: trainable)
    }
    if output.hasEnergyNets { members["energy_nets"] = collection(self.nets.energy) }
    return .object(members)
  }

  private func variables(_ types: Int, with writer: inout ModelWriter) -> JSONValue {
    var variables: [String: JSONValue] = [
      "bias_atom_e": writer.array(bias, shape: [types, netWidth]), "case_embd": .null,
      "fparam_avg": .null, "fparam_inv_std": .null, "aparam_avg": .null, "aparam_inv_std": .null,
    ]
    let statistics = [
      ("fparam_avg", frameParameterMean), ("fparam_inv_std", frameParameterInverseDeviation),
      ("aparam_avg", atomParameterMean), ("aparam_inv_std", atomParameterInverseDeviation),
    ]
    for (key, values) in statistics where !values.isEmpty {
      variables[key] = writer.array(values, shape: [values.count], options.precision)
    }
    let own = options.output.variables(types: types, with: &writer)
    return .object(variables.merging(own) { _, ours in ours })
  }
}
