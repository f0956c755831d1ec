import Kernels

extension DPA2 {
  /// Adds the descriptor to a program.
  public func emit(into builder: inout ProgramBuilder) -> [View] {
    let types = builder.typeEmbedding(
      typeEmbedding, ofElectrons: options.first.types.usesElectrons)
    let center = builder.at(types, .atomType)
    let nodes = firstNodes(into: &builder, types: types, center: center)
    let passing = RepformerPassing(self, list: builder.list(pairList), into: &builder)
    var state = passing.begin(self, nodes, into: &builder)
    for (k, layer) in layers.enumerated() {
      state = passing.emit(layer, "layer\(k)", state, into: &builder)
    }
    builder.offerVectors(passing.directed("vectors", state.edges, state, &builder))
    builder.offerPairs(state.edges, list: passing.list)
    return [state.nodes] + (options.first.types.isAppended ? [center] : [])
  }

  /// What the first blocks make of each atom.
  private func firstNodes(
    into builder: inout ProgramBuilder, types: View, center: View
  ) -> View {
    var blocks = [firstBlock.emitBlock(into: &builder, types: types)]
    if let block = threeBodyBlock {
      blocks.append(block.emitBlock(into: &builder, types: types))
    }
    var terms: [Term] = [], width = 0
    if let shape {
      terms = [Term(builder.dense("shape", blocks, shape, rows: .atom))]
    } else {
      for block in blocks {
        terms.append(Term(block, offset: width))
        width += block.width
      }
    }
    if let ofTypes {
      terms.append(Term(builder.dense("ofTypes", [center], ofTypes, rows: .atom)))
    }
    return builder.sum("nodes", terms, rows: .atom)
  }

  private var firstBlock: DPA1 {
    var block = DPA1(
      options.first, typeCount: typeCount, attention: [], embedding: first.embedding,
      gate: first.gate, typeEmbedding: typeEmbedding)
    block.normalizations = [normalizations[0]]
    return block
  }

  private var threeBodyBlock: SeE3TypeEmbedding? {
    guard let threeBody else { return nil }
    var block = SeE3TypeEmbedding(
      options.threeBodyBlock, typeCount: typeCount, typeEmbedding: typeEmbedding,
      embedding: threeBody.embedding, gate: threeBody.gate)
    block.normalizations = [normalizations[1]]
    return block
  }

  /// The neighbors that exchange messages.
  private var pairList: PairList {
    let last = options.lists.count - 1
    var list = PairList(
      options.lists[last].neighborRule(typeCount: typeCount, excludedPairs: []))
    list.angles = .real
    (list.mean, list.deviation) = (normalizations[last].mean, normalizations[last].deviation)
    return list
  }
}

/// What a layer of DPA-2 changes.
struct RepformerState {
  /// Rows of atoms and pairs, and three numbers of each pair.
  var nodes: View, edges: View, directions: View
  /// The directions times their switch if the descriptor is smooth; the products of the directions
  /// of each angle.
  var switched: View, products: View
}

/// What all layers of DPA-2 share.
struct RepformerPassing {
  let options: RepformerOptions
  let list: Int, rows: Space, angles: Space
  /// The switch of each pair, and the product of both switches of each angle, if the descriptor is
  /// smooth.
  let w: View?, ww: View?
  /// Where edges begin: the environment row, or the distance and the displacement.
  let radial: View, directions: View

  init(_ descriptor: DPA2, list: Int, into builder: inout ProgramBuilder) {
    options = descriptor.options.messages
    self.list = list
    (rows, angles) = (.pairs(list: list), .angles(list: list))
    let function = SwitchFunction.polynomial(
      inner: options.innerCutoff, outer: options.outerCutoff)
    if descriptor.options.first.isSmooth {
      let w = builder.geometry("w", list: list, .smoothSwitch(function))
      (self.w, ww) = (w, builder.angleDot("ww", w, angles))
    } else {
      (w, ww) = (nil, nil)
    }
    if options.usesDistances {
      let scale = 1 / options.outerCutoff
      radial = builder.geometry("r", list: list, .length(scale: scale))
      directions = builder.geometry("d", list: list, .displacement(scale: scale))
    } else {
      let protection = descriptor.options.first.protection
      let row = builder.geometry(
        "row", list: list, .environmentRow(function, protection: protection),
        hasStatistics: true)
      (radial, directions) = (row[0..<1], row[1..<4])
    }
  }

  /// The first values of nodes, from what the first blocks make, edges and directions.
  func begin(
    _ descriptor: DPA2, _ nodes: View, into builder: inout ProgramBuilder
  ) -> RepformerState {
    let first = builder.map("n", nodes, options.activation)
    let edges = builder.dense("e", [radial], descriptor.edgeEmbedding, rows: rows)
    return state(first, edges, directions, "h", &builder)
  }

  private func state(
    _ nodes: View, _ edges: View, _ directions: View, _ name: String,
    _ builder: inout ProgramBuilder
  ) -> RepformerState {
    RepformerState(
      nodes: nodes, edges: edges, directions: directions,
      switched: switched("\(name).w", directions, &builder),
      products: builder.angleDot("\(name).h", directions, angles))
  }

  /// One layer: all updates from old values.
  func emit(
    _ layer: RepformerLayer, _ name: String, _ old: RepformerState,
    into builder: inout ProgramBuilder
  ) -> RepformerState {
    var new = old
    let nodes = nodeUpdates(layer, name, old, &builder)
    new.nodes = builder.combined("\(name).n", nodes, options.style, layer.nodeScales)
    guard let edgeSelf = layer.edgeSelf else { return new }
    let weights = layer.edgeAttention.map { edgeWeights($0, name, old, &builder) }
    var edges = [old.edges, builder.dense("\(name).es", [old.edges], edgeSelf, rows: rows)]
    if let product = layer.nodeProduct {
      edges.append(nodeProduct(product, name, old, &builder))
    }
    if let attention = layer.edgeAttention?.edges, let weights {
      let isAlone = layer.edgeAttention?.directions == nil
      edges.append(mixedEdges(attention, name, weights, isAlone: isAlone, old, &builder))
    }
    new.edges = builder.combined("\(name).e", edges, options.style, layer.edgeScales)
    if let output = layer.edgeAttention?.directions, let weights {
      let update = mixedDirections(output, name, weights.weights, old, &builder)
      let directions = builder.combined(
        "\(name).h", [old.directions, update], options.style, layer.directionScales)
      new = state(new.nodes, new.edges, directions, name, &builder)
    }
    return new
  }

  /// `x w`, or x if the descriptor is not smooth.
  func switched(_ name: String, _ x: View, _ builder: inout ProgramBuilder) -> View {
    guard let w else { return x }
    return builder.bilinear(name, x, w, .scaled(x.width), rows: rows)
  }

  /// `H = Σ_j h_j ⊗ g_j w_j` by the number of neighbors or its root, `[3][channels]`.
  func directed(
    _ name: String, _ g: View, _ state: RepformerState, _ builder: inout ProgramBuilder
  ) -> View {
    let isRoot = options.usesRootOfCount, slots = Double(options.slots)
    guard w != nil else {
      return builder.directed(
        name, g, along: state.switched, list: list, factor: 1,
        weight: isRoot ? .inverseRootCount(list: list) : .inverseCount(list: list))
    }
    return builder.directed(
      name, g, along: state.switched, list: list,
      factor: 1 / (isRoot ? slots.squareRoot() : slots))
  }
}
