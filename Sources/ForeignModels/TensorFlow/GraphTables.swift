import Files

/// The table that a compressed model has in place of an embedding net.
struct NetworkTable {
  /// The coefficients, `[rows][6 outputs]`.
  var coefficients: Tensor
  /// Where its parts begin and end, and their spacings (`table_info`).
  var layout: Tensor

  var outputs: Int { coefficients.shape[1] / 6 }

  /// A table of zeros with the same layout.
  var zero: NetworkTable {
    var table = self
    table.coefficients = Tensor(
      repeating: 0, shape: coefficients.shape, isSingle: coefficients.isSingle)
    return table
  }
}

extension GraphModel {
  private static let tableOperations: Set = [
    "TabulateFusion", "TabulateFusionSeA", "TabulateFusionSeR",
  ]

  /// The tables of the descriptor `part` in the folder `scope`, by neighbor type.
  func tables(in scope: String, of part: GraphDescriptor) throws -> [Int: NetworkTable] {
    var found: [Int: NetworkTable] = [:]
    for node in graph.nodes(in: scope) where Self.tableOperations.contains(node.operation) {
      guard node.inputs.count > 2, let data = try graph.tensor(node.inputs[0]),
        let layout = try graph.tensor(node.inputs[1]), data.shape.count == 2,
        data.shape[0] > 0, data.shape[1] > 0, data.shape[1].isMultiple(of: 6),
        layout.values.count == 6
      else { throw Unreadable("has a table without numbers in it") }
      let isSingle = data.isSingle || graph[node.inputs[0]]?.operation == "Cast"
      found[try neighborType(of: node, part)] = NetworkTable(
        coefficients: data.stored(asSingle: isSingle), layout: layout.row)
    }
    return found
  }

  /// The neighbor type whose rows go through `table`: they are a slice of all rows.
  private func neighborType(of table: GraphNode, _ part: GraphDescriptor) throws -> Int {
    let width = part.kind.rowWidth
    var node = table.inputs.last.flatMap(graph.source)
    // Rows are sliced, then reshaped.
    for _ in 0..<6 {
      guard let next = node else { break }
      if next.operation == "Slice", next.inputs.count > 2 {
        let begin = try graph.tensor(next.inputs[1])?.values ?? []
        let size = try graph.tensor(next.inputs[2])?.values ?? []
        // Sections without slots begin where the next one does.
        var start = 0
        for (type, slots) in part.slots.enumerated() {
          if begin == [0, Double(width * start)], size == [-1, Double(width * slots)] {
            return type
          }
          start += slots
        }
      }
      node = next.inputs.first.flatMap(graph.source)
    }
    throw Unreadable("has a table of which it is unclear for which neighbors it is")
  }

  /// The object of `part`, which has tables.
  mutating func tabulatedTree(of part: GraphDescriptor) -> JSONValue {
    let first = part.tables[0].coefficients, isSingle = first.isSingle
    let hidden = part.input["neuron"]?.elements?.compactMap(\.whole).dropLast() ?? []
    var members = commonMembers(part, isSingle: isSingle)
    var names: [(data: JSONValue, layout: JSONValue)] = []
    for (number, table) in part.tables.enumerated() {
      // The tables of one neighbor type are the same for all centers.
      let known = part.tables[..<number].firstIndex {
        $0.layout == table.layout && $0.coefficients == table.coefficients
      }
      names.append(
        known.map { names[$0] } ?? (
          builder.array(table.coefficients), builder.array(table.layout)
        ))
    }
    members.merge([
      "@version": 1, "type": part.kind == .radial ? "se_r_tabulated" : "se_e2_a_tabulated",
      "neuron": .integers(hidden + [part.tables[0].outputs]), "trainable": false,
      "resnet_dt": part.input["resnet_dt"] ?? false,
      "activation_function": part.input["activation_function"] ?? "tanh",
      "type_one_side": .bool(part.isOneSided),
      "compress": [
        "@variables": [
          "compress_data": .array(names.map(\.data)), "compress_info": .array(names.map(\.layout)),
        ]
      ],
      "@variables": builder.variables([
        "davg": part.mean.stored(asSingle: isSingle),
        "dstd": part.deviation.stored(asSingle: isSingle),
      ]),
    ]) { $1 }
    if part.kind == .full { members["axis_neuron"] = .integer(part.axisWidth) }
    return .object(members)
  }
}
