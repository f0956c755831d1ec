import Kernels
import Measurement

extension TilePasses {
  /// Computes what the operations make.
  func forward() {
    for run in runs { measure(run.kind.forward, work(run, .forward)) { forward(run.operations) } }
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func forward(_ numbers: Range<Int>) {
    for k in numbers where !isDone(operations[k].out) {
      let operation = operations[k]
      begin(k, .value)
      if range(operation.rows).isEmpty { continue }
      switch operation {
      case .geometry(let op):
        pairRows(op).set(
          frame.displacements.base, into: rows(.value, of: op.out, nil, op.rows).base)
      case .bilinear(let op): forward(op)
      case .sum(let op): forward(op)
      case .map(let op): forward(op)
      case .normalize(let op):
        op.normalization.add(
          rows(.value, op.x, op.rows), to: rows(.value, of: op.out, nil, op.rows),
          width: op.x.width, count: range(op.rows).count)
      case .softmax(let op):
        softmax(op).set(
          rows(.value, op.x, op.rows), into: rows(.value, of: op.out, nil, op.rows).base)
      case .moments(let op): forward(op)
      case .table(let op) where op.atOnce: forwardAtOnce(op)
      case .table(let op): tableRows(op).set(into: rows(.value, of: op.out, nil, op.rows))
      case .attention(let op): forward(op)
      case .message(let op): forward(op)
      case .pairEnergy(let op): forward(op)
      }
    }
  }

  /// `z += B(x, y)`.
  private func forward(_ op: Operation.Bilinear) {
    add(
      op, .z, rows(.value, op.x, op.rows), rows(.value, op.y, op.rows),
      to: rows(.value, of: op.out, op.to, op.rows))
  }

  /// `y += S x`.
  private func forward(_ op: Operation.Sum) {
    addTerms(op, .value)
    guard op.constant != 0 else { return }
    addConstant(
      Scalar(op.constant), to: rows(.value, of: op.out, op.to, op.rows),
      width: memory.widths[op.out], count: range(op.rows).count)
  }

  /// `y = f(x)`, with `f'` and for training `f''`.
  private func forward(_ op: Operation.Map) {
    let count = range(op.rows).count
    let y = rows(.value, of: op.out, nil, op.rows)
    // Sweep 2 needs f'': where it computes f again, and where it finds what sweep 1 has left.
    let curves = forTraining && (recomputes || memory.places[op.out] == .whole)
    setRows(
      rows(.value, op.x, op.rows), times: RowFactors(1), to: y, width: op.x.width, count: count)
    op.activation.evaluate(
      y.base, slope: rows(.slope, of: op.out, nil, op.rows).base,
      curvature: curves ? rows(.curvature, of: op.out, nil, op.rows).base : nil,
      count: count * op.x.width)
  }
}

/// What several passes share.
extension TilePasses {
  /// Adds the derivative of a product's form with respect to `role`, the other two roles being `a`
  /// and `b`.
  @inline(__always)
  func add(
    _ op: Operation.Bilinear, _ role: TrilinearForm.Role, _ a: Rows<Scalar>, _ b: Rows<Scalar>,
    to out: Rows<Scalar>
  ) {
    let count = range(op.rows).count
    guard let dense = op.dense, out.index == nil else {
      return op.form.add(
        role, a, b, times: factors(op.factor, op.weight, op.rows), to: out, count: count)
    }
    switch role {
    case .z: dense.set(a, b.base, into: out, count: count)  // there is one product for each row
    case .y: dense.addToWeights(a, b, to: out.base, count: count)
    case .x:
      arena.scratch.reserve(dense.scratchCount(count))
      dense.addToInputs(b, a.base, to: out, count: count, scratch: arena.scratch.base)
    }
  }

  /// `y += S x` for one family of numbers: the same for values and tangents.
  ///
  /// A first term that fills the rows of y is written over them, and the others are added.  If a
  /// `block` of the tile's rows is given, it is only for those.
  @inline(__always)
  func addTerms(_ op: Operation.Sum, _ family: Family, block: Range<Int>? = nil) {
    let block = block ?? 0..<range(op.rows).count, first = block.lowerBound
    let isOwn = memory.storage(family, op.out) == op.out
    let isFilled = isOwn && op.fillingTerm(width: memory.widths[op.out]) != nil
    for (k, term) in op.terms.enumerated() {
      guard family == .value || moves(term.x.value), !isInPlace(op, term, family) else { continue }
      let from = rows(family, term.x, op.rows).from(first)
      let factors = factors(term.factor, term.weight, op.rows).from(first)
      let to = rows(family, columns(of: op, term), op.rows).from(first)
      if isFilled && k == 0 {
        setRows(from, times: factors, to: to, width: term.x.width, count: block.count)
      } else {
        addRows(from, times: factors, to: to, width: term.x.width, count: block.count)
      }
    }
  }

  /// `xBar += Sᵀ yBar` for adjoints or their tangents.
  @inline(__always)
  func addTransposedTerms(_ op: Operation.Sum, _ family: Family) {
    for term in op.terms {
      guard !isInPlace(op, term, family), let target = target(family, term.x, op.rows) else {
        continue
      }
      addRows(
        rows(family, columns(of: op, term), op.rows),
        times: factors(term.factor, term.weight, op.rows), to: target, width: term.x.width,
        count: range(op.rows).count)
    }
  }

  /// Whether a term's numbers are those that the sum is added to.
  @inline(__always)
  private func isInPlace(
    _ op: Operation.Sum, _ term: Operation.Term, _ family: Family
  ) -> Bool {
    memory.storage(family, term.x.value) == memory.storage(family, op.out)
  }

  private func columns(of op: Operation.Sum, _ term: Operation.Term) -> View {
    View(op.out, columns: term.offset..<term.offset + term.x.width, table: op.to)
  }

  @inline(__always)
  func softmax(_ op: Operation.Softmax) -> SegmentSoftmax<Scalar> {
    SegmentSoftmax(
      segments: entries(op.segment, op.rows),
      extra: op.extra.map { UnsafePointer(memory.weights[$0].base) }, width: op.x.width,
      count: range(op.rows).count)
  }
}
