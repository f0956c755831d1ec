import Kernels

extension DPA1 {
  /// Adds the descriptor to a program.
  public func emit(into builder: inout ProgramBuilder) -> [View] {
    let types = builder.typeEmbedding(typeEmbedding)
    let d = emit(into: &builder, types: types)
    return [d] + (options.types.isAppended ? [builder.at(types, .atomType)] : [])
  }

  /// Adds the descriptor without the center's type, from the types' embeddings `types`.
  func emit(into builder: inout ProgramBuilder, types: View) -> View {
    let list = builder.list(pairList), rows = Space.pairs(list: list)
    let row = builder.geometry("row", list: list, environmentFunction, hasStatistics: true)
    let w = builder.geometry("w", list: list, .smoothSwitch(switchFunction))
    var g = emitEmbedding(into: &builder, list: list, types: types, s: row[0..<1], w: w)
    if !attention.isEmpty {
      let mixing = NeighborMixing(options, into: &builder, list: list, row: row, w: w)
      for (k, layer) in attention.enumerated() {
        g = mixing.emit(layer, "attention\(k)", g, into: &builder)
      }
    }
    let t = builder.bilinear(
      "T", g, row, .outer(g.width, 4), rows: rows, to: (.atom(of: rows), .atom),
      factor: 1 / Double(slotCount), weight: .multiplicity(rows))
    if attention.isEmpty && gate == nil {
      builder.moments(
        "g", t, list: list, (switchFunction, protection: options.protection),
        types: typesOfRows(types, list: list), embedding,
        TableInput(environmentFunction, of: pairList))
    }
    return builder.bilinear("D", t, t, .gram(g.width, 4, options.axisWidth), rows: .atom)
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

  private func emitEmbedding(
    into builder: inout ProgramBuilder, list: Int, types: View, s: View, w: View
  ) -> View {
    let rows = Space.pairs(list: list), input = TableInput(environmentFunction, of: pairList)
    let both = typesOfRows(types, list: list)
    guard let gate else {
      return builder.embedding("g", s, types: both, embedding, rows: rows, input)
    }
    let g = builder.embedding("g", s, embedding, rows: rows, input)
    let h =
      options.typeOneSide
      ? builder.network("h", [types], gate, rows: .type) : builder.typePairs("h", types, gate)
    return builder.gated("g", g, by: h, at: both.number, times: options.isSmooth ? w : nil)
  }
}

/// Attention over the ordered pairs of an atom's neighbors.
private struct NeighborMixing {
  let options: DPA1Options
  let list: Int, rows: Space, angles: Space
  /// Products of both neighbors' switches, and cosines of the angles between them.
  let ww: View, cosines: View

  init(
    _ options: DPA1Options, into builder: inout ProgramBuilder, list: Int, row: View, w: View
  ) {
    self.options = options
    self.list = list
    rows = .pairs(list: list)
    angles = .angles(list: list)
    ww = builder.angleDot("ww", w, angles)
    let u = builder.normalize("u", row[1..<4], centers: false, epsilon: 1e-12)
    cosines = builder.angleDot("cos", u, angles)
  }

  /// `norm(g + out(Σ_q a_pq v_q))`.
  func emit(
    _ layer: AttentionLayer, _ name: String, _ g: View, into builder: inout ProgramBuilder
  ) -> View {
    let width = layer.output.inputs, first = IndexTable.first(of: angles)
    let projected = builder.dense("\(name).qkv", [g], layer.projection, rows: rows)
    var parts = (0..<3).map { projected[$0 * width..<($0 + 1) * width] }
    if options.attention.normalizes {
      for k in parts.indices {
        parts[k] = builder.normalize(
          "\(name).unit\(k)", parts[k], centers: false, epsilon: 1e-150)
      }
    }
    let query = builder.at(parts[0], first)
    let key = builder.at(parts[1], .second(of: angles))
    let value = builder.at(parts[2], .second(of: angles))
    var a = builder.bilinear(
      "\(name).qk", query, key, .dot(width), rows: angles, factor: options.attention.factor)
    a = weights(a, name, isSmooth: options.isSmooth, into: &builder)
    if options.attention.usesAngles {
      a = builder.bilinear("\(name).gate", a, cosines, .scaled(1), rows: angles)
    }
    let mixed = builder.bilinear(
      "\(name).av", value, a, .scaled(width), rows: angles, to: (first, rows))
    let output = builder.dense("\(name).out", [mixed], layer.output, rows: rows)
    let sum = builder.sum("\(name).sum", [Term(g), Term(output)], rows: rows)
    return builder.layerNorm(
      name, sum, weights: layer.normWeights, biases: layer.normBiases,
      epsilon: options.attention.normEpsilon)
  }

  /// `softmax((a + 20) w w - 20) w w` over the neighbors, empty slots having the logit -20; or a
  /// plain softmax over those that are there.
  private func weights(
    _ a: View, _ name: String, isSmooth: Bool, into builder: inout ProgramBuilder
  ) -> View {
    let first = IndexTable.first(of: angles)
    guard isSmooth else { return builder.softmax("\(name).softmax", a, segment: first) }
    let moved = builder.sum("\(name).plus", [Term(a)], rows: angles, constant: 20)
    let shifted = builder.bilinear("\(name).shift", moved, ww, .scaled(1), rows: angles)
    let y = builder.softmax(
      "\(name).softmax", shifted, segment: first, extra: .emptySlotsOfRow(list: list))
    return builder.bilinear("\(name).aww", y, ww, .scaled(1), rows: angles)
  }
}
