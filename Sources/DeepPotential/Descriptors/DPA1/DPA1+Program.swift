import Kernels

extension DPA1 {
  /// Adds the descriptor to a program.
  public func emit(into builder: inout ProgramBuilder) -> [View] {
    let types = builder.typeEmbedding(
      typeEmbedding, ofElectrons: options.types.usesElectrons)
    let (d, vectors, pairs, list) = emit(pairList, into: &builder, types: types)
    builder.offerVectors(vectors)
    builder.offerPairs(pairs, list: list)
    return [d] + (options.types.isAppended ? [builder.at(types, .atomType)] : [])
  }

  /// Adds the descriptor as a block of another one: without the center's type and without neighbors
  /// beyond its cutoff, from the types' embeddings `types`.
  func emitBlock(into builder: inout ProgramBuilder, types: View) -> View {
    var list = pairList
    list.reachesBeyond = false
    return emit(list, into: &builder, types: types).row
  }

  /// Adds what is made of the neighbors in `pairList`: the row without the center's type, the
  /// vectors, and the rows of pairs with their list.
  private func emit(
    _ pairList: PairList, into builder: inout ProgramBuilder, types: View
  ) -> (row: View, vectors: View, pairs: View, list: Int) {
    let list = builder.list(pairList), rows = Space.pairs(list: list)
    let row = builder.geometry("row", list: list, environmentFunction, hasStatistics: true)
    let w = builder.geometry("w", list: list, .smoothSwitch(switchFunction))
    let s = row[0..<1]
    var (g, ofTypes) = emitEmbedding(into: &builder, list: list, types: types, s: s, w: w)
    if !attention.isEmpty {
      builder.isInAttention = true
      defer { builder.isInAttention = false }
      let mixing = NeighborMixing(options, into: &builder, list: list, row: row, w: w)
      for (k, layer) in attention.enumerated() {
        g = mixing.emit(layer, "attention\(k)", g, into: &builder)
      }
    }
    let t = builder.bilinear(
      "T", g, row, .outer(g.width, 4), rows: rows, to: (.atom(of: rows), .atom),
      factor: 1 / Double(slotCount), weight: .multiplicity(rows))
    if attention.isEmpty {
      builder.moments(
        "g", t, list: list, (switchFunction, protection: options.protection), ofTypes, embedding,
        TableInput(environmentFunction, of: pairList))
    }
    let d = builder.bilinear("D", t, t, .gram(g.width, 4, options.axisWidth), rows: .atom)
    return (d, t[g.width..<4 * g.width], g, list)
  }

  private var pairList: PairList {
    var list = newPairList(leaving: mean.contains { $0 != 0 } ? .empty : .none)
    list.angles = attention.isEmpty ? .none : .real
    // A hard attention looks at whatever fills a slot.
    if !attention.isEmpty && !options.isSmooth { list.reachesBeyond = true }
    return list
  }

  /// The types that a neighbor's nets see: its own, and the center's.
  private func typesOfRows(_ types: View, list: Int) -> TypesOfRows {
    let neighbor = IndexTable.neighborType(list: list)
    return options.typeOneSide
      ? TypesOfRows(types: types, ends: [neighbor], number: neighbor)
      : TypesOfRows(
        types: types, ends: [neighbor, .centerType(list: list)], number: .typePair(list: list))
  }

  /// The embedding of each neighbor, and what types do in it.
  private func emitEmbedding(
    into builder: inout ProgramBuilder, list: Int, types: View, s: View, w: View
  ) -> (View, TypesOfMoments) {
    let rows = Space.pairs(list: list), input = TableInput(environmentFunction, of: pairList)
    let both = typesOfRows(types, list: list)
    guard let gate else {
      let g = builder.embedding("g", s, types: both, embedding, rows: rows, input)
      return (g, .inputs(both))
    }
    let g = builder.embedding("g", s, embedding, rows: rows, input)
    var h =
      options.typeOneSide
      ? builder.network("h", [types], gate, rows: .type) : builder.typePairs("h", types, gate)
    let gated = builder.gated(
      "g", g, by: h, at: both.number, times: options.isSmooth ? w : nil)
    if options.typeOneSide {
      h = builder.sum("h.pair", [Term(builder.at(h, .firstType))], rows: .typePair)
    }
    return (gated, .gate(h: h, isSmooth: options.isSmooth))
  }
}

/// Attention over the ordered pairs of an atom's neighbors.
private struct NeighborMixing {
  let options: DPA1Options
  let list: Int, rows: Space
  /// The smooth switch of each pair, and its direction.
  let switches: View?, directions: View?

  init(
    _ options: DPA1Options, into builder: inout ProgramBuilder, list: Int, row: View, w: View
  ) {
    self.options = options
    self.list = list
    rows = .pairs(list: list)
    switches = options.isSmooth ? w : nil
    let least = options.attention.smallestLength
    directions =
      options.attention.usesAngles
      ? builder.normalize("u", row[1..<4], centers: false, epsilon: least) : nil
  }

  /// `norm(g + out(Σ_q a_pq v_q))`.
  func emit(
    _ layer: AttentionLayer, _ name: String, _ g: View, into builder: inout ProgramBuilder
  ) -> View {
    let width = layer.output.inputs
    let projected = builder.dense("\(name).qkv", [g], layer.projection, rows: rows)
    var parts = (0..<3).map { projected[$0 * width..<($0 + 1) * width] }
    if options.attention.normalizes {
      for k in parts.indices {
        parts[k] = builder.normalize(
          "\(name).unit\(k)", parts[k], centers: false, epsilon: 1e-150)
      }
    }
    let inputs = AttentionInputs(
      query: parts[0], key: parts[1], value: parts[2], switches: switches, directions: directions)
    let mixed = builder.attention(name, list: list, inputs, factor: options.attention.factor)
    let output = builder.dense("\(name).out", [mixed], layer.output, rows: rows)
    let sum = builder.sum("\(name).sum", [Term(g), Term(output)], rows: rows)
    return builder.layerNorm(
      name, sum, weights: layer.normWeights, biases: layer.normBiases,
      epsilon: options.attention.normEpsilon)
  }
}
