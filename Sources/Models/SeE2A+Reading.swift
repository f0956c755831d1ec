import DeepPotential
import Diagnostics
import Files
import Kernels

extension SeE2A {
  /// Reads the descriptor `node` of a model with the types of `typeMap`.
  ///
  /// A compressed model keeps its networks; its table is left out, as the PyTorch backend does.
  init(_ node: ModelNode, typeMap: [String], with networks: inout NetworkReader) throws {
    try node.check(class: "Descriptor", versions: 1...3)
    let keys = SeE2AOptions.keys(types: typeMap.count)
    try node.check(
      keys: keys.map(\.name) + ["spin", "env_mat", "embeddings", "type_map", "compress"])
    try node.refuse("spin")
    if node.has("type_map"), try node.strings("type_map") != typeMap {
      throw node.wrong("type_map", "the model's, \(typeMap.joined(separator: " "))")
    }
    var options = SeE2AOptions()
    try node.read(keys, into: &options)
    try node.check(options.conflicts)
    let embeddings = try networks.collection(
      node.node("embeddings"), dimensions: options.typeOneSide ? 1 : 2, types: typeMap.count,
      isFitting: false, precision: options.precision)
    for (index, network) in embeddings.enumerated() {
      guard network.inputs == 1, network.layers.map(\.outputs) == options.neuron else {
        throw ToolError(
          .data, at: "\(node.place)/embeddings/networks[\(index)]",
          "does not have the layers 1-\(options.neuron.map(String.init).joined(separator: "-"))")
      }
    }
    let shape = [typeMap.count, options.slots.reduce(0, +), 4]
    let mean = try node.array("davg", shape: shape)
    self.init(options, embeddings: embeddings)
    self.mean = mean
    deviation = try node.array("dstd", shape: shape)
    guard deviation.allSatisfy({ $0 > 0 }) else {
      throw ToolError(.data, at: "\(node.place)/@variables/dstd", "is not positive everywhere")
    }
  }
}
