import Kernels

/// Attention, atom by atom.
extension TilePasses {
  /// `z += B V`.
  func forward(_ op: Operation.Attention) {
    let x = inputs(op, .value), z = rows(.value, of: op.out, nil, op.rows)
    forEachAtom(op) { first, atom in
      op.attention.add(x.from(first), to: z.from(first), atom)
    }
  }

  /// `zDot += JDot`.
  func tangent(_ op: Operation.Attention) {
    let x = inputs(op, .value), xDot = inputs(op, .dot)
    let zDot = rows(.dot, of: op.out, nil, op.rows)
    forEachAtom(op) { first, atom in
      op.attention.addTangent(
        at: x.from(first), along: xDot.from(first), to: zDot.from(first), atom)
    }
  }

  /// `xBar += Jᵀ zBar`.
  func backward(_ op: Operation.Attention) {
    let x = inputs(op, .value), xBar = targets(op, .bar)
    let zBar = rows(.bar, of: op.out, nil, op.rows)
    forEachAtom(op) { first, atom in
      op.attention.addBackward(
        at: x.from(first), zBar.from(first), to: xBar.from(first), atom)
    }
  }

  /// `xBarDot += Jᵀ zBarDot + JDotᵀ zBar`.
  func backwardTangent(_ op: Operation.Attention) {
    let x = inputs(op, .value), xDot = inputs(op, .dot), xBarDot = targets(op, .barDot)
    let zBar = rows(.bar, of: op.out, nil, op.rows)
    let zBarDot = rows(.barDot, of: op.out, nil, op.rows)
    forEachAtom(op) { first, atom in
      op.attention.addBackwardTangent(
        at: x.from(first), along: xDot.from(first), zBar.from(first), zBarDot.from(first),
        to: xBarDot.from(first), atom)
    }
  }

  private func inputs(_ op: Operation.Attention, _ family: Family) -> AttentionRows<Scalar> {
    AttentionRows(
      query: rows(family, op.query, op.rows), key: rows(family, op.key, op.rows),
      value: rows(family, op.value, op.rows),
      switches: op.switches.map { rows(family, $0, op.rows) },
      directions: op.directions.map { rows(family, $0, op.rows) })
  }

  private func targets(_ op: Operation.Attention, _ family: Family) -> AttentionTargets<Scalar> {
    AttentionTargets(
      query: target(family, op.query, op.rows), key: target(family, op.key, op.rows),
      value: target(family, op.value, op.rows),
      switches: op.switches.flatMap { target(family, $0, op.rows) },
      directions: op.directions.flatMap { target(family, $0, op.rows) })
  }

  /// Calls `body` with the first row of each atom that has neighbors; what stands for its empty
  /// slots follows those.
  private func forEachAtom(
    _ op: Operation.Attention, _ body: (_ first: Int, AttentionAtom<Scalar>) -> Void
  ) {
    let atoms = entries(op.atoms, op.rows), edges = entries(op.edges, op.rows)
    let empty = factors(1, op.empty, op.rows), rows = range(op.rows).count
    var first = 0
    while first < rows {
      var end = first, last = first
      while end < rows && atoms[end] == atoms[first] {
        end += 1
        if edges[end - 1] >= 0 { last = end }
      }
      if last > first {
        let count = last - first
        arena.scratch.reserve(op.attention.scratchCount(Scalar.self, neighbors: count))
        body(
          first,
          AttentionAtom(count: count, empty: empty.at(first), scratch: arena.scratch.base))
      }
      first = end
    }
  }
}
