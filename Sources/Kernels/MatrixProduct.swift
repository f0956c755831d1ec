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
/// No matrix is packed as a whole, since the matrices of networks fit into the caches; at most some
/// columns of `B` are copied at a time.  Blocks of `inner` are added in order, so every number of
/// `C` is the same sum for any cut of rows and columns.
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
