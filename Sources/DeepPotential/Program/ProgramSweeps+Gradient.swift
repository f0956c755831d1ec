import Kernels
import Measurement

/// The end of sweep 2: sums over tiles, in lanes, and products over all atoms become the gradient.
extension ProgramSweeps {
  func clearLanes() {
    let lanes = memory.lanes, count = memory.laneCount
    measure(.gradientSum) {
      forEachItem(below: laneCount, workers: threads) { lane, _ in lanes[lane].clear(count) }
    }
  }

  /// Adds everything that is due to parameters to the gradient, or replaces what is there.
  func addParameters(to gradient: GradientPointers) {
    let to = Scalar.base(of: gradient), layout = memory.lane, lane = memory.lanes[0].base
    measure(.gradientSum) {
      if gradient.replaces {
        for range in memory.gradientRanges { clear(to + range.lowerBound, range.count) }
      }
      addLanes()
    }
    addFrameProducts(to: to, replacing: gradient.replaces)
    for (table, stored) in zip(program.networkTables, memory.tables) {
      let ofTypes = table.types.map { lane + layout.offsets[$0.view.value] }
      stored.addGradient(lane, to: to, ofTypes: ofTypes, threads: threads)
    }
    runOnTypes { $0.backwardTangent() }
    measure(.gradientSum) {
      for stored in layout.parameters {
        let from = lane + layout.offsets[stored.id], to = to + stored.start
        for k in 0..<memory.widths[stored.id] { to[k] += from[k] }
      }
    }
  }

  /// Sums the lanes in a tree; the sum is in the first one.
  private func addLanes() {
    let lanes = memory.lanes.prefix(laneCount), count = memory.laneCount, size = 1 << 14
    forEachItem(below: (count + size - 1) / size, workers: threads) { item, _ in
      let piece = item * size..<min((item + 1) * size, count)
      _ = sumInTree(lanes.map { $0.base + piece.lowerBound }, count: piece.count)
    }
  }

  /// Adds what is due to the weights of products whose gradient is taken over all atoms at once;
  /// the first product of some weights replaces what is there if it is `replacing`.
  ///
  /// Threads take rows of the weights, which are the same sums for any cut.
  private func addFrameProducts(to gradient: UnsafeMutablePointer<Scalar>, replacing: Bool) {
    // Threads write to rows of their own.
    nonisolated(unsafe) let sweeps = self, gradient = gradient
    var written = Set<Int>()
    for (op, start) in memory.frameProducts {
      let replaces = replacing && written.insert(start).inserted, inputs = op.x.width
      forEachItem(below: (inputs + rowsOfPiece - 1) / rowsOfPiece, workers: threads) { item, _ in
        let first = item * rowsOfPiece, columns = first..<min(first + rowsOfPiece, inputs)
        let to = gradient + start + first * (op.y.width / inputs)
        measure(.fittingGradient, sweeps.work(op, columns)) {
          sweeps.add(op, columns, to: to, replacing: replaces)
        }
      }
    }
  }

  /// The work of the products for some columns of x.
  private func work(_ op: Operation.Bilinear, _ columns: Range<Int>) -> Work {
    let products = memory.moves[op.x.value] ? 2 : 1
    return products
      * Work.product(
        rows: columns.count, columns: memory.widths[op.out], inner: frame?.count(op.rows) ?? 0,
        size: MemoryLayout<Scalar>.stride)
  }

  /// Adds `xᵀ zBarDot + xDotᵀ zBar` over all atoms, for some columns of x, to those rows of the
  /// gradient of W in `z = x W`, or replaces them.
  private func add(
    _ op: Operation.Bilinear, _ columns: Range<Int>, to gradient: UnsafeMutablePointer<Scalar>,
    replacing: Bool
  ) {
    guard let frame else { preconditionFailure("predict comes first") }
    let count = frame.count(op.rows), outputs = memory.widths[op.out]
    if replacing { clear(gradient, columns.count * outputs) }
    if count == 0 { return }
    func rows(_ family: Family, _ id: ValueID, from column: Int) -> Rows<Scalar> {
      Rows(memory[family, id].base + column, stride: memory.strides[id])
    }
    let product = DenseProduct(inputs: columns.count, outputs: outputs)
    let x = op.x.value, first = op.x.columns.lowerBound + columns.lowerBound
    product.addToWeights(
      rows(.value, x, from: first), rows(.barDot, op.out, from: 0), to: gradient, count: count)
    guard memory.moves[x] else { return }
    product.addToWeights(
      rows(.dot, x, from: first), rows(.bar, op.out, from: 0), to: gradient, count: count)
  }
}

/// Rows of a matrix of weights that a thread takes together.
private let rowsOfPiece = 64
