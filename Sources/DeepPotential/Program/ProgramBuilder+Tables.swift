import Kernels

/// Where the embeddings of types that a network takes are found.
struct TypesOfRows {
  /// The embedding of each type.
  let types: View
  /// Which types each row has, and as one table the number of the type or of the pair of types,
  /// first · types + second.
  let ends: [IndexTable], number: IndexTable
}

/// What types do in sums over neighbors.
enum TypesOfMoments {
  /// Their embeddings are inputs of the network.
  case inputs(TypesOfRows)
  /// Each pair of types has a row of `h`, and the network's outputs g become `g + g ⊙ h w`, with
  /// the switch w if the gate is smooth.
  case gate(h: View, isSmooth: Bool)

  var isGate: Bool { if case .gate = self { true } else { false } }
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
  /// `net(R_0) ⊗ R` by `function`, can be made at once; `network` also takes `types`, or its
  /// outputs are gated.
  mutating func moments(
    _ name: String, _ t: View, list: Int, _ function: (SwitchFunction, protection: Double),
    _ types: TypesOfMoments, _ network: DenseNetwork, _ input: TableInput
  ) {
    let pairs = lists[list], space = Space.pairs(list: list)
    guard case .polynomial(let inner, let outer) = function.0,
      pairs.constants != .emptyAndExcluded, pairs.rule.sectionCount == 1,
      let statistics = pairs.statisticsOfCenters(typeCount)
    else { return }
    let environments = statistics.map { mean, deviation in
      CenterEnvironment(
        inner: inner, outer: outer, protection: function.protection, mean: mean,
        deviation: deviation, slotCount: pairs.slotCount, isGated: types.isGate)
    }
    let found: NetworkTable? =
      switch types {
      case .inputs(let types): table(name, types, network, input)
      case .gate(let h, let isSmooth):
        table(network, input, list: list, gate: h, isSmooth: isSmooth, environments)
      }
    guard let found else { return }
    addAlternative(
      .moments(
        .init(
          out: t.value, rows: id(space), edges: id(.edge(list: list)),
          atoms: id(.atom(of: space)), counts: id(.multiplicity(space)),
          environments: environments, table: found)))
  }

  /// The table for `network`, which also takes `types`; nil where none can stand for it.
  private mutating func table(
    _ name: String, _ types: TypesOfRows?, _ network: DenseNetwork, _ input: TableInput
  ) -> NetworkTable? {
    guard let short = TableNetwork(network, types == nil ? .nothing : .biases) else { return nil }
    guard let types else {
      return NetworkTable(content: .network(short), input: input, types: nil)
    }
    let view = biases(of: types, network.layers[0], "\(name).bias")
    return NetworkTable(
      content: .network(short), input: input, types: (view, id(types.number)))
  }

  /// The tables for `network`, whose outputs each pair of types gates by a row of `h`; nil where
  /// none can stand for it.
  private mutating func table(
    _ network: DenseNetwork, _ input: TableInput, list: Int, gate h: View, isSmooth: Bool,
    _ environments: [CenterEnvironment]
  ) -> NetworkTable? {
    guard let short = TableNetwork(network, .gate), let places = short.ofTypes else { return nil }
    // The second type of a pair is the center's.
    let gates = (0..<typeCount * typeCount).map { pair in
      EmbeddingGate(
        nearness: environments[pair % typeCount].nearness, isSmooth: isSmooth, places: places)
    }
    return NetworkTable(
      content: .network(short), input: input, types: (h, id(.typePair(list: list))), gates: gates)
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
