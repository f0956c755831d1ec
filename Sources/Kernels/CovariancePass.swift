import Measurement

/// Some rows of tiles of one block: a thread's piece of work.
///
/// Bands depend on the layout alone, so that sums over them do not depend on the number of threads.
struct CovarianceBand: Sendable {
  let block: CovarianceLayout.Block
  /// The rows of tiles.
  let rows: Range<Int>

  /// All bands of `layout`, those with most work first in each block.
  static func all(of layout: CovarianceLayout) -> [CovarianceBand] {
    let height = 8
    return layout.blocks.flatMap { block in
      stride(from: 0, to: block.tileRows, by: height).map {
        CovarianceBand(block: block, rows: $0..<min($0 + height, block.tileRows))
      }.reversed()
    }
  }

  /// The places in a padded vector that correspond to the columns of the band.
  var columns: Range<Int> {
    block.vectorStart..<block.vectorStart + rows.upperBound * CovarianceLayout.tile
  }

  /// The work of a pass: two multiply-adds for each number, two more for each term, and reading and
  /// writing the band.
  func work<Scalar>(of type: Scalar.Type, terms: Int) -> Work {
    let side = CovarianceLayout.tile
    let tiles = rows.reduce(0) { $0 + $1 + 1 }
    let bytes = MemoryLayout<Scalar>.stride * (terms > 0 ? 2 : 1)
    return (tiles * side * side) * Work(operations: Double(4 + 2 * terms), bytes: Double(bytes))
  }
}

/// A pass over the tiles of a covariance: `S = S - Σ_k c_k u_k u_kᵀ`, then `y = S x`.
struct CovariancePass<Scalar: NetworkScalar> {
  private typealias Vector = Scalar.WideVector
  let tiles: UnsafeMutablePointer<Scalar>
  let x: UnsafePointer<Scalar>
  /// The vectors `u_k`, one after the other, each `termLength` long.
  let terms: UnsafePointer<Scalar>
  let termLength: Int
  let factors: [Scalar]

  /// Adds the contribution of the tiles of `band` to `y`, whose first number belongs to the block's
  /// first row.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func run(_ band: CovarianceBand, into y: UnsafeMutablePointer<Double>) {
    let side = CovarianceLayout.tile, width = Vector.scalarCount
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: side * width) { buffer in
      guard let sums = buffer.baseAddress else { return }
      for i in band.rows {
        clear(sums, side * width)
        for j in 0...i {
          for strip in stride(from: 0, to: side, by: 4 * width) {
            pass(band.block, i, j, strip, rowSums: sums, y)
          }
        }
        for r in 0..<side {
          y[i * side + r] += (0..<width).reduce(0) { $0 + Double(sums[r * width + $1]) }
        }
      }
    }
  }

  /// Multiplies four vectors of columns, from `strip` on, of the tile (`i`, `j`).
  ///
  /// The sum of a row stays a vector until all tiles of the row are done.
  @inline(__always)
  private func pass(
    _ block: CovarianceLayout.Block, _ i: Int, _ j: Int, _ strip: Int,
    rowSums: UnsafeMutablePointer<Scalar>, _ y: UnsafeMutablePointer<Double>
  ) {
    let side = CovarianceLayout.tile, width = Vector.scalarCount
    let row = block.vectorStart + i * side, column = block.vectorStart + j * side + strip
    var tile = tiles + block.tile(i, j) + strip
    let x0: Vector = get(x + column), x1: Vector = get(x + column + width)
    let x2: Vector = get(x + column + 2 * width), x3: Vector = get(x + column + 3 * width)
    var y0 = Vector.zero, y1 = Vector.zero, y2 = Vector.zero, y3 = Vector.zero
    for r in 0..<side {
      var s0: Vector = get(tile), s1: Vector = get(tile + width)
      var s2: Vector = get(tile + 2 * width), s3: Vector = get(tile + 3 * width)
      if !factors.isEmpty {
        var term = terms
        for factor in factors {
          let c = Vector(repeating: -factor * term[row + r])
          s0.addProduct(c, get(term + column))
          s1.addProduct(c, get(term + column + width))
          s2.addProduct(c, get(term + column + 2 * width))
          s3.addProduct(c, get(term + column + 3 * width))
          term += termLength
        }
        put(s0, tile)
        put(s1, tile + width)
        put(s2, tile + 2 * width)
        put(s3, tile + 3 * width)
      }
      let weight = Vector(repeating: x[row + r])
      y0.addProduct(weight, s0)
      y1.addProduct(weight, s1)
      y2.addProduct(weight, s2)
      y3.addProduct(weight, s3)
      var sum: Vector = get(rowSums + r * width)
      sum.addProduct(s0, x0)
      sum.addProduct(s1, x1)
      sum.addProduct(s2, x2)
      sum.addProduct(s3, x3)
      put(sum, rowSums + r * width)
      tile += side
    }
    if i == j { return }  // a tile of the diagonal is whole: its rows are its columns
    let to = y + j * side + strip
    for lane in 0..<width {
      to[lane] += Double(y0[lane])
      to[width + lane] += Double(y1[lane])
      to[2 * width + lane] += Double(y2[lane])
      to[3 * width + lane] += Double(y3[lane])
    }
  }
}
