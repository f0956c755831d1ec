import Kernels

/// The messages of a layer of DPA-3.
extension MessagePassing {
  /// A layer of both atoms' nodes and of the edge.
  func aboutEdge(
    _ name: String, _ layer: DenseLayer, _ state: MessageState, _ builder: inout ProgramBuilder
  ) -> View {
    let center = builder.at(state.nodes, .atom(of: rows))
    let neighbor = builder.at(state.nodes, .neighbor(list: list))
    return builder.dense(name, [center, neighbor, state.edges], layer, rows: rows)
  }

  /// A layer of the angle, of its atom's node and of both edges.
  func aboutAngle(
    _ angular: AngularLayers, _ dense: DenseLayer, _ name: String, _ state: MessageState,
    _ builder: inout ProgramBuilder
  ) -> View {
    var node = state.nodes, edge = state.edges
    if let nodes = angular.nodes, let edges = angular.edges {
      node = builder.dense("\(name).nc", [node], nodes, rows: .atom)
      edge = builder.dense("\(name).ec", [edge], edges, rows: rows)
    } else if options.compression != 0 {
      (node, edge) = (node[0..<options.seen.nodes], edge[0..<options.seen.edges])
    }
    // Only edges within the angles' reach take part.
    edge = builder.take("\(name).inner", edge, .row(of: inner))
    let sources = [
      state.angles, builder.at(node, .atom(of: angles)),
      builder.at(edge, .innerSecond(list: list)), builder.at(edge, .innerFirst(list: list)),
    ]
    return builder.dense(name, sources, dense, rows: angles)
  }

  /// The edges' updates from their angles.
  func fromAngles(
    _ angular: AngularLayers, _ name: String, _ state: MessageState,
    _ builder: inout ProgramBuilder
  ) -> View {
    let message = aboutAngle(angular, angular.edgeAngle, "\(name).m", state, &builder)
    var sum = builder.bilinear(
      "\(name).am", message, ww, .scaled(message.width), rows: angles,
      to: (.first(of: angles), rows), factor: 1 / angleCount.squareRoot())
    if !options.isSmooth {
      // Edges without angles pass themselves on.
      let terms = [
        Term(sum, weight: .isInner(list: list)), Term(state.edges, weight: .isOuter(list: list)),
      ]
      sum = builder.sum("\(name).passed", terms, rows: rows)
    }
    return builder.dense("\(name).al", [sum], angular.edgeOutput, rows: rows)
  }

  /// The new nodes.
  func nodes(
    _ layer: MessageLayer, _ name: String, _ state: MessageState, _ builder: inout ProgramBuilder
  ) -> View {
    let near = builder.at(state.nodes, .neighbor(list: list))
    let grams = [state.edges, near].map { gram($0, name, &builder) }
    let message = aboutEdge("\(name).ne", layer.nodeEdge, state, &builder)
    let sum = builder.bilinear(
      "\(name).messages", message, w, .scaled(message.width), rows: rows,
      to: (.atom(of: rows), .atom), factor: 1 / edgeCount)
    var updates = [
      state.nodes,
      builder.dense("\(name).self", [state.nodes], layer.nodeSelf, rows: .atom),
      builder.dense("\(name).gram", grams, layer.nodeGram, rows: .atom),
    ]
    let width = state.nodes.width
    for k in 0..<options.messageCount { updates.append(sum[k * width..<(k + 1) * width]) }
    return combine("\(name).n", updates, layer.scales.nodes, &builder)
  }

  /// `H = Σ_j h_j ⊗ g_j w_j`, then `H H_<ᵀ / 3`, `[axis][channels]`.
  private func gram(_ g: View, _ name: String, _ builder: inout ProgramBuilder) -> View {
    let h = vectors(g, name, into: &builder)
    return builder.symmetrized("\(name).HH", h, axis: options.axisWidth)
  }

  /// `H = Σ_j h_j ⊗ g_j w_j`, `[3][channels]`.
  func vectors(_ g: View, _ name: String, into builder: inout ProgramBuilder) -> View {
    builder.directed(
      "\(name).H", g, along: switched, list: list, factor: 1 / edgeCount.squareRoot())
  }

  /// The old value, which is the first of `values`, with its updates.
  func combine(
    _ name: String, _ values: [View], _ scales: [Range<Int>],
    _ builder: inout ProgramBuilder
  ) -> View {
    builder.combined(name, values, options.update, scales)
  }
}
