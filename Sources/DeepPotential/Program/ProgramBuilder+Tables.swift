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
    if let table = table(name, types, network, input) {
      addAlternative(.table(.init(out: g.value, rows: id(rows), x: s, table: table)))
    }
    return g
  }

  /// What the net `number` of `nets`, or the table of that number if there are `tables`, makes of
  /// `s`, one number that `input` describes, for each row of `rows`.
  mutating func embedding(
    _ name: String, _ s: View, _ number: Int, of nets: [DenseNetwork],
    or tables: [PolynomialTable], rows: Space, _ input: TableInput
  ) -> View {
    guard tables.indices.contains(number) else {
      return embedding(name, s, nets[number], rows: rows, input)
    }
    // Nets besides tables have a gradient, which is zero.
    if nets.indices.contains(number) {
      _ = parameter(nets[number].parameterRange, "\(name).unused")
    }
    let table = NetworkTable(content: .polynomials(tables[number]), input: input, types: nil)
    let id = id(rows)
    return emit("\(name).table", rows, width: tables[number].outputs, inputs: [s]) { out in
      .table(.init(out: out, rows: id, x: s, table: table))
    }
  }

  /// Says that `t`, the sum over the neighbors of each atom in `list` of outer products
  /// `net(R_0) ⊗ R` by `function`, can be made at once; `network` also takes `types`.
  mutating func moments(
    _ name: String, _ t: View, list: Int, _ function: (SwitchFunction, protection: Double),
    types: TypesOfRows, _ network: DenseNetwork, _ input: TableInput
  ) {
    let pairs = lists[list], space = Space.pairs(list: list)
    guard case .polynomial(let inner, let outer) = function.0, pairs.constants == .none,
      let table = table(name, types, network, input),
      let statistics = pairs.statisticsOfCenters(typeCount)
    else { return }
    let environments = statistics.map { mean, deviation in
      CenterEnvironment(
        inner: inner, outer: outer, protection: function.protection, mean: mean,
        deviation: deviation, slotCount: pairs.slotCount)
    }
    addAlternative(
      .moments(
        .init(
          out: t.value, rows: id(space), edges: id(.edge(list: list)),
          atoms: id(.atom(of: space)), environments: environments, table: table)))
  }

  /// The table for `network`, which also takes `types`; nil where none can stand for it.
  private mutating func table(
    _ name: String, _ types: TypesOfRows?, _ network: DenseNetwork, _ input: TableInput
  ) -> NetworkTable? {
    guard let short = TableNetwork(network, hasTypes: types != nil) else { return nil }
    guard let types else {
      return NetworkTable(content: .network(short), input: input, types: nil)
    }
    let view = biases(of: types, network.layers[0], "\(name).bias")
    return NetworkTable(
      content: .network(short), input: input, types: (view, id(types.number)))
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
