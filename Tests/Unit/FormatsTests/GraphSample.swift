import Files
import Foundation
import HDF5
import Protobuf
import TestSupport
import Testing

/// A frozen graph of TensorFlow in an old layout, made of a model in `Tests/Support/Fixtures`: the
/// constants of the model, and of the operations those that a reader looks at.
struct GraphSample {
  /// A version of DeePMD-kit whose layout the graph has.
  enum Layout {
    /// 0.12: other names, no attributes, biases of one row, energy biases in the last layer.
    case first
    /// 2.2.
    case second
  }
  private(set) var graph = ProtobufMessage()
  private let layout: Layout
  private var arrays: [String: [Double]] = [:]
  private let model: JSONValue

  /// Makes the graph of the model `name`.
  init(_ name: String, _ layout: Layout) throws {
    self.layout = layout
    let file = try HDF5File(reading: fixtures.appending(path: "\(name).dp").path)
    let text = try #require(try file.stringAttribute("json", of: "/"))
    model = try #require(JSONValue(parsing: text.utf8, at: name)["model"])
    for member in try file.members(of: "/") {
      arrays["/\(member.name)"] = try file.doubles("/\(member.name)")
    }
    for name in ["coord", "type", "natoms", "box", "mesh", "x", "zeros"] {
      add(name, "Placeholder")
    }
    try addDescriptor()
    try addFitting()
    add(layout == .first ? "energy_test" : "o_energy", "Sum", ["x"])
    if layout == .second { try addAttributes() }
    graph.add(2, ProtobufMessage())
  }

  // MARK: Nodes

  /// Adds a node with encoded attributes.
  mutating func add(
    _ name: String, _ operation: String, _ inputs: [String] = [],
    _ attributes: [(String, ProtobufMessage)] = []
  ) {
    var node = ProtobufMessage()
    node.add(1, name)
    node.add(2, operation)
    for input in inputs { node.add(3, input) }
    for (key, value) in attributes {
      var attribute = ProtobufMessage()
      attribute.add(1, key)
      attribute.add(2, value)
      node.add(5, attribute)
    }
    graph.add(1, node)
  }

  private mutating func add(constant name: String, _ tensor: ProtobufMessage) {
    var value = ProtobufMessage()
    value.add(8, tensor)
    add(name, "Const", [], [("value", value)])
  }

  private static func tensor(_ type: Int, _ shape: [Int]) -> ProtobufMessage {
    var tensor = ProtobufMessage(), extents = ProtobufMessage()
    for extent in shape {
      var size = ProtobufMessage()
      size.add(1, extent)
      extents.add(2, size)
    }
    tensor.add(1, type)
    tensor.add(2, extents)
    return tensor
  }

  mutating func add(_ name: String, _ values: [Double], _ shape: [Int]) {
    var tensor = Self.tensor(2, shape)
    tensor.add(4, values.withUnsafeBytes { Array($0) })
    add(constant: name, tensor)
    add("\(name)/read", "Identity", [name])
  }

  mutating func add(_ name: String, integers: [Int], _ shape: [Int]) {
    var tensor = Self.tensor(3, shape)
    for integer in integers { tensor.add(7, integer) }
    add(constant: name, tensor)
  }

  mutating func add(_ name: String, text: String) {
    var tensor = Self.tensor(7, [])
    tensor.add(8, text)
    add(constant: name, tensor)
  }

  // MARK: Parts

  /// The array `key` of `object`.
  private func array(_ object: JSONValue, _ key: String) throws -> [Double]? {
    guard let path = object["@variables"]?[key]?.text else { return nil }
    return try #require(arrays[path])
  }

  private mutating func addLayer(
    _ layer: JSONValue, _ matrix: String, _ bias: String, width: Int,
    addingToBias extra: Double = 0
  ) throws {
    let weights = try #require(try array(layer, "w"))
    let outputs = layer["use_timestep"] == true ? try array(layer, "idt") : nil
    let biases = try array(layer, "b"), width = (biases ?? outputs)?.count ?? width
    add(matrix, weights, [weights.count / width, width])
    if let outputs {
      add(bias.replacing("bias", with: "idt", maxReplacements: 1), outputs, [width])
    }
    add("\(matrix)/MatMul", "MatMul", ["x", "\(matrix)/read"])
    let activation = layer["activation_function"]?.text == "tanh" ? "Tanh" : "Reshape"
    guard let biases else { return add("\(matrix)/y", activation, ["\(matrix)/MatMul"]) }
    add(bias, biases.map { $0 + extra }, layout == .first ? [1, width] : [width])
    add("\(matrix)/BiasAdd", "BiasAdd", ["\(matrix)/MatMul", "\(bias)/read"])
    add("\(matrix)/y", activation, ["\(matrix)/BiasAdd"])
  }

  private mutating func addNetwork(
    _ network: JSONValue, _ scope: String, _ suffix: String
  ) throws {
    for (number, layer) in (network["layers"]?.elements ?? []).enumerated() {
      try addLayer(
        layer, "\(scope)/matrix_\(number + 1)\(suffix)", "\(scope)/bias_\(number + 1)\(suffix)",
        width: Int(network["neuron"]?.numbers[number] ?? 0))
    }
  }

  private mutating func addAxis(_ scope: String, _ width: Int, _ slots: Int) {
    add("\(scope)/MatMul", "MatMul", ["x", "x"])
    add("\(scope)/truediv/y", [Double(slots)], [])
    add("\(scope)/truediv", "RealDiv", ["\(scope)/MatMul", "\(scope)/truediv/y"])
    add("\(scope)/Slice/begin", integers: [0], [3])
    add("\(scope)/Slice/size", integers: [-1, -1, width], [3])
    add(
      "\(scope)/Slice", "Slice",
      ["\(scope)/truediv", "\(scope)/Slice/begin", "\(scope)/Slice/size"])
  }

  private mutating func addDescriptor() throws {
    let descriptor = try #require(model["descriptor"]), slots = descriptor["sel"]?.numbers ?? []
    let types = model["type_map"]?.elements.count ?? 0, total = Int(slots.reduce(0, +))
    let isMixed = descriptor["type"]?.text == "dpa1"
    let folder = layout == .first ? "" : "descrpt_attr/"
    if layout == .second { add("descrpt_attr/ntypes", integers: [types], []) }
    for (name, key) in [("t_avg", "davg"), ("t_std", "dstd")] {
      add(folder + name, try #require(try array(descriptor, key)), [types, 4 * total])
    }
    var selection = ProtobufMessage(), list = ProtobufMessage()
    for count in slots { list.add(3, Int(count)) }
    selection.add(1, list)
    let radii = ["rcut", "rcut_smth"].map { key in
      var value = ProtobufMessage()
      value.add(4, Float(descriptor[key]?.double ?? 0))
      return value
    }
    add(
      "Env", isMixed ? "ProdEnvMatAMix" : layout == .first ? "DescrptNorot" : "ProdEnvMatA",
      ["coord", "type", "natoms", "box", "mesh", "\(folder)t_avg/read", "\(folder)t_std/read"],
      [("sel_a", selection), ("rcut_r", radii[0]), ("rcut_r_smth", radii[1])])
    let networks = descriptor["embeddings"]?["networks"]?.elements ?? []
    let isOneSided = descriptor["type_one_side"] == true || isMixed
    let stem = layout == .first ? "DS_layer_type_" : "filter_type_"
    for center in 0..<(isOneSided ? 1 : types) {
      let scope = isOneSided ? "\(stem)all" : "\(stem)\(center)"
      addAxis(scope, descriptor["axis_neuron"]?.int ?? 0, total)
      for neighbor in 0..<(isMixed ? 1 : types) {
        try addNetwork(
          networks[isOneSided ? neighbor : center + types * neighbor], scope,
          isMixed ? "" : "_\(neighbor)")
      }
    }
    if isMixed {
      let gate = try #require(descriptor["embeddings_strip"]?["networks"]?.elements.first)
      try addNetwork(gate, "filter_type_all", "_two_side_ebd")
      try addNetwork(
        #require(descriptor["type_embedding"]?["embedding"]), "type_embed_net", "")
    }
  }

  private mutating func addFitting() throws {
    let fitting = try #require(model["fitting"])
    let networks = fitting["nets"]?["networks"]?.elements ?? []
    let bias = try #require(try array(fitting, "bias_atom_e"))
    let outputBias = try #require(try array(model, "out_bias"))
    let presets = fitting["atom_ener"]?.elements ?? []
    for (type, network) in networks.enumerated() {
      let tag = networks.count == 1 ? "" : "_type_\(type)"
      let layers = network["layers"]?.elements ?? []
      for (number, layer) in layers.enumerated() {
        let isLast = number == layers.count - 1
        let scope = isLast ? "final_layer\(tag)" : "layer_\(number)\(tag)"
        try addLayer(
          layer, "\(scope)/matrix", "\(scope)/bias", width: 1,
          addingToBias: isLast && layout == .first ? bias[type] + outputBias[type] : 0)
      }
      if presets.indices.contains(type), presets[type] != .null {
        add("Lone\(tag)", "MatMul", ["zeros", "layer_0\(tag)/matrix/read"])
      }
    }
    guard layout == .second else { return }
    add("fitting_attr/t_bias_atom_e", bias, [bias.count])
    for (name, count) in [("fparam", "numb_fparam"), ("aparam", "numb_aparam")] {
      let width = fitting[count]?.int ?? 0
      add("fitting_attr/d\(name)", integers: [width], [])
      guard width > 0 else { continue }
      add("fitting_attr/t_\(name)_avg", try #require(try array(fitting, "\(name)_avg")), [width])
      add(
        "fitting_attr/t_\(name)_istd", try #require(try array(fitting, "\(name)_inv_std")), [width])
    }
  }

  private mutating func addAttributes() throws {
    add(
      "model_attr/tmap",
      text: model["type_map"]?.elements.compactMap(\.text).joined(separator: " ") ?? "")
    add("model_attr/model_type", text: "ener")
    add("model_attr/model_version", text: "1.1")
    let bias = try #require(try array(model, "out_bias"))
    add("model_attr/t_out_bias", bias, [1, bias.count, 1])
    let isSmooth = model["descriptor"]?["smooth_type_embedding"] == true
    add(
      "train_attr/training_script",
      text: #"{"model": {"descriptor": {"smooth_type_embedding": \#(isSmooth)}}}"#)
  }
}
