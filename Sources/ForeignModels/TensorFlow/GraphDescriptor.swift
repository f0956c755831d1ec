import Diagnostics
import Files

/// What all descriptors of a graph have.
struct GraphDescriptor {
  let kind: EnvironmentKind
  /// The ending of the names of its nodes.
  let suffix: String
  let slots: [Int]
  let cutoff: Double
  let innerCutoff: Double
  let mean: Tensor
  let deviation: Tensor
  /// The section of the input for it.
  let input: JSONValue
  /// The nets, by the number of center type + types * neighbor type, or by neighbor type.
  var networks: [Network] = []
  /// The tables of a compressed model in place of the nets, in the same order.
  var tables: [NetworkTable] = []
  var isOneSided = false
  var isThreeBody = false
  var excludedPairs: [[Int]] = []
  var axisWidth = 1
  /// The number by which the graph divides the sum over neighbors.
  var divisor: Double?
  /// The numbers that the fitting net takes from it.
  var outputs = 0
}

extension GraphModel {
  /// Reads the descriptor whose rows `node` computes.
  func descriptor(_ node: GraphNode, _ input: JSONValue) throws -> GraphDescriptor {
    var part = try frame(of: node, input)
    if part.kind == .mixed {
      try readAttention(&part)
      return part
    }
    // DeePMD-kit 0.12 has other names.
    let isOld = graph.scopes(startingWith: "filter_type_").isEmpty
    let stem = isOld ? "DS_layer_type_" : "filter_type_"
    let every = "\(stem)all\(part.suffix)"
    if graph.hasConstant("\(every)/matrix_1") {
      throw Unreadable("has a type embedding with se_e2_a or se_e2_r, which is not supported")
    }
    if graph.hasConstant("\(every)/matrix_1_0_0") {
      try readThreeBody(&part, every)
    } else {
      try readPairs(&part, graph.hasScope(every) ? every : nil, stem)
    }
    return part
  }

  /// Reads the attributes and the statistics of the rows.
  private func frame(of node: GraphNode, _ input: JSONValue) throws -> GraphDescriptor {
    let kind = Self.environmentKinds[node.operation] ?? .full
    let isRadial = kind == .radial
    guard let slots = try node.integers(isRadial ? "sel" : "sel_a"),
      let outer = try node.float(isRadial ? "rcut" : "rcut_r"),
      let inner = try node.float(isRadial ? "rcut_smth" : "rcut_r_smth")
    else { throw Unreadable("has an operation \(node.operation) without cutoff or sel") }
    guard slots.count == (kind == .mixed ? 1 : types), slots.allSatisfy({ 0...100_000 ~= $0 }),
      inner >= 0, inner < outer, outer.isFinite
    else { throw Unreadable("has impossible values of sel, rcut or rcut_smth") }
    if try node.integers("sel_r")?.contains(where: { $0 != 0 }) == true {
      throw Unreadable("has neighbors with radial information only (sel_r)")
    }
    guard let mean = try graph.tensor(node.inputs[5]),
      let deviation = try graph.tensor(node.inputs[6])
    else { throw Unreadable("has no statistics (t_avg, t_std): it is not frozen") }
    let shape = [types, slots.reduce(0, +), kind.rowWidth]
    return GraphDescriptor(
      kind: kind, suffix: Self.suffix(node, graph), slots: slots,
      // TensorFlow's kernels take the difference of the cutoffs in single precision.  The switch
      // depends on the inner cutoff and this difference only; what is beyond is below 1e-18.
      cutoff: Double(inner) + Double(outer - inner), innerCutoff: Double(inner),
      mean: try mean.reshaped(shape, "means of the environment"),
      deviation: try deviation.reshaped(shape, "deviations of the environment"), input: input)
  }

  /// Reads the nets of se_e2_a or se_e2_r: one for each neighbor type in the folder `every`, or one
  /// for each pair of types.
  private func readPairs(
    _ part: inout GraphDescriptor, _ every: String?, _ stem: String
  ) throws {
    part.isOneSided = every != nil
    let scopes = every.map { [$0] } ?? (0..<types).map { "\(stem)\($0)\(part.suffix)" }
    let wanted = part.input["activation_function"]?.text
    var found: [Int: Network] = [:], tables: [Int: NetworkTable] = [:]
    for (center, scope) in scopes.enumerated() {
      for neighbor in 0..<types {
        found[center + types * neighbor] = try graph.network(scope, "_\(neighbor)", wanted: wanted)
      }
      for (neighbor, table) in try self.tables(in: scope, of: part) {
        tables[center + types * neighbor] = table
      }
      if let axis = try graph.axis(in: graph.nodes(in: scope)) {
        (part.axisWidth, part.divisor) = axis
      }
    }
    guard found.isEmpty || tables.isEmpty else {
      throw Unreadable("has embedding nets and tables in one descriptor")
    }
    part.networks = try ordered(found, &part, zero: \.zero) { $0.constant }
    part.tables = try ordered(tables, &part, zero: \.zero) { _ in
      throw Unreadable("is compressed, with excluded pairs in se_e2_r and means that are not 0")
    }
    guard let outputs = part.networks.first?.outputs ?? part.tables.first?.outputs else {
      throw Unreadable("has no embedding nets")
    }
    guard part.tables.allSatisfy({ $0.outputs == outputs }) else {
      throw Unreadable("has tables of different widths")
    }
    part.outputs = part.kind == .radial ? outputs : outputs * part.axisWidth
  }

  /// The nets or tables `found` in the order of a model file, and the pairs that they exclude; a
  /// pair without one is excluded, and gets `zero`.
  private func ordered<Net>(
    _ found: [Int: Net], _ part: inout GraphDescriptor, zero: (Net) -> Net,
    constant: (Net) throws -> Net
  ) throws -> [Net] {
    guard let first = found.min(by: { $0.key < $1.key })?.value else { return [] }
    if part.isOneSided { return try withExclusions(&part, found, zero, constant) }
    part.excludedPairs = (0..<types).flatMap { i in
      (i..<types).filter { found[i + types * $0] == nil || found[$0 + types * i] == nil }
        .map { [i, $0] }
    }
    return (0..<types * types).map { found[$0] ?? zero(first) }
  }

  /// Puts the nets of neighbor types in order, and the excluded pairs, which only the input tells.
  ///
  /// TensorFlow leaves all slots of an excluded pair out, also empty ones.  Where empty slots
  /// count, since the mean of the rows is not 0, this takes a net for each pair.  The rows of an
  /// excluded pair are 0 in se_e2_a, and in se_e2_r what the net makes of 0.
  private func withExclusions<Net>(
    _ part: inout GraphDescriptor, _ found: [Int: Net], _ zero: (Net) -> Net,
    _ constant: (Net) throws -> Net
  ) throws -> [Net] {
    part.excludedPairs = (part.input["exclude_types"]?.elements ?? []).compactMap {
      $0.elements?.compactMap(\.whole)
    }
    guard part.excludedPairs.allSatisfy({ $0.count == 2 && $0.allSatisfy { 0..<types ~= $0 } })
    else { throw Unreadable("excludes pairs of types that it does not have") }
    func isExcluded(_ center: Int, _ neighbor: Int) -> Bool {
      part.excludedPairs.contains { $0 == [center, neighbor] || $0 == [neighbor, center] }
    }
    let networks = (0..<types).compactMap { neighbor -> Net? in
      if let net = found[types * neighbor] { return net }
      // A type that no center sees needs no net.
      let isSeen = (0..<types).contains { !isExcluded($0, neighbor) }
      return isSeen ? nil : found.min { $0.key < $1.key }.map { zero($0.value) }
    }
    guard networks.count == types else { throw Unreadable("lacks embedding nets of some types") }
    guard !part.excludedPairs.isEmpty, part.mean.hasNonzero else { return networks }
    let isRadial = part.kind == .radial
    part.isOneSided = false
    return try (0..<types * types).map { pair in
      let (center, neighbor) = (pair % types, pair / types)
      let net = networks[neighbor]
      if !isExcluded(center, neighbor) { return net }
      return try isRadial ? constant(net) : zero(net)
    }
  }

  private func readThreeBody(_ part: inout GraphDescriptor, _ scope: String) throws {
    part.isThreeBody = true
    let wanted = part.input["activation_function"]?.text
    var found: [Int: Network] = [:]
    for i in 0..<types {
      for j in i..<types {
        found[i + types * j] = try graph.network(scope, "_\(i)_\(j)", wanted: wanted)
      }
    }
    guard let first = found.min(by: { $0.key < $1.key })?.value else {
      throw Unreadable("has no embedding nets")
    }
    if part.input["exclude_types"]?.unlessEmpty != nil {
      throw Unreadable("has excluded pairs in se_e3, which are not supported")
    }
    part.networks = (0..<types * types).map { found[$0] ?? first.zero }
    part.outputs = first.outputs
  }
}

extension GraphModel {
  /// The members that the trees of all descriptors have.
  func commonMembers(_ part: GraphDescriptor, isSingle: Bool) -> [String: JSONValue] {
    let davgIsZero = part.input["set_davg_zero"]?.flag ?? !part.mean.hasNonzero
    return [
      "@class": "Descriptor", "@version": 2, "rcut": .number(part.cutoff),
      "rcut_smth": .number(part.innerCutoff), "sel": .integers(part.slots), "trainable": true,
      "exclude_types": .pairs(part.excludedPairs), "env_protection": 0.0,
      "set_davg_zero": .bool(davgIsZero), "spin": .null, "type_map": .strings(typeMap),
      "env_mat": environmentObject(part.cutoff, part.innerCutoff),
      "precision": isSingle ? "float32" : "float64",
    ]
  }

  /// The object of `part`.
  mutating func tree(of part: GraphDescriptor) throws -> JSONValue {
    if part.kind == .mixed { return try attentionTree(of: part) }
    if !part.tables.isEmpty { return tabulatedTree(of: part) }
    let first = part.networks[0], isSingle = first.isSingle
    var members = commonMembers(part, isSingle: isSingle)
    let dimensions = part.isOneSided && !part.isThreeBody ? 1 : 2
    members.merge([
      "type": part.isThreeBody ? "se_e3" : part.kind == .radial ? "se_r" : "se_e2_a",
      "neuron": .integers(first.widths), "resnet_dt": .bool(first.hasTimesteps),
      "activation_function": .string(first.activation),
      "embeddings": builder.collection(part.networks, dimensions: dimensions, types: types),
      "@variables": builder.variables([
        "davg": part.mean.stored(asSingle: isSingle),
        "dstd": part.deviation.stored(asSingle: isSingle),
      ]),
    ]) { $1 }
    if part.isThreeBody {
      members["spin"] = nil
    } else {
      members["type_one_side"] = .bool(part.isOneSided)
      if part.kind == .full { members["axis_neuron"] = .integer(part.axisWidth) }
    }
    return .object(members)
  }
}

/// The object `env_mat` of a descriptor.
func environmentObject(
  _ cutoff: Double, _ innerCutoff: Double, protection: Double = 0
) -> JSONValue {
  [
    "rcut": .number(cutoff), "rcut_smth": .number(innerCutoff),
    "protection": .number(protection), "use_exp_switch": false,
  ]
}
