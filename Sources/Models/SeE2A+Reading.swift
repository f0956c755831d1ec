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
    try node.check(keys: [
      "rcut", "rcut_smth", "sel", "neuron", "axis_neuron", "resnet_dt", "trainable",
      "type_one_side", "exclude_types", "env_protection", "set_davg_zero", "activation_function",
      "precision", "spin", "env_mat", "embeddings", "type_map", "compress",
    ])
    try node.refuse("spin")
    if node.has("type_map"), try node.strings("type_map") != typeMap {
      throw node.wrong("type_map", "the model's, \(typeMap.joined(separator: " "))")
    }
    let options = try SeE2AOptions(node, types: typeMap.count)
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

extension SeE2AOptions {
  fileprivate init(_ node: ModelNode, types: Int) throws {
    try self.init(
      innerCutoff: node.number("rcut_smth"), outerCutoff: node.number("rcut"),
      slots: node.integers("sel"), neuron: node.integers("neuron"),
      axisWidth: node.integer("axis_neuron"))
    guard outerCutoff > 0, innerCutoff >= 0, innerCutoff < outerCutoff else {
      throw node.wrong("rcut_smth", "from 0 to below rcut, \(outerCutoff)")
    }
    guard slots.count == types, slots.allSatisfy((0...largestSize).contains),
      slots.contains(where: { $0 > 0 })
    else { throw node.wrong("sel", "\(counted(types, "number")) of neighbors") }
    guard let width = neuron.last, neuron.allSatisfy({ $0 > 0 }) else {
      throw node.wrong("neuron", "layer widths")
    }
    guard (1...width).contains(axisWidth) else { throw node.wrong("axis_neuron", "1 to \(width)") }
    resnetTimestep = try node.flag("resnet_dt")
    typeOneSide = try node.flag("type_one_side")
    excludedPairs = try node.pairs("exclude_types", below: types)
    protection = node.has("env_protection") ? try node.number("env_protection") : 0
    meanIsZero = try node.flag("set_davg_zero")
    activation = try node.activation("activation_function")
    precision = try node.precision("precision")
    trainable = node.has("trainable") ? try node.flag("trainable") : true
  }
}
