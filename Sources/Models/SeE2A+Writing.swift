import DeepPotential
import Files
import Kernels

extension SeE2A {
  /// The object `descriptor` of a model file.
  func tree(
    typeMap: [String], parameters: Parameters, with writer: inout ModelWriter
  ) -> JSONValue {
    let embeddings = writer.collection(
      embeddings, of: parameters, dimensions: options.typeOneSide ? 1 : 2, types: typeCount,
      isFitting: false, activation: options.activation, resnetTimestep: options.resnetTimestep,
      trainable: options.neuron.map { _ in options.trainable })
    let shape = [typeCount, slotCount, 4]
    var members = SeE2AOptions.keys(types: typeCount).members(of: options, forModels: true)
    members.merge([
      "@class": "Descriptor", "type": "se_e2_a", "@version": 2, "spin": .null,
      "env_mat": [
        "rcut": .number(options.outerCutoff), "rcut_smth": .number(options.innerCutoff),
        "protection": .number(options.protection), "use_exp_switch": false,
      ],
      "embeddings": embeddings,
      "@variables": [
        "davg": writer.array(mean, shape: shape, options.precision),
        "dstd": writer.array(deviation, shape: shape, options.precision),
      ],
      "type_map": .strings(typeMap),
    ]) { _, ours in ours }
    return .object(members)
  }
}
