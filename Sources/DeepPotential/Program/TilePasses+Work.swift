import Kernels
import Measurement

/// The counted work of passes, for profiles: products, activation functions, and tables with their
/// outer products.
///
/// The rest, such as sums, norms and attention within an atom, is not counted.
extension TilePasses {
  enum Pass {
    case forward, backward, tangent, backwardTangent
  }

  /// The work of the operations of `run` in `pass`.
  func work(_ run: WorkRun, _ pass: Pass) -> Work {
    run.operations.reduce(.uncounted) { sum, k in
      let operation = operations[k]
      return isActive(operation.out, pass) ? sum + work(operation, pass) : sum
    }
  }

  private func isActive(_ out: ValueID, _ pass: Pass) -> Bool {
    switch pass {
    case .forward: !isDone(out)
    case .backward: moves(out)
    case .tangent: moves(out) && !isDone(out)
    case .backwardTangent: learns(out)
    }
  }

  private func work(_ operation: Operation, _ pass: Pass) -> Work {
    let rows = range(operation.rows).count
    switch operation {
    case .bilinear(let op): return products(op, pass) * work(op, rows)
    case .map(let op):
      let perNumber: Double =
        switch pass {
        case .forward: 40
        case .backward, .tangent: 1
        case .backwardTangent: 4
        }
      let numbers = Double(rows * op.x.width)
      return Work(operations: perNumber * numbers, bytes: numbers * Double(size))
    case .moments(let op): return memory.tables[op.table.number].pairWork(pass.ofPairs, rows)
    case .message(let op):
      return op.layers.reduce(.uncounted) { $0 + work($1, pass, rows) }
    default: return .uncounted
    }
  }

  /// How many products of a bilinear operation's size a pass has.
  private func products(_ op: Operation.Bilinear, _ pass: Pass) -> Int {
    func moving(_ view: View) -> Int { moves(view.value) ? 1 : 0 }
    func learning(_ view: View) -> Int { learns(view.value) ? 1 : 0 }
    switch pass {
    case .forward: return 1
    case .backward, .tangent: return moving(op.x) + moving(op.y)
    case .backwardTangent:
      let ofFactor = memory.isFrameProduct[op.out] ? 0 : learning(op.y) * (1 + moving(op.x))
      return learning(op.x) * (1 + moving(op.y)) + ofFactor
    }
  }

  private func work(_ op: Operation.Bilinear, _ rows: Int) -> Work {
    // Parameters are one row for all.
    let shared = op.dense != nil ? 1 : rows, widths = op.form.widths
    return Work(
      operations: 2 * Double(rows) * Double(op.form.termCount),
      bytes: Double((rows * (widths.x + widths.z) + shared * widths.y) * size))
  }

  /// A message computes the layer's rows again in each pass.
  private func work(_ layer: Operation.GatheredLayer, _ pass: Pass, _ rows: Int) -> Work {
    let moving = moves(layer.x.value) ? 1 : 0, learning = learns(layer.x.value) ? 1 : 0
    let products =
      switch pass {
      case .forward: 1
      case .backward, .tangent: 1 + moving
      case .backwardTangent: (1 + moving) * (learns(layer.weights.value) ? 2 : 1) + learning
      }
    let width = layer.weights.width / layer.x.width
    return Work(
      operations: 2 * Double(products * rows * layer.weights.width) + 40 * Double(rows * width),
      bytes: Double(products * rows * (layer.x.width + width) * size))
  }

  private var size: Int { MemoryLayout<Scalar>.stride }
}

extension TilePasses.Pass {
  fileprivate var ofPairs: Phase {
    switch self {
    case .forward: .pairsForward
    case .backward: .pairsBackward
    case .tangent: .pairsTangent
    case .backwardTangent: .pairsBackwardTangent
    }
  }
}
