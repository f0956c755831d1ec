import CMachine

/// How a product is stored.
public enum ProductTarget: Sendable {
  /// `C = A B`.
  case set
  /// `C += A B`.
  case add
  /// `C = A B`, with the same bits as adding to zeros.
  case replace
  /// `C = (A B)ᵀ`.
  case setTransposed
}

/// A matrix in memory: element (r, k) is at `base + r * row + k * column`.
public struct MatrixOperand<Scalar> {
  let base: UnsafePointer<Scalar>, row: Int, column: Int

  /// A matrix at `base`, with these distances between rows and between columns.
  public init(_ base: UnsafePointer<Scalar>, row: Int, column: Int = 1) {
    self.base = base
    self.row = row
    self.column = column
  }

  func at(_ r: Int, _ k: Int) -> UnsafePointer<Scalar> { base + r * row + k * column }
}

/// `C = A B`, `C += A B` or `C = (A B)ᵀ` for `A` `[rows][inner]` and `B` `[inner][columns]` with
/// adjacent columns.
///
/// No matrix is packed, since the matrices of networks fit into the caches.  Blocks of `inner` are
/// added in order, so every number of `C` is the same sum for any cut of rows and columns.
/// Benchmarks/kernels measures it; the tests have a plain twin and compare with OpenBLAS.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func multiply<Scalar: NetworkScalar>(
  rows: Int, columns: Int, inner: Int, _ a: MatrixOperand<Scalar>, _ b: MatrixOperand<Scalar>,
  into c: UnsafeMutablePointer<Scalar>, row cRow: Int, _ target: ProductTarget = .set
) {
  precondition(b.column == 1)
  if rows < 8 {
    withPadded(a, rows: rows, inner: inner) { padded in
      Product(rows: rows, columns: columns, inner: inner, padded, b, c, cRow, target).run()
    }
  } else if a.row == 1 && a.column > 16 {
    multiplyPacked(rows: rows, columns: columns, inner: inner, a, b, into: c, row: cRow, target)
  } else {
    Product(rows: rows, columns: columns, inner: inner, a, b, c, cRow, target).run()
  }
}

/// The product with a transposed `A`, eight rows at a time, which are copied to be adjacent,
/// because they are a page apart in memory.
@inline(__always)
private func multiplyPacked<Scalar: NetworkScalar>(
  rows: Int, columns: Int, inner: Int, _ a: MatrixOperand<Scalar>, _ b: MatrixOperand<Scalar>,
  into c: UnsafeMutablePointer<Scalar>, row cRow: Int, _ target: ProductTarget
) {
  let step = target == .setTransposed ? 1 : cRow
  withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 15 * max(inner, 1)) { copy in
    guard let copy = copy.baseAddress else { return }
    var r = 0
    while r < rows {
      let count = rows - r < 16 ? rows - r : 8
      for k in 0..<inner {
        let from = a.at(r, k), to = copy + k * count
        put(get(from) as SIMD8<Scalar>, to)
        for i in 8..<count { to[i] = from[i] }
      }
      Product(
        rows: count, columns: columns, inner: inner,
        MatrixOperand(copy, row: 1, column: count), b, c + r * step, cRow, target
      ).run()
      r += count
    }
  }
}

/// Calls `body` with a copy of the first rows of `a`, padded with zeros to eight rows.
private func withPadded<Scalar: NetworkScalar>(
  _ a: MatrixOperand<Scalar>, rows: Int, inner: Int, _ body: (MatrixOperand<Scalar>) -> Void
) {
  withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 8 * inner) { copy in
    copy.initialize(repeating: 0)
    guard let base = copy.baseAddress else { return }
    for r in 0..<rows { for k in 0..<inner { base[r * inner + k] = a.at(r, k).pointee } }
    body(MatrixOperand(base, row: inner))
  }
}

/// One product during its computation.
private struct Product<Scalar: NetworkScalar> {
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

  func run() {
    guard target == .setTransposed else { return run(nil) }
    withUnsafeTemporaryAllocation(
      of: Scalar.self, capacity: 24 * Scalar.WideVector.scalarCount
    ) { run($0.baseAddress) }
  }

  /// Computes the product, with room for one tile if tiles are transposed before they are written.
  ///
  /// It is not inlined, so that the compiler optimizes its many loops once for each format.
  @inline(never)
  private func run(_ tile: UnsafeMutablePointer<Scalar>?) {
    for start in stride(from: 0, to: max(inner, 1), by: block) {
      let count = min(block, inner - start)
      let adds = start > 0 || target == .add
      panels(
        of: Scalar.WideVector.self, start, count, adds, tile, byHalves: !cmachine_has_avx512())
    }
  }

  /// All columns.
  @inline(__always)
  private func panels<V: FusedVector>(
    of vector: V.Type, _ start: Int, _ count: Int, _ adds: Bool,
    _ tile: UnsafeMutablePointer<Scalar>?, byHalves: Bool
  ) where V.Scalar == Scalar {
    let width = V.scalarCount
    // Tiles that are transposed have whole blocks of eight columns.
    let isOdd = tile != nil && 3 * width % 8 != 0
    var j = 0
    while columns - j >= 2 * width {
      let vectors = (columns - j) / width
      if vectors == 2 || vectors == 4 || isOdd {  // four are two and two, not three and one
        middlePanel(of: V.self, j, start, count, adds, tile, byHalves)
        j += 2 * width
      } else {
        widePanel(of: V.self, j, start, count, adds, tile, byHalves)
        j += 3 * width
      }
    }
    narrowPanels(of: V.self, from: j, start, count, adds)
  }

  /// Columns `j` and on, three vectors wide.
  @inline(__always)
  private func widePanel<V: FusedVector>(
    of vector: V.Type, _ j: Int, _ start: Int, _ count: Int, _ adds: Bool,
    _ memory: UnsafeMutablePointer<Scalar>?, _ byHalves: Bool
  ) where V.Scalar == Scalar {
    let width = V.scalarCount
    forEachRowBlock { i, first in
      let tile = WideTile<V>(
        a.at(i, start), aRow: a.row, aInner: a.column, b.at(start, j), bInner: b.row,
        count: count, byHalves: byHalves)
      if let memory, first == i, i + 8 <= rows, !adds {
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
    _ memory: UnsafeMutablePointer<Scalar>?, _ byHalves: Bool
  ) where V.Scalar == Scalar {
    let width = V.scalarCount
    forEachRowBlock { i, first in
      let tile = MiddleTile<V>(
        a.at(i, start), aRow: a.row, aInner: a.column, b.at(start, j), bInner: b.row,
        count: count, byHalves: byHalves)
      if let memory, first == i, i + 8 <= rows, !adds {
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
    for column in stride(from: 0, to: columns, by: 8) {
      Scalar.transpose8(
        tile + column, row: columns, to: c + (j + column) * cRow + i, row: cRow)
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
