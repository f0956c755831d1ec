import Kernels

/// The passes of `Operation.PairEnergy`, atom by atom; there is none for parameters, of which it
/// has no.
extension TilePasses {
  func forward(_ op: Operation.PairEnergy) {
    forEachCenter(op) { neighbors, row in add(neighbors.numbers, to: numbers(.value, op, row)) }
  }

  func backward(_ op: Operation.PairEnergy) {
    forEachCenter(op) { neighbors, row in
      let bar = numbers(.bar, op, row)
      neighbors.addBackward(
        SIMD2(Double(bar[0]), Double(bar[1])), to: memory.pairsBar.base)
    }
  }

  func tangent(_ op: Operation.PairEnergy) {
    forEachCenter(op) { neighbors, row in
      add(neighbors.tangent(along: memory.pairsDot.base), to: numbers(.dot, op, row))
    }
  }

  /// Calls `body` for each atom of the tile that has neighbors, and an energy.
  private func forEachCenter(
    _ op: Operation.PairEnergy, _ body: (PairPotentialRows, Int) -> Void
  ) {
    let edges = entries(op.edges, op.rows), atoms = entries(op.atoms, op.rows)
    let types = entries(op.types, op.rows), count = range(op.rows).count
    var first = 0
    while first < count {
      var end = first + 1
      while end < count && atoms[end] == atoms[first] { end += 1 }
      let atom = Int(atoms[first])
      if !op.silentTypes.contains(frame.edges.types[atom]) {
        let neighbors = PairPotentialRows(
          op.table, op.nearness, edges: edges + first, typePairs: types + first,
          count: end - first, frame.displacements.base)
        body(neighbors, atom)
      }
      first = end
    }
  }

  private func numbers(
    _ family: Family, _ op: Operation.PairEnergy, _ atom: Int
  ) -> UnsafeMutablePointer<Scalar> {
    arena.origin(family, op.out) + atom * memory.strides[op.out]
  }

  private func add(_ numbers: SIMD2<Double>, to row: UnsafeMutablePointer<Scalar>) {
    for k in 0..<2 { row[k] += Scalar(numbers[k]) }
  }
}
