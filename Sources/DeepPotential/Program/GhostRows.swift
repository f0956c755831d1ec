import Kernels

/// Where a frame's rows of atoms that are no centers come from, in a program that passes messages.
struct GhostRows: Sendable {
  let swaps: GhostSwaps
  /// For each row the atom of the other program; the first `centerCount` rows are centers.
  let atoms: [Int], centerCount: Int
  /// Number of atoms of the other program.
  let listedCount: Int

  /// Fills the rows of ghosts with those of the atoms that they are images of.
  func fill<Scalar: NetworkScalar>(_ rows: UnsafeMutablePointer<Scalar>, width: Int) {
    withAll(width: width) { all in
      copy(rows, to: all, 0..<centerCount, width)
      swaps.fill(all, width: width)
      for row in centerCount..<atoms.count {
        (rows + row * width).update(from: all + atoms[row] * width, count: width)
      }
    }
  }

  /// Adds the rows of ghosts to those of the atoms that they are images of.
  func giveBack<Scalar: NetworkScalar>(_ rows: UnsafeMutablePointer<Scalar>, width: Int) {
    withAll(width: width) { all in
      copy(rows, to: all, centerCount..<atoms.count, width)
      swaps.giveBack(all, width: width)
      for row in 0..<centerCount {
        addRows(
          Rows(all + atoms[row] * width, stride: 0), times: RowFactors(1),
          to: Rows(rows + row * width, stride: 0), width: width, count: 1)
      }
    }
  }

  private func copy<Scalar: NetworkScalar>(
    _ rows: UnsafeMutablePointer<Scalar>, to all: UnsafeMutablePointer<Scalar>,
    _ range: Range<Int>, _ width: Int
  ) {
    for row in range {
      (all + atoms[row] * width).update(from: rows + row * width, count: width)
    }
  }

  /// Calls `body` with zeros for all atoms of the other program.
  private func withAll<Scalar: NetworkScalar>(
    width: Int, _ body: (UnsafeMutablePointer<Scalar>) -> Void
  ) {
    let all = Buffer<Scalar>(listedCount * width)
    withExtendedLifetime(all) { body(all.base) }
  }
}
