import Kernels
import Measurement

extension TilePasses {
  /// Computes the derivatives of the backward pass along the same direction; those of parameters'
  /// adjoints are the gradient.
  func backwardTangent() {
    for run in runs.reversed() {
      measure(run.kind.backwardTangent, work(run, .backwardTangent)) {
        backwardTangent(run.operations)
      }
    }
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func backwardTangent(_ numbers: Range<Int>) {
    for k in numbers.reversed() {
      let operation = operations[k]
      begin(k, .barDot)
      if !learns(operation.out) || range(operation.rows).isEmpty { continue }
      switch operation {
      case .geometry, .pairEnergy: preconditionFailure("displacements depend on no parameters")
      case .bilinear(let op):
        addFactors(op, .barDot)
        addMovedFactors(op)
      case .sum(let op): addTransposedTerms(op, .barDot)
      case .map(let op):
        addSloped(op, .barDot)
        addCurved(op)
      case .normalize(let op):
        addDerivative(op, .barDot)
        addCurved(op)
      case .softmax(let op):
        addDerivative(op, .barDot)
        addCurved(op)
      case .moments(let op): backwardTangent(op)
      case .table(let op):
        tableRows(op).addNodeAdjoints(
          rows(.bar, of: op.out, nil, op.rows), rows(.barDot, of: op.out, nil, op.rows),
          along: rows(.dot, op.x, op.rows), to: arena.lane)
      case .attention(let op): backwardTangent(op)
      case .message(let op): backwardTangent(op, number: k)
      }
    }
  }

  /// `xBarDot += B_x(yDot, zBar)`, `yBarDot += B_y(xDot, zBar)`.
  private func addMovedFactors(_ op: Operation.Bilinear) {
    if moves(op.y.value), let target = target(.barDot, op.x, op.rows) {
      let zBar = rows(.bar, of: op.out, op.to, op.rows)
      add(op, .x, rows(.dot, op.y, op.rows), zBar, to: target)
    }
    if moves(op.x.value), let target = factorTarget(.barDot, op) {
      let zBar = rows(.bar, of: op.out, op.to, op.rows)
      add(op, .y, rows(.dot, op.x, op.rows), zBar, to: target)
    }
  }

  /// `xBarDot += f''(x) ⊙ xDot ⊙ yBar`.
  private func addCurved(_ op: Operation.Map) {
    guard moves(op.x.value), let target = target(.barDot, op.x, op.rows) else { return }
    addProducts(
      rows(.curvature, of: op.out, nil, op.rows), rows(.dot, op.x, op.rows),
      rows(.bar, of: op.out, nil, op.rows), to: target, width: op.x.width,
      count: range(op.rows).count)
  }

  /// `xBarDot += JDot yBar`.
  private func addCurved(_ op: Operation.Normalize) {
    guard moves(op.x.value), let target = target(.barDot, op.x, op.rows) else { return }
    op.normalization.addCurvature(
      at: rows(.value, op.x, op.rows), rows(.bar, of: op.out, nil, op.rows),
      along: rows(.dot, op.x, op.rows), to: target, width: op.x.width,
      count: range(op.rows).count)
  }

  /// `xBarDot += JDot yBar`.
  private func addCurved(_ op: Operation.Softmax) {
    guard moves(op.x.value), let target = target(.barDot, op.x, op.rows) else { return }
    softmax(op).addCurvature(
      at: rows(.value, of: op.out, nil, op.rows), rows(.bar, of: op.out, nil, op.rows),
      along: rows(.dot, of: op.out, nil, op.rows), to: target)
  }
}
