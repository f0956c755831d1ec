import Kernels

/// The passes of `Operation.Moments`: atom by atom, T being `[4][stride]` while neighbors add to it
/// and `[4][width]` among the program's values.
extension TilePasses {
  func forward(_ op: Operation.Moments) {
    forEachCenter(op) { moments, neighbors, atom, t in
      moments.forward(neighbors, to: t)
      add(t, moments.rowWidth, to: row(.value, op, atom), width(op))
    }
  }

  func backward(_ op: Operation.Moments) {
    forEachCenter(op) { moments, neighbors, atom, tBar in
      take(row(.bar, op, atom), width(op), into: tBar, moments.rowWidth)
      moments.backward(neighbors, tBar, to: memory.pairsBar.base)
    }
  }

  func tangent(_ op: Operation.Moments) {
    forEachCenter(op) { moments, neighbors, atom, tDot in
      moments.tangent(neighbors, along: memory.pairsDot.base, to: tDot)
      add(tDot, moments.rowWidth, to: row(.dot, op, atom), width(op))
    }
  }

  func backwardTangent(_ op: Operation.Moments) {
    forEachCenter(op) { moments, neighbors, atom, tBar in
      let stride = moments.rowWidth, tBarDot = tBar + 4 * stride
      take(row(.bar, op, atom), width(op), into: tBar, stride)
      take(row(.barDot, op, atom), width(op), into: tBarDot, stride)
      moments.backwardTangent(
        neighbors, along: memory.pairsDot.base, tBar, tBarDot, to: arena.lane)
    }
  }

  /// Calls `body` for each atom of the tile that has rows, with memory for two matrices, which are
  /// zero.
  ///
  /// An atom's last row may be no pair, but stand for its empty slots.
  private func forEachCenter(
    _ op: Operation.Moments,
    _ body: (
      TableMoments<Scalar>, TableMoments<Scalar>.Neighbors, Int, UnsafeMutablePointer<Scalar>
    ) -> Void
  ) {
    guard let types = op.table.types else { preconditionFailure("each row has its types") }
    let moments = TableMoments(
      memory.tables[op.table.number].base, width: width(op), frame.displacements.base, arena.pairs)
    let edges = entries(op.edges, op.rows), tableNumbers = entries(types.rows, op.rows)
    let atoms = entries(op.atoms, op.rows), count = range(op.rows).count
    let counts = memory.weights[op.counts].base + range(op.rows).lowerBound
    arena.scratch.reserve(8 * moments.rowWidth)
    var first = 0
    while first < count {
      var end = first + 1
      while end < count && atoms[end] == atoms[first] { end += 1 }
      let atom = Int(atoms[first]), type = frame.edges.types[atom]
      arena.scratch.clear(8 * moments.rowWidth)
      let hasEmpty = edges[end - 1] < 0
      let neighbors = TableMoments<Scalar>.Neighbors(
        edges: edges + first, tableNumbers: tableNumbers + first,
        count: end - first - (hasEmpty ? 1 : 0), empty: hasEmpty ? Int(counts[end - 1]) : 0,
        op.environments[type].typePair(Scalar.self))
      body(moments, neighbors, atom, arena.scratch.base)
      first = end
    }
  }

  private func width(_ op: Operation.Moments) -> Int { memory.widths[op.out] / 4 }

  private func row(
    _ family: Family, _ op: Operation.Moments, _ atom: Int
  ) -> UnsafeMutablePointer<Scalar> {
    arena.origin(family, op.out) + atom * memory.widths[op.out]
  }

  /// Adds `[4][stride]` to `[4][width]`.
  private func add(
    _ t: UnsafePointer<Scalar>, _ stride: Int, to row: UnsafeMutablePointer<Scalar>, _ width: Int
  ) {
    for c in 0..<4 { for m in 0..<width { row[c * width + m] += t[c * stride + m] } }
  }

  /// Copies `[4][width]` to `[4][stride]`.
  private func take(
    _ row: UnsafePointer<Scalar>, _ width: Int, into t: UnsafeMutablePointer<Scalar>,
    _ stride: Int
  ) {
    for c in 0..<4 { for m in 0..<width { t[c * stride + m] = row[c * width + m] } }
  }
}
