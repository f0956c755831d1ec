import Kernels

/// How a layer of DPA-2 updates nodes.
extension RepformerPassing {
  /// The old nodes and their updates.
  func nodeUpdates(
    _ layer: RepformerLayer, _ name: String, _ state: RepformerState,
    _ builder: inout ProgramBuilder
  ) -> [View] {
    var updates = [state.nodes], inputs: [View] = []
    if let own = layer.nodeSelf {
      updates.append(builder.dense("\(name).self", [state.nodes], own, rows: .atom))
    } else {
      inputs.append(state.nodes)
    }
    if let projection = layer.convolution {
      let sum = convolution(projection, "\(name).conv", state, &builder)
      if options.separatesConvolution { updates.append(sum) } else { inputs.append(sum) }
    }
    if options.hasEdgeGram {
      inputs.append(gram(state.edges, "\(name).grrg", state, &builder))
    }
    if options.hasNodeGram {
      let near = builder.at(state.nodes, .neighbor(list: list))
      inputs.append(gram(near, "\(name).drrd", state, &builder))
    }
    updates.append(builder.dense("\(name).out", inputs, layer.nodeOutput, rows: .atom))
    if let attention = layer.nodeAttention {
      updates.append(mixedNodes(attention, "\(name).local", state, &builder))
    }
    return updates
  }

  private func gram(
    _ g: View, _ name: String, _ state: RepformerState, _ builder: inout ProgramBuilder
  ) -> View {
    let h = directed("\(name).H", g, state, &builder)
    return builder.symmetrized(name, h, axis: options.axisWidth)
  }

  /// `Σ_j g_ij ⊙ n_j w_j` by the number of neighbors, where edges g or nodes n are projected.
  private func convolution(
    _ projection: DenseLayer, _ name: String, _ state: RepformerState,
    _ builder: inout ProgramBuilder
  ) -> View {
    var edges = state.edges, nodes = state.nodes
    if options.separatesConvolution {
      edges = builder.dense("\(name).p", [edges], projection, rows: rows)
    } else {
      nodes = builder.dense("\(name).p", [nodes], projection, rows: .atom)
    }
    let near = builder.at(nodes, .neighbor(list: list))
    return builder.bilinear(
      name, switched("\(name).w", edges, &builder), near, .elementwise(edges.width), rows: rows,
      to: (.atom(of: rows), .atom), factor: w == nil ? 1 : 1 / Double(options.slots),
      weight: w == nil ? .inverseCount(list: list) : nil)
  }

  /// Attention over the neighbors of an atom.
  private func mixedNodes(
    _ attention: NodeAttention, _ name: String, _ state: RepformerState,
    _ builder: inout ProgramBuilder
  ) -> View {
    builder.isInAttention = true
    defer { builder.isInAttention = false }
    let (d, heads) = (options.nodeAttention.width, options.nodeAttention.count)
    let width = state.nodes.width, atoms = IndexTable.atom(of: rows)
    let query = builder.dense("\(name).q", [state.nodes], attention.query, rows: .atom)
    let both = builder.dense("\(name).kv", [state.nodes], attention.keyValue, rows: .atom)
    let near = builder.at(both, .neighbor(list: list))
    var a = builder.bilinear(
      "\(name).qk", builder.at(query, atoms), near[0..<d * heads],
      .headDot(width: d, heads: heads, step: heads), rows: rows,
      factor: 1 / Double(d).squareRoot())
    a = builder.attentionWeights(
      name, a, times: w, segment: atoms, extra: .emptySlots(list: list))
    // a_h v_gh, stored with the head slowest.
    let form = TrilinearForm([
      .init(heads, x: 1, y: 1, z: width), .init(width, x: 0, y: heads, z: 1),
    ])
    let mixed = builder.bilinear(
      "\(name).av", a, near[d * heads..<both.width], form, rows: rows, to: (atoms, .atom))
    return builder.dense("\(name).heads", [mixed], attention.output, rows: .atom)
  }
}

extension TrilinearForm {
  /// `z_h = Σ_k x_kh y_kh`, whose rows k are `step` columns apart.
  static func headDot(width: Int, heads: Int, step: Int) -> TrilinearForm {
    TrilinearForm([Letter(width, x: step, y: step, z: 0), Letter(heads, x: 1, y: 1, z: 1)])
  }
}
