import Kernels

/// Where the embeddings of types that a network takes are found.
struct TypesOfRows {
  /// The embedding of each type.
  let types: View
  /// Which types each row has, and as one table the number of the type or of the pair of types,
  /// first · types + second.
  let ends: [IndexTable], number: IndexTable
}

/// Networks that tables may stand for.
extension ProgramBuilder {
  /// `network` on `s`, one number that `input` describes, and on the embeddings of types behind it,
  /// for each row of `rows`.
  mutating func embedding(
    _ name: String, _ s: View, types: TypesOfRows? = nil, _ network: DenseNetwork, rows: Space,
    _ input: TableInput
  ) -> View {
    var ends: [View] = []
    if let types { for end in types.ends { ends.append(at(types.types, end)) } }
    let g = self.network(name, [s] + ends, network, rows: rows)
    guard let table = TableNetwork(network, hasTypes: types != nil) else { return g }
    var biases: (View, TableID)?
    if let types {
      let view = self.biases(of: types, network.layers[0], "\(name).bias")
      biases = (view, id(types.number))
    }
    addAlternative(
      .table(
        .init(
          out: g.value, rows: id(rows), x: s, network: table, input: input, types: biases)))
    return g
  }

  /// The part of a layer's linear side that comes from types, for each type or pair of types.
  private mutating func biases(
    of types: TypesOfRows, _ layer: DenseLayer, _ name: String
  ) -> View {
    let isPair = types.ends.count == 2
    let ends =
      isPair
      ? [at(types.types, .firstType), at(types.types, .secondType)] : [types.types]
    return linear(name, ends, layer, rows: isPair ? .typePair : .type, absent: 1)
  }
}
