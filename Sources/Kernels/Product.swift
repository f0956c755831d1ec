import CMachine

/// One product during its computation.
struct Product<Scalar: NetworkScalar> {
  let rows: Int, columns: Int, inner: Int
  let a: MatrixOperand<Scalar>, b: MatrixOperand<Scalar>
  let c: UnsafeMutablePointer<Scalar>, cRow: Int
  let target: ProductTarget

  /// The largest number of terms that are summed before a block is written to memory: three vectors
  /// of `B` times this number fill a part of the second-level cache.
  ///
  /// `C += A B` has one block only, so that it adds to each number of `C` once; a sum of products
  /// can then be cut at any point without changing a bit.
  private var block: Int { target == .add || target == .replace ? max(inner, 1) : 384 }

  @inline(__always)
  init(
    rows: Int, columns: Int, inner: Int, _ a: MatrixOperand<Scalar>, _ b: MatrixOperand<Scalar>,
    _ c: UnsafeMutablePointer<Scalar>, _ cRow: Int, _ target: ProductTarget
  ) {
    (self.rows, self.columns, self.inner) = (rows, columns, inner)
    (self.a, self.b, self.c, self.cRow, self.target) = (a, b, c, cRow, target)
  }

  /// Whether columns of `B` are copied before rows of `A` meet them.
  ///
  /// Rows that are a multiple of 256 bytes apart share a quarter of the places in a first-level
  /// cache, or less: they push each other out, and come from the second level again and again.  A
  /// copy has room in it, but takes longer than that for few rows of `A` or of `B`.
  /// Benchmarks/kernels has such products (`ProductShape.message`).
  private var copiesColumns: Bool {
    let size = MemoryLayout<Scalar>.stride, terms = min(block, inner)
    return rows >= 32 && terms >= 48 && b.row * size % 256 == 0
      && tileWidth * terms * size <= firstLevelCache
  }

  /// Columns that a tile has at most.
  private var tileWidth: Int { 3 * Scalar.WideVector.scalarCount }

  func run() {
    let tile = target == .setTransposed ? 8 * tileWidth : 0
    let columns = copiesColumns ? tileWidth * min(block, inner) : 0
    guard tile + columns > 0 else { return run(Scratch()) }
    withUnsafeTemporaryAllocation(
      byteCount: (tile + columns) * MemoryLayout<Scalar>.stride, alignment: 64
    ) { memory in
      let base = memory.bindMemory(to: Scalar.self).baseAddress
      run(
        Scratch(
          tile: tile > 0 ? base : nil, columns: columns > 0 ? base.map { $0 + tile } : nil))
    }
  }

  /// Computes the product.
  ///
  /// It is not inlined, so that the compiler optimizes its many loops once for each format.
  @inline(never)
  private func run(_ scratch: Scratch) {
    for start in stride(from: 0, to: max(inner, 1), by: block) {
      let count = min(block, inner - start)
      let adds = start > 0 || target == .add
      panels(
        of: Scalar.WideVector.self, start, count, adds, scratch, byHalves: !cmachine_has_avx512())
    }
  }

  /// Room for one tile, if tiles are transposed before they are written, and for columns of `B`, if
  /// they are copied.
  private struct Scratch {
    var tile: UnsafeMutablePointer<Scalar>?, columns: UnsafeMutablePointer<Scalar>?
  }

  /// All columns.
  @inline(__always)
  private func panels<V: FusedVector>(
    of vector: V.Type, _ start: Int, _ count: Int, _ adds: Bool,
    _ scratch: Scratch, byHalves: Bool
  ) where V.Scalar == Scalar {
    let width = V.scalarCount
    var j = 0
    while columns - j >= 2 * width {
      let vectors = (columns - j) / width
      if vectors == 2 || vectors == 4 {  // four are two and two, not three and one
        middlePanel(of: V.self, j, start, count, adds, scratch, byHalves)
        j += 2 * width
      } else {
        widePanel(of: V.self, j, start, count, adds, scratch, byHalves)
        j += 3 * width
      }
    }
    narrowPanels(of: V.self, from: j, start, count, adds)
  }

  /// As many columns of `B` from `j` on as `vectors` vectors have: where they are, or copied to be
  /// adjacent.
  @inline(__always)
  private func columnsOfB<V: FusedVector>(
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

  /// Columns `j` and on, three vectors wide.
  @inline(__always)
  private func widePanel<V: FusedVector>(
    of vector: V.Type, _ j: Int, _ start: Int, _ count: Int, _ adds: Bool,
    _ scratch: Scratch, _ byHalves: Bool
  ) where V.Scalar == Scalar {
    let width = V.scalarCount
    let (b, bRow) = columnsOfB(of: V.self, 3, j, start, count, scratch)
    forEachRowBlock { i, first in
      let tile = WideTile<V>(
        a.at(i, start), aRow: a.row, aInner: a.column, b, bInner: bRow, count: count,
        byHalves: byHalves)
      if let memory = scratch.tile, first == i, i + 8 <= rows, !adds {
        tile.forEachRow { r, x0, x1, x2 in
          put(x0, memory + 3 * width * r)
          put(x1, memory + 3 * width * r + width)
          put(x2, memory + 3 * width * r + 2 * width)
        }
        return storeTransposed(memory, columns: 3 * width, i, j)
      }
      tile.forEachRow { r, x0, x1, x2 in
        guard i + r >= first, i + r < rows else { return }
        store(x0, i + r, j, width, adds)
        store(x1, i + r, j + width, width, adds)
        store(x2, i + r, j + 2 * width, width, adds)
      }
    }
  }

  /// Columns `j` and on, two vectors wide.
  @inline(__always)
  private func middlePanel<V: FusedVector>(
    of vector: V.Type, _ j: Int, _ start: Int, _ count: Int, _ adds: Bool,
    _ scratch: Scratch, _ byHalves: Bool
  ) where V.Scalar == Scalar {
    let width = V.scalarCount
    let (b, bRow) = columnsOfB(of: V.self, 2, j, start, count, scratch)
    forEachRowBlock { i, first in
      let tile = MiddleTile<V>(
        a.at(i, start), aRow: a.row, aInner: a.column, b, bInner: bRow, count: count,
        byHalves: byHalves)
      if let memory = scratch.tile, first == i, i + 8 <= rows, !adds {
        tile.forEachRow { r, x0, x1 in
          put(x0, memory + 2 * width * r)
          put(x1, memory + 2 * width * r + width)
        }
        return storeTransposed(memory, columns: 2 * width, i, j)
      }
      tile.forEachRow { r, x0, x1 in
        guard i + r >= first, i + r < rows else { return }
        store(x0, i + r, j, width, adds)
        store(x1, i + r, j + width, width, adds)
      }
    }
  }

  /// The columns from `edge` on, one vector at a time; the last one may be partly filled.
  @inline(__always)
  private func narrowPanels<V: FusedVector>(
    of vector: V.Type, from edge: Int, _ start: Int, _ count: Int, _ adds: Bool
  ) where V.Scalar == Scalar {
    let width = V.scalarCount, whole = columns / width * width
    for j in stride(from: edge, to: whole, by: width) {
      narrowPanel(of: V.self, b.at(start, j), b.row, j, width, start, count, adds)
    }
    guard whole < columns else { return }
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: count * width) { copy in
      copy.initialize(repeating: 0)  // vectors of B itself would read too far
      guard let base = copy.baseAddress else { return }
      for k in 0..<count {
        for j in whole..<columns { base[k * width + j - whole] = b.at(start + k, j).pointee }
      }
      narrowPanel(of: V.self, base, width, whole, columns - whole, start, count, adds)
    }
  }

  /// Columns `j` and on, one vector wide, of which `used` columns count.
  ///
  /// It is not inlined: in a function that has memory of changing size on its stack, the compiler
  /// calls a function for every multiply-add.
  @inline(never)
  private func narrowPanel<V: FusedVector>(
    of vector: V.Type, _ b: UnsafePointer<Scalar>, _ bRow: Int, _ j: Int, _ used: Int, _ start: Int,
    _ count: Int, _ adds: Bool
  ) where V.Scalar == Scalar {
    forEachRowBlock { i, first in
      NarrowTile<V>(
        a.at(i, start), aRow: a.row, aInner: a.column, b, bInner: bRow, count: count
      ).forEachRow { r, x in
        guard i + r >= first, i + r < rows else { return }
        store(x, i + r, j, used, adds)
      }
    }
  }

  /// Calls `body` with the first row of each block of eight, and the first row of it that is not
  /// done yet: if the number of rows is not a multiple of eight, the last block overlaps the one
  /// before it.
  @inline(__always)
  private func forEachRowBlock(_ body: (_ row: Int, _ first: Int) -> Void) {
    var i = 0
    while i + 8 <= rows {
      body(i, i)
      i += 8
    }
    if i < rows { body(max(rows - 8, 0), i) }
  }

  /// Writes a tile of eight rows, transposed, at row `i` and columns `j` and on.
  @inline(__always)
  private func storeTransposed(
    _ tile: UnsafePointer<Scalar>, columns: Int, _ i: Int, _ j: Int
  ) {
    let to = c + j * cRow + i, whole = columns / 8 * 8
    for column in stride(from: 0, to: whole, by: 8) {
      Scalar.transpose8(tile + column, row: columns, to: to + column * cRow, row: cRow)
    }
    for column in whole..<columns {
      for row in 0..<8 { to[column * cRow + row] = tile[row * columns + column] }
    }
  }

  /// Writes the first `used` numbers of `x` at row `i` and columns `j` and on.
  @inline(__always)
  private func store<V: FusedVector>(_ x: V, _ i: Int, _ j: Int, _ used: Int, _ adds: Bool)
  where V.Scalar == Scalar {
    if target == .setTransposed {
      for lane in 0..<used {
        let to = c + (j + lane) * cRow + i
        to.pointee = adds ? to.pointee + x[lane] : x[lane]
      }
    } else if used == V.scalarCount {
      let to = UnsafeMutableRawPointer(c + i * cRow + j)
      to.storeBytes(of: adds ? to.loadUnaligned(as: V.self) + x : x, as: V.self)
    } else {
      let to = c + i * cRow + j
      for lane in 0..<used { to[lane] = adds ? to[lane] + x[lane] : x[lane] }
    }
  }
}

/// Bytes of the first-level cache of the CPUs that programs are made for; some have half as much
/// again.
private let firstLevelCache = 1 << 15
