/// The parts of `A` and `B` that are copied, where they lie in memory too far apart.
extension Product {
  /// Whether columns of `B` are copied before rows of `A` meet them.
  ///
  /// Rows that are a multiple of 256 bytes apart share a quarter of the places in a first-level
  /// cache, or less: they push each other out, and come from the second level again and again.
  /// Other rows fill more lines of the cache than their numbers need.  A copy has room in it, but
  /// takes longer than that for few rows of `A` or of `B`.
  /// Benchmarks/kernels has such products (`ProductShape.message`).
  var copiesColumns: Bool {
    let size = MemoryLayout<Scalar>.stride, terms = min(block, inner)
    return rows >= (b.row * size % 256 == 0 ? 32 : 96) && terms >= 48
      && tileWidth * terms * size <= firstLevelCache
  }

  /// Columns that a tile has at most.
  var tileWidth: Int { 3 * Scalar.WideVector.scalarCount }

  /// Whether rows of `A` are copied, eight by eight: tiles read adjacent terms, or terms that are
  /// eight numbers apart, and those of a transposed `A` can be a page apart.
  var packsRows: Bool { a.isTransposed && a.column > 8 }

  /// Room for one tile, if tiles are transposed before they are written, for columns of `B` and for
  /// rows of `A`, if they are copied.
  struct Scratch {
    var tile: UnsafeMutablePointer<Scalar>?, columns: UnsafeMutablePointer<Scalar>?
    var rows: UnsafeMutablePointer<Scalar>?
  }

  /// Copies terms of all rows of `A`, eight rows after the other, `[rows / 8][count][8]`; the last
  /// eight overlap those before them if need be.
  func packRows(_ start: Int, _ count: Int, into packed: UnsafeMutablePointer<Scalar>) {
    for k in 0..<count {
      forEachRowBlock { i, _ in
        put(get(a.at(i, start + k)) as SIMD8<Scalar>, packed + (i + 7) / 8 * 8 * count + 8 * k)
      }
    }
  }

  /// Terms of the eight rows of `A` from row `i` on: where they are, or copied to be adjacent.
  @inline(__always)
  func rowsOfA(_ i: Int, _ start: Int, _ count: Int, _ scratch: Scratch) -> TileRows<Scalar> {
    guard let packed = scratch.rows else {
      return TileRows(a.at(i, start), row: a.row, isPacked: a.column > 1)
    }
    return TileRows(packed + (i + 7) / 8 * 8 * count, row: 1, isPacked: true)
  }

  /// As many columns of `B` from `j` on as `vectors` vectors have: where they are, or copied to be
  /// adjacent.
  @inline(__always)
  func columnsOfB<V: FusedVector>(
    of vector: V.Type, _ vectors: Int, _ j: Int, _ start: Int, _ count: Int, _ scratch: Scratch
  ) -> (UnsafePointer<Scalar>, row: Int) where V.Scalar == Scalar {
    var from = b.at(start, j)
    guard let copy = scratch.columns else { return (from, b.row) }
    var to = copy
    for _ in 0..<count {
      for _ in 0..<vectors {
        put(get(from) as V, to)
        from += V.scalarCount
        to += V.scalarCount
      }
      from += b.row - vectors * V.scalarCount
    }
    return (UnsafePointer(copy), vectors * V.scalarCount)
  }
}

/// Bytes of the first-level cache of the CPUs that programs are made for; some have half as much
/// again.  As vectors of AVX-512 are twice as wide, columns are copied up to 170 terms there.
private let firstLevelCache = 1 << 15
