import Kernels
import Measurement

extension TilePasses {
  /// Computes the derivatives of what the operations make along one direction of all displacements.
  func tangent() {
    for run in runs { measure(run.kind.tangent, work(run, .tangent)) { tangent(run.operations) } }
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func tangent(_ numbers: Range<Int>) {
    for k in numbers where moves(operations[k].out) && !isDone(operations[k].out) {
      let operation = operations[k]
      begin(k, .dot)
      if range(operation.rows).isEmpty { continue }
      switch operation {
      case .geometry(let op):
        pairRows(op).addTangent(
          frame.displacements.base, along: memory.pairsDot.base,
          to: rows(.dot, of: op.out, nil, op.rows).base)
      case .bilinear(let op): tangent(op)
      case .sum(let op): addTerms(op, .dot)
      case .map(let op):
        addProducts(
          rows(.slope, of: op.out, nil, op.rows), rows(.dot, op.x, op.rows),
          to: rows(.dot, of: op.out, nil, op.rows), width: op.x.width,
          count: range(op.rows).count)
      case .normalize(let op):
        op.normalization.addDerivative(
          at: rows(.value, op.x, op.rows), of: rows(.dot, op.x, op.rows),
          to: rows(.dot, of: op.out, nil, op.rows), width: op.x.width,
          count: range(op.rows).count)
      case .softmax(let op):
        softmax(op).addDerivative(
          at: rows(.value, of: op.out, nil, op.rows), of: rows(.dot, op.x, op.rows),
          to: rows(.dot, of: op.out, nil, op.rows))
      case .moments(let op): tangent(op)
      case .table(let op) where op.atOnce: preconditionFailure("it serves predictions only")
      case .table(let op):
        tableRows(op).addTangent(
          rows(.dot, op.x, op.rows), to: rows(.dot, of: op.out, nil, op.rows))
      case .attention(let op): tangent(op)
      case .message(let op): tangent(op)
      case .pairEnergy(let op): tangent(op)
      }
    }
  }

  /// `zDot += B(xDot, y) + B(x, yDot)`.
  private func tangent(_ op: Operation.Bilinear) {
    let zDot = rows(.dot, of: op.out, op.to, op.rows)
    if moves(op.x.value) {
      add(op, .z, rows(.dot, op.x, op.rows), rows(.value, op.y, op.rows), to: zDot)
    }
    if moves(op.y.value) {
      add(op, .z, rows(.value, op.x, op.rows), rows(.dot, op.y, op.rows), to: zDot)
    }
  }
}
