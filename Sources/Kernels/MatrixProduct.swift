/// How a product is stored.
public enum ProductTarget: Sendable {
  /// `C = A B`, with the same bits as adding to zeros.
  case set
  /// `C += A B`.
  case add
  /// `C = (A B)ᵀ`.
  case setTransposed
}

/// A matrix in memory: element (r, k) is at `base + r * row + k * column`.  Either columns are
/// adjacent, or rows are: then columns are at least as far apart as there are rows.
public struct MatrixOperand<Scalar> {
  let base: UnsafePointer<Scalar>, row: Int, column: Int

  /// A matrix at `base`, with these distances between rows and between columns.
  public init(_ base: UnsafePointer<Scalar>, row: Int, column: Int = 1) {
    self.base = base
    self.row = row
    self.column = column
  }

  /// Whether rows are adjacent; also rows one number wide are, whose sums have one term.
  var isTransposed: Bool { row == 1 }

  func at(_ r: Int, _ k: Int) -> UnsafePointer<Scalar> { base + r * row + k * column }
}

/// `C = A B`, `C += A B` or `C = (A B)ᵀ` for `A` `[rows][inner]` and `B` `[inner][columns]` with
/// adjacent columns.
///
/// Only parts of matrices are copied, since those of networks fit into the caches: some columns of
/// `B` at a time, and blocks of a transposed `A`.  Blocks of `inner` are added in order, so every
/// number of `C` is the same sum for any cut of rows and columns.  A `bias`, `[columns]`, is added
/// to every row of `C = A B` before it is written, and so are rows of `added`, one after the other.
/// Benchmarks/kernels measures it; the tests have a plain twin and compare with OpenBLAS.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func multiply<Scalar: NetworkScalar>(
  rows: Int, columns: Int, inner: Int, _ a: MatrixOperand<Scalar>, _ b: MatrixOperand<Scalar>,
  into c: UnsafeMutablePointer<Scalar>, row cRow: Int, _ target: ProductTarget = .set,
  bias: UnsafePointer<Scalar>? = nil, adding added: AddedRows<Scalar> = AddedRows()
) {
  precondition(b.column == 1 && (bias == nil && added.isEmpty || target == .set))
  precondition(a.column == 1 || a.isTransposed && a.column >= rows)
  if rows < 8 {
    withPadded(a, rows: rows, inner: inner) { padded in
      Product(rows: rows, columns: columns, inner: inner, padded, b, c, cRow, target, bias, added)
        .run()
    }
  } else {
    Product(rows: rows, columns: columns, inner: inner, a, b, c, cRow, target, bias, added).run()
  }
}

/// Calls `body` with a copy of the first rows of `a`, padded with zeros to eight rows, and
/// transposed in memory if `a` is.
private func withPadded<Scalar: NetworkScalar>(
  _ a: MatrixOperand<Scalar>, rows: Int, inner: Int, _ body: (MatrixOperand<Scalar>) -> Void
) {
  withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 8 * max(inner, 1)) { copy in
    copy.initialize(repeating: 0)
    guard let base = copy.baseAddress else { return }
    let (row, column) = a.isTransposed ? (1, 8) : (inner, 1)
    for r in 0..<rows {
      for k in 0..<inner { base[r * row + k * column] = a.at(r, k).pointee }
    }
    body(MatrixOperand(base, row: row, column: column))
  }
}
