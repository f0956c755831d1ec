import DeepPotential
import Diagnostics
import Files
import Kernels

extension EnergyFitting {
  /// Reads the fitting net `node` on descriptor rows `descriptorWidth` wide.
  init(
    _ node: ModelNode, typeMap: [String], descriptorWidth: Int, with networks: inout NetworkReader
  ) throws {
    try node.check(class: "Fitting", versions: 1...4)
    try node.check(keys: [
      "var_name", "ntypes", "dim_descrpt", "neuron", "resnet_dt", "numb_fparam", "numb_aparam",
      "dim_case_embd", "default_fparam", "rcond", "activation_function", "precision",
      "mixed_types", "exclude_types", "nets", "type_map", "tot_ener_zero", "trainable",
      "layer_name", "use_aparam_as_mask", "spin", "dim_out", "atom_ener",
    ])
    try Self.refuseUnsupported(node)
    if node.has("type_map"), try node.strings("type_map") != typeMap {
      throw node.wrong("type_map", "the model's, \(typeMap.joined(separator: " "))")
    }
    guard try node.integer("ntypes") == typeMap.count else {
      throw node.wrong("ntypes", "\(typeMap.count)")
    }
    guard try node.integer("dim_descrpt") == descriptorWidth else {
      throw node.wrong("dim_descrpt", "\(descriptorWidth), the width of the descriptor")
    }
    let options = try FittingOptions(node, types: typeMap.count)
    let nets = try networks.collection(
      node.node("nets"), dimensions: 1, types: typeMap.count, isFitting: true,
      precision: options.precision)
    let width = descriptorWidth + options.frameParameters + options.atomParameters
    for (index, network) in nets.enumerated() {
      guard network.layers.map(\.inputs) == [width] + options.neuron, network.outputs == 1 else {
        let widths = ([width] + options.neuron + [1]).map(String.init).joined(separator: "-")
        throw ToolError(
          .data, at: "\(node.place)/nets/networks[\(index)]", "does not have the layers \(widths)")
      }
    }
    self.init(options, networks: nets)
    bias =
      try node.hasArray("bias_atom_e")
      ? node.array("bias_atom_e", shape: [typeMap.count, 1])
      : Array(repeating: 0, count: typeMap.count)
    if options.frameParameters > 0 {
      frameParameterMean = try node.array("fparam_avg", shape: [options.frameParameters])
      frameParameterInverseDeviation = try node.array(
        "fparam_inv_std", shape: [options.frameParameters])
    }
    if options.atomParameters > 0 {
      atomParameterMean = try node.array("aparam_avg", shape: [options.atomParameters])
      atomParameterInverseDeviation = try node.array(
        "aparam_inv_std", shape: [options.atomParameters])
    }
  }

  private static func refuseUnsupported(_ node: ModelNode) throws {
    guard try node.integer("dim_out") == 1 else { throw node.wrong("dim_out", "1 energy per atom") }
    try node.refuse("var_name", unless: .string("energy"))
    try node.refuse("dim_case_embd", unless: .integer(0))
    try node.refuse("mixed_types", unless: .bool(false))
    try node.refuse("tot_ener_zero", unless: .bool(false))
    try node.refuse("use_aparam_as_mask", unless: .bool(false))
    try node.refuse("spin")
    if case .array(let names)? = node.members["layer_name"], names.allSatisfy({ $0 == .null }) {
      // A list without a single name shares no layers.
    } else {
      try node.refuse("layer_name")
    }
    if node.hasArray("case_embd") {
      throw ToolError(.data, at: "\(node.place)/@variables/case_embd", "is not supported")
    }
  }
}

extension FittingOptions {
  /// `default_fparam`; a list without need for one is empty, or left behind by a change of `numb_fparam` to 0.
  private static func defaults(_ node: ModelNode, count: Int) throws -> [Double]? {
    guard node.has("default_fparam") else { return nil }
    let numbers = counted(count, "number")
    let expected = "null or \(numbers), as many as numb_fparam"
    let values = try node.list("default_fparam", expected, \.number)
    if count == 0 { return nil }
    guard values.count == count, values.allSatisfy(\.isFinite) else {
      throw node.wrong("default_fparam", expected)
    }
    return values
  }

  fileprivate init(_ node: ModelNode, types: Int) throws {
    self.init(neuron: try node.integers("neuron"))
    resnetTimestep = try node.flag("resnet_dt")
    activation = try node.activation("activation_function")
    precision = try node.precision("precision")
    frameParameters = try node.integer("numb_fparam")
    atomParameters = try node.integer("numb_aparam")
    for (key, count) in [("numb_fparam", frameParameters), ("numb_aparam", atomParameters)]
    where !(0...largestSize).contains(count) { throw node.wrong(key, "0 to \(largestSize)") }
    defaultFrameParameters = try Self.defaults(node, count: frameParameters)
    excludedTypes = try node.types("exclude_types", below: types)
    singularCutoff = node.has("rcond") ? try node.number("rcond") : nil
    if node.has("atom_ener") {
      let expected = "energies of isolated atoms, or null, for at most \(counted(types, "type"))"
      atomEnergies = try node.list("atom_ener", expected) { value in
        value == .null ? .some(nil) : value.number.map { .some($0) }
      }
      guard atomEnergies.count <= types else { throw node.wrong("atom_ener", expected) }
    }
    if case .bool(let all)? = node.members["trainable"] {
      trainable = Array(repeating: all, count: neuron.count + 1)
    } else if node.has("trainable") {
      let expected = "true, false or one of them for each of \(counted(neuron.count + 1, "layer"))"
      trainable = try node.list("trainable", expected) {
        if case .bool(let flag) = $0 { flag } else { nil }
      }
      guard trainable.count == neuron.count + 1 else { throw node.wrong("trainable", expected) }
    }
  }
}
