import Kernels

/// How a layer of DPA-2 updates edges and directions.
extension RepformerPassing {
  /// A layer of the product of both nodes.
  func nodeProduct(
    _ layer: DenseLayer, _ name: String, _ state: RepformerState,
    _ builder: inout ProgramBuilder
  ) -> View {
    let center = builder.at(state.nodes, .atom(of: rows))
    let near = builder.at(state.nodes, .neighbor(list: list))
    let product = builder.bilinear(
      "\(name).nn", center, near, .elementwise(state.nodes.width), rows: rows)
    let input = switched("\(name).nnw", product, &builder)
    return builder.dense("\(name).nnp", [input], layer, rows: rows)
  }

  /// Queries and keys of attention over the edges of an atom, and its weights: a row for each
  /// angle, a column for each head.
  func edgeWeights(
    _ attention: EdgeAttention, _ name: String, _ state: RepformerState,
    _ builder: inout ProgramBuilder
  ) -> (queryKey: View, weights: View) {
    builder.isInAttention = true
    defer { builder.isInAttention = false }
    let (d, heads) = (options.edgeAttention.width, options.edgeAttention.count)
    let both = builder.dense("\(name).qk", [state.edges], attention.queryKey, rows: rows)
    // Columns [width][query heads, key heads].
    let query = builder.at(both, .first(of: angles))
    let key = builder.at(both[heads..<both.width], .second(of: angles))
    var a = builder.bilinear(
      "\(name).a", query, key, .headDot(width: d, heads: heads, step: 2 * heads), rows: angles,
      factor: 1 / Double(d).squareRoot())
    if options.gatesEdgeAttention {
      a = builder.bilinear("\(name).gate", a, state.products, .scaled(heads), rows: angles)
    }
    a = builder.attentionWeights(
      "\(name).edges", a, times: ww, segment: .first(of: angles),
      extra: .emptySlotsOfRow(list: list))
    let weights = builder.bilinear(
      "\(name).weights", a, state.products, .scaled(heads), rows: angles,
      factor: 1 / 3.0.squareRoot())
    return (both, weights)
  }

  /// The edges' update by attention, as operations over angles; and, where the weights serve
  /// nothing else (`isAlone`) and directions do not learn, as one operation.
  func mixedEdges(
    _ attention: EdgeMixing, _ name: String, _ weights: (queryKey: View, weights: View),
    isAlone: Bool, _ state: RepformerState, _ builder: inout ProgramBuilder
  ) -> View {
    builder.isInAttention = true
    defer { builder.isInAttention = false }
    let heads = options.edgeAttention.count, width = state.edges.width
    let value = builder.dense("\(name).v", [state.edges], attention.value, rows: rows)
    // a_h v_gh, stored as the values are.
    let form = TrilinearForm([
      .init(heads, x: 1, y: 1, z: 1), .init(width, x: 0, y: heads, z: heads),
    ])
    let mixed = builder.bilinear(
      "\(name).av", weights.weights, builder.at(value, .second(of: angles)), form, rows: angles,
      to: (.first(of: angles), rows))
    if isAlone && state.directions == directions {
      let d = options.edgeAttention.width, both = weights.queryKey
      let head = NeighborAttention(
        width: d, valueWidth: width, factor: 1 / Double(d).squareRoot(), isSmooth: w != nil,
        gatesLogits: options.gatesEdgeAttention)
      builder.addFused(
        HeadedAttention(head, count: heads, step: 2 * heads, factor: 1 / 3.0.squareRoot()),
        list: list,
        AttentionInputs(
          query: both, key: both[heads..<both.width], value: value, switches: w,
          directions: directions), for: mixed)
    }
    let update = builder.dense("\(name).heads", [mixed], attention.output, rows: rows)
    return builder.layerNorm(
      "\(name).norm", update, weights: attention.normWeights, biases: attention.normBiases,
      epsilon: options.normEpsilon)
  }

  /// The directions' update by attention.
  func mixedDirections(
    _ output: DenseLayer, _ name: String, _ weights: View, _ state: RepformerState,
    _ builder: inout ProgramBuilder
  ) -> View {
    builder.isInAttention = true
    defer { builder.isInAttention = false }
    let heads = options.edgeAttention.count
    // a_h h_k, stored with the component slowest.
    let product = TrilinearForm([
      .init(heads, x: 1, y: 0, z: 1), .init(3, x: 0, y: 1, z: heads),
    ])
    let mixed = builder.bilinear(
      "\(name).ah", weights, builder.at(state.directions, .second(of: angles)), product,
      rows: angles, to: (.first(of: angles), rows))
    let sum = TrilinearForm([
      .init(3, x: heads, y: 0, z: 1), .init(heads, x: 1, y: 1, z: 0),
    ])
    let w = builder.parameter(output.weights, "\(name).hW")
    return builder.bilinear("\(name).hh", mixed, w, sum, rows: rows)
  }
}
