import Kernels

/// Messages, block by block of a layer's rows.
extension TilePasses {
  /// `y[to] += Σ factor · w · s ⊙ f(z)`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func forward(_ op: Operation.Message) {
    for (number, layer) in op.layers.enumerated() {
      forEachBlock(op, layer) { block, first in
        if number == 0 { addTerms(op.others, .value, block: first..<first + block.count) }
        evaluate(layer, op, block, first, derivatives: 0)
        if let scale = layer.scale { block.scale(block.value, by: parameters(scale, op)) }
        addRows(
          block.rows(block.value), times: weights(layer, .value, op).from(first),
          to: out(op, .value).from(first), width: block.width, count: block.count)
      }
    }
  }

  /// `yDot[to] += Σ factor · s ⊙ (w f'(z) zDot + wDot f(z))`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func tangent(_ op: Operation.Message) {
    for (number, layer) in op.layers.enumerated() {
      let switchMoves = layer.switches.map { moves($0.value) } ?? false
      forEachBlock(op, layer) { block, first in
        if number == 0 { addTerms(op.others, .dot, block: first..<first + block.count) }
        let to = out(op, .dot).from(first)
        evaluate(layer, op, block, first, derivatives: 1)
        evaluateTangent(layer, op, block, first)
        block.set(block.tangent, block.tangent, times: block.slope)
        for numbers in [block.tangent, block.value] {
          if let scale = layer.scale { block.scale(numbers, by: parameters(scale, op)) }
        }
        addRows(
          block.rows(block.tangent), times: weights(layer, .value, op).from(first), to: to,
          width: block.width, count: block.count)
        guard switchMoves else { return }
        addRows(
          block.rows(block.value), times: weights(layer, .dot, op).from(first), to: to,
          width: block.width, count: block.count)
      }
    }
  }

  /// `zBar = f'(z) ⊙ factor · w · s ⊙ yBar[to]`, and what is due to the inputs of z; `wBar`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func backward(_ op: Operation.Message, number k: Int) {
    addTransposedTerms(op.others, .bar)
    for layer in op.layers where layer.inputs.contains(where: { receives($0, .bar, op) }) {
      let switchBar = layer.switches.flatMap { target(.bar, $0, op.rows) }
      let transposed = transposedWeights(layer, op, .bar)
      forEachBlock(op, layer) { block, first in
        let yBar = out(op, .bar).from(first)
        evaluate(layer, op, block, first, derivatives: 1)
        block.setAdjoint(
          yBar, times: weights(layer, .value, op).from(first),
          scale: layer.scale.map { UnsafePointer(parameters($0, op)) },
          factorBar: switchBar?.from(first), times: Scalar(layer.factor))
        addToInputs(layer, op, k, .bar, block, block.adjoint, first, transposed)
      }
    }
  }

  /// `zBarDot`, and what is due to the inputs of z and to parameters.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func backwardTangent(_ op: Operation.Message, number k: Int) {
    addTransposedTerms(op.others, .barDot)
    for layer in op.layers {
      let transposed = transposedWeights(layer, op, .barDot)
      forEachBlock(op, layer) { block, first in
        evaluate(layer, op, block, first, derivatives: 2)
        evaluateTangent(layer, op, block, first)
        setAdjoints(layer, op, block, first)
        block.turnAdjoints()
        addToInputs(layer, op, k, .barDot, block, block.adjointTangent, first, transposed)
        addToParameters(layer, op, block, first)
      }
    }
  }
}

/// Parts of the passes.
extension TilePasses {
  /// Sets `z`, and then `f(z)` and what is wanted of its derivatives.
  @inline(__always)
  private func evaluate(
    _ layer: Operation.GatheredLayer, _ op: Operation.Message, _ block: LayerBlock<Scalar>,
    _ first: Int, derivatives: Int
  ) {
    setSums(layer, op, .value, block, block.value, first)
    layer.activation.evaluate(
      block.value, slope: derivatives > 0 ? block.slope : nil,
      curvature: derivatives > 1 ? block.curvature : nil, count: block.count * block.width)
  }

  /// Sets `zDot`.
  @inline(__always)
  private func evaluateTangent(
    _ layer: Operation.GatheredLayer, _ op: Operation.Message, _ block: LayerBlock<Scalar>,
    _ first: Int
  ) {
    setSums(layer, op, .dot, block, block.tangent, first)
  }

  /// Sets `to = x W + Σ gathered + b`, of values, or of tangents, which have no bias.
  @inline(__always)
  private func setSums(
    _ layer: Operation.GatheredLayer, _ op: Operation.Message, _ family: Family,
    _ block: LayerBlock<Scalar>, _ to: UnsafeMutablePointer<Scalar>, _ first: Int
  ) {
    var added = AddedRows<Scalar>()
    for view in layer.gathered where family == .value || moves(view.value) {
      added.append(rows(family, view, op.rows).from(first))
    }
    if family == .value, let bias = layer.bias { added.append(rows(.value, bias, op.rows)) }
    if family == .value || moves(layer.x.value) {
      product(layer).set(
        rows(family, layer.x, op.rows).from(first), parameters(layer.weights, op),
        into: block.rows(to), count: block.count, adding: added)
    } else {
      clear(to, block.count * block.width)
      added.forEach {
        addRows(
          $0, times: RowFactors(1), to: block.rows(to), width: block.width, count: block.count)
      }
    }
  }

  /// Sets the adjoint of `f(z)` and its tangent, and adds what is due to the scale.
  @inline(__always)
  private func setAdjoints(
    _ layer: Operation.GatheredLayer, _ op: Operation.Message, _ block: LayerBlock<Scalar>,
    _ first: Int
  ) {
    let yBar = out(op, .bar).from(first), w = weights(layer, .value, op).from(first)
    block.set(block.adjoint, yBar, times: w)
    block.set(block.adjointTangent, out(op, .barDot).from(first), times: w)
    if let switches = layer.switches, moves(switches.value) {
      addRows(
        yBar, times: weights(layer, .dot, op).from(first), to: block.rows(block.adjointTangent),
        width: block.width, count: block.count)
    }
    guard let scale = layer.scale else { return }
    if let target = target(.barDot, scale, op.rows) {
      block.set(block.spare, block.slope, times: block.tangent)
      for (a, b) in [(block.adjointTangent, block.value), (block.adjoint, block.spare)] {
        addProducts(
          block.rows(a), block.rows(b), to: target, width: block.width, count: block.count)
      }
    }
    block.scale(block.adjoint, by: parameters(scale, op))
    block.scale(block.adjointTangent, by: parameters(scale, op))
  }

  /// Adds what is due to x and to gathered rows, `zBar` being the adjoint of z or its tangent.
  @inline(__always)
  private func addToInputs(
    _ layer: Operation.GatheredLayer, _ op: Operation.Message, _ k: Int, _ family: Family,
    _ block: LayerBlock<Scalar>, _ zBar: UnsafeMutablePointer<Scalar>, _ first: Int,
    _ transposed: UnsafePointer<Scalar>?
  ) {
    let product = product(layer), xBar = target(family, layer.x, op.rows)
    if let xBar, let transposed {
      product.addToInputs(
        block.rows(zBar), transposed: transposed, to: xBar.from(first), count: block.count)
    } else if let xBar {
      arena.scratch.reserve(product.scratchCount(block.count))
      product.addToInputs(
        block.rows(zBar), parameters(layer.weights, op), to: xBar.from(first),
        count: block.count, scratch: arena.scratch.base)
    }
    for view in layer.gathered {
      guard let target = target(family, view, op.rows)?.from(first) else { continue }
      let rows = block.rows(zBar), (width, count) = (block.width, block.count)
      if sets(view.halo, k) {
        setRows(rows, times: RowFactors(1), to: target, width: width, count: count)
      } else {
        addRows(rows, times: RowFactors(1), to: target, width: width, count: count)
      }
    }
  }

  /// The transposed weights of a layer whose x receives an adjoint, for all of its blocks; nil
  /// where the rows of the tile are too few to be worth it.  They are in `arena.scratch`, which
  /// nothing else may use between.
  private func transposedWeights(
    _ layer: Operation.GatheredLayer, _ op: Operation.Message, _ family: Family
  ) -> UnsafePointer<Scalar>? {
    let product = product(layer)
    guard target(family, layer.x, op.rows) != nil, range(op.rows).count >= product.inputs else {
      return nil
    }
    arena.scratch.reserve(product.inputs * product.outputs)
    product.transpose(parameters(layer.weights, op), into: arena.scratch.base)
    return UnsafePointer(arena.scratch.base)
  }

  /// `WBar += xᵀ zBarDot + xDotᵀ zBar`, `bBar += Σ zBarDot`.
  @inline(__always)
  private func addToParameters(
    _ layer: Operation.GatheredLayer, _ op: Operation.Message, _ block: LayerBlock<Scalar>,
    _ first: Int
  ) {
    if let target = target(.barDot, layer.weights, op.rows) {
      let product = product(layer), x = layer.x
      product.addToWeights(
        rows(.value, x, op.rows).from(first), block.rows(block.adjointTangent), to: target.base,
        count: block.count)
      if moves(x.value) {
        product.addToWeights(
          rows(.dot, x, op.rows).from(first), block.rows(block.adjoint), to: target.base,
          count: block.count)
      }
    }
    if let target = layer.bias.flatMap({ target(.barDot, $0, op.rows) }) {
      addRows(
        block.rows(block.adjointTangent), times: RowFactors(1), to: target, width: block.width,
        count: block.count)
    }
  }

  private func receives(_ view: View, _ family: Family, _ op: Operation.Message) -> Bool {
    target(family, view, op.rows) != nil
  }

  private func out(_ op: Operation.Message, _ family: Family) -> Rows<Scalar> {
    rows(family, of: op.out, op.to, op.rows)
  }

  private func product(_ layer: Operation.GatheredLayer) -> DenseProduct {
    DenseProduct(inputs: layer.x.width, outputs: layer.weights.width / layer.x.width)
  }

  private func parameters(_ view: View, _ op: Operation.Message) -> UnsafeMutablePointer<Scalar> {
    rows(.value, view, op.rows).base
  }

  /// The factor of each row: the common one, times the switch or its tangent.
  private func weights(
    _ layer: Operation.GatheredLayer, _ family: Family, _ op: Operation.Message
  ) -> RowFactors<Scalar> {
    RowFactors(
      Scalar(layer.factor), layer.switches.map { UnsafePointer(rows(family, $0, op.rows).base) })
  }

  /// Calls `body` with memory for some rows of the layer at a time, and the first of them.
  private func forEachBlock(
    _ op: Operation.Message, _ layer: Operation.GatheredLayer,
    _ body: (LayerBlock<Scalar>, _ first: Int) -> Void
  ) {
    let width = layer.weights.width / layer.x.width, count = range(op.rows).count
    arena.block.reserve(LayerBlock<Scalar>.scratchCount(width: width))
    let step = LayerBlock<Scalar>.rows(width: width)
    for first in stride(from: 0, to: count, by: step) {
      let rows = min(step, count - first)
      body(LayerBlock(width: width, count: rows, arena.block.base), first)
    }
  }
}
