import Kernels
import Measurement

extension SeE2AMatrices {
  /// The work of `D = Tᵀ T_<` for one atom: four multiply-adds per number of `D`.  Its adjoint and
  /// its tangent take twice as much.
  var squareWork: Work {
    Work(
      operations: Double(8 * width * axis),
      bytes: Double(4 * stride * MemoryLayout<Scalar>.stride)
        + Double(width * axis * MemoryLayout<Row>.stride))
  }
}

extension SeE2ATableSweeps {
  /// The work of one pass over the pairs of `tile`.
  func pairWork(_ pass: Phase, of tile: AtomTile) -> Work {
    let countsEmpty = pass == .pairsForward || pass == .pairsBackwardTangent
    let perAtom = pass == .pairsBackwardTangent ? 2 : 1
    let matrixBytes =
      4 * matrices.stride * MemoryLayout<Scalar>.stride * perAtom * tile.atoms.count
    return (0..<descriptor.typeCount).reduce(
      Work(operations: 0, bytes: Double(matrixBytes))
    ) { sum, type in
      let pairs = tile.atoms.reduce(0) { $0 + slots.pairs(of: $1, type: type).count }
      let table = tables[descriptor.net(center: tile.type, neighbor: type)]
      return sum
        + table.pairWork(pass, pairs: pairs, empty: countsEmpty ? tile.atoms.count : 0)
    }
  }
}
