import Kernels
import Measurement

extension TilePasses {
  /// Computes the adjoints of the operations' inputs from those of their results.
  func backward() {
    for run in runs.reversed() {
      measure(run.kind.backward, work(run, .backward)) { backward(run.operations) }
    }
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func backward(_ numbers: Range<Int>) {
    for k in numbers.reversed() {
      let operation = operations[k]
      begin(k, .bar)
      if !moves(operation.out) || range(operation.rows).isEmpty { continue }
      switch operation {
      case .geometry(let op):
        if recomputes { continue }
        pairRows(op).addBackward(
          frame.displacements.base, rows(.bar, of: op.out, nil, op.rows).base,
          to: memory.pairsBar.base)
      case .bilinear(let op): addFactors(op, .bar)
      case .sum(let op): addTransposedTerms(op, .bar)
      case .map(let op): addSloped(op, .bar)
      case .normalize(let op): addDerivative(op, .bar)
      case .softmax(let op): addDerivative(op, .bar)
      case .moments(let op): if !recomputes { backward(op) }
      case .table(let op) where op.atOnce: backwardAtOnce(op)
      case .table(let op):
        guard let target = target(.bar, op.x, op.rows) else { continue }
        tableRows(op).addBackward(rows(.bar, of: op.out, nil, op.rows), to: target)
      case .attention(let op): backward(op)
      case .message(let op): backward(op, number: k)
      case .pairEnergy(let op): if !recomputes { backward(op) }
      }
    }
  }
}

/// What is the same for adjoints and for their tangents: with values fixed, both passes are one
/// linear map.
extension TilePasses {
  /// `xBar += B_x(y, zBar)`, `yBar += B_y(x, zBar)`.
  @inline(__always)
  func addFactors(_ op: Operation.Bilinear, _ family: Family) {
    let zBar = rows(family, of: op.out, op.to, op.rows)
    if let target = target(family, op.x, op.rows) {
      add(op, .x, rows(.value, op.y, op.rows), zBar, to: target)
    }
    if let target = factorTarget(family, op) {
      add(op, .y, rows(.value, op.x, op.rows), zBar, to: target)
    }
  }

  /// Where what is due to the second factor is added up; nil also if it is a product over all
  /// atoms.
  @inline(__always)
  func factorTarget(_ family: Family, _ op: Operation.Bilinear) -> Rows<Scalar>? {
    if family == .barDot && memory.isFrameProduct[op.out] { return nil }
    return target(family, op.y, op.rows)
  }

  /// `xBar += f'(x) ⊙ yBar`.
  @inline(__always)
  func addSloped(_ op: Operation.Map, _ family: Family) {
    guard let target = target(family, op.x, op.rows) else { return }
    addProducts(
      rows(.slope, of: op.out, nil, op.rows), rows(family, of: op.out, nil, op.rows), to: target,
      width: op.x.width, count: range(op.rows).count)
  }

  /// `xBar += J yBar`.
  @inline(__always)
  func addDerivative(_ op: Operation.Normalize, _ family: Family) {
    guard let target = target(family, op.x, op.rows) else { return }
    op.normalization.addDerivative(
      at: rows(.value, op.x, op.rows), of: rows(family, of: op.out, nil, op.rows), to: target,
      width: op.x.width, count: range(op.rows).count)
  }

  /// `xBar += J yBar`.
  @inline(__always)
  func addDerivative(_ op: Operation.Softmax, _ family: Family) {
    guard let target = target(family, op.x, op.rows) else { return }
    softmax(op).addDerivative(
      at: rows(.value, of: op.out, nil, op.rows), of: rows(family, of: op.out, nil, op.rows),
      to: target)
  }
}
