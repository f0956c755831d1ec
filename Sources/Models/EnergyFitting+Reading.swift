import DeepPotential
import Diagnostics
import Files
import Kernels

extension EnergyFitting {
  /// Reads the fitting net `node`, whose descriptor rows are `descriptorWidth` wide, besides which
  /// atoms have `vectors`; nets that mend frames read rows of `denoising` widths.
  ///
  /// Throws `.data` if the node is wrong or has something that this program does not support.
  init(
    _ node: ModelNode, typeMap: [String], descriptorWidth: Int, vectors: Int?,
    denoising: DenoisingWidths? = nil, isShared: Bool, with networks: inout NetworkReader
  ) throws {
    var options = FittingOptions(of: try node.output)
    try node.check(class: "Fitting", versions: 1...options.output.fileVersion)
    let keys = FittingOptions.keys(types: typeMap.count, of: options.output)
    try node.check(
      keys: keys.filter(\.isInModels).map(\.name) + options.output.namesInFiles + [
        "var_name", "ntypes", "dim_descrpt", "dim_case_embd", "mixed_types", "nets", "type_map",
        "tot_ener_zero", "layer_name", "use_aparam_as_mask", "spin",
      ])
    try Self.refuseUnsupported(node, isShared: isShared)
    if node.has("type_map"), try node.strings("type_map") != typeMap {
      throw node.wrong("type_map", "the model's, \(typeMap.joined(separator: " "))")
    }
    guard try node.integer("ntypes") == typeMap.count else {
      throw node.wrong("ntypes", "\(typeMap.count)")
    }
    guard try node.integer("dim_descrpt") == descriptorWidth else {
      throw node.wrong("dim_descrpt", "\(descriptorWidth), the width of the descriptor")
    }
    try node.read(keys, into: &options)
    try node.read(into: &options.output, types: typeMap.count)
    let output = try node.netWidth(of: options.output, vectors: vectors)
    if options.output.mendsFrames {
      guard let denoising else {
        throw node.unsupported(
          options.output.type, of: "fitting net behind this descriptor", among: ["ener"])
      }
      let nets = try node.denoisingNets(options, types: output, denoising, with: &networks)
      self.init(options, nets: nets, typeCount: typeMap.count, isShared: isShared)
      return
    }
    func read(_ key: String, output: Int) throws -> [DenseNetwork] {
      let nets = try networks.collection(
        node.node(key), dimensions: isShared ? 0 : 1, types: typeMap.count, isFitting: true,
        precision: options.precision)
      let width = descriptorWidth + options.frameParameters + options.atomParameters
      for (index, network) in nets.enumerated() {
        try Self.check(
          network, [width] + options.neuron + [output],
          at: "\(node.place)/\(key)/networks[\(index)]")
      }
      return nets
    }
    let own = try read("nets", output: output)
    let nets = FittingNets(
      networks: own, energy: options.output.hasEnergyNets ? try read("energy_nets", output: 1) : [])
    guard !isShared || options.atomEnergies.isEmpty else {
      throw node.wrong("atom_ener", "none, where all types share a net")
    }
    self.init(options, nets: nets, typeCount: typeMap.count, isShared: isShared)
    bias =
      try node.hasArray("bias_atom_e")
      ? node.array("bias_atom_e", shape: [typeMap.count, output])
      : Array(repeating: 0, count: typeMap.count * output)
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

  /// Throws `.data` at `place` unless `network` has layers of these `widths`, from input to output.
  fileprivate static func check(_ network: DenseNetwork, _ widths: [Int], at place: String) throws {
    guard network.layers.map(\.inputs) == widths.dropLast(), network.outputs == widths.last else {
      throw ToolError(
        .data, at: place,
        "does not have the layers \(widths.map(String.init).joined(separator: "-"))")
    }
  }

  private static func refuseUnsupported(_ node: ModelNode, isShared: Bool) throws {
    try node.refuse("dim_case_embd", unless: .integer(0))
    try node.refuse("mixed_types", unless: .bool(isShared))
    try node.refuse("tot_ener_zero", unless: .bool(false))
    try node.refuse("use_aparam_as_mask", unless: .bool(false))
    try node.refuse("spin")
    if case .array(let names)? = node.members["layer_name"], names.allSatisfy({ $0 == .null }) {
      // A list of nulls shares no layers.
    } else {
      try node.refuse("layer_name")
    }
    if node.hasArray("case_embd") {
      throw ToolError(.data, at: "\(node.place)/@variables/case_embd", "is not supported")
    }
  }
}

extension ModelNode {
  /// Reads the nets of a model that mends frames with `types` types to tell apart.
  fileprivate func denoisingNets(
    _ options: FittingOptions, types: Int, _ widths: DenoisingWidths,
    with networks: inout NetworkReader
  ) throws -> FittingNets {
    let precision = options.precision
    let net = try networks.collection(
      node("nets"), dimensions: 0, types: types + 1, isFitting: true, precision: precision)[0]
    try EnergyFitting.check(net, [widths.row, widths.row, types], at: "\(place)/nets")
    let norm = try layerNorm("type_norm", epsilon: DenoisingHeads.normEpsilon)
    let weights = try networks.vector(norm, "w", count: widths.row, precision)
    let biases = try networks.vector(norm, "b", count: widths.row, precision)
    let coordinates = try networks.network(
      node("coordinate_net"), isFitting: true, precision: precision)
    try EnergyFitting.check(
      coordinates, [widths.pair, widths.pair, 1], at: "\(place)/coordinate_net")
    return FittingNets(
      networks: [net],
      heads: DenoisingHeads(
        coordinates: coordinates, normWeights: weights, normBiases: biases))
  }
}
