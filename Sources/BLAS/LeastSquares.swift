import COpenBLAS

/// Restricts OpenBLAS to the caller's thread, because its sums depend on the number of threads.
private let useOneThread: Void = openblas_set_num_threads(1)

/// The shortest `x` among those that minimize `|A x - y|`.
///
/// `matrix` is A, `[rows][columns]`; the result is `[columns]`.  Singular values of A up to
/// `singularCutoff` times the largest count as zero.  Nil if the singular values do not converge,
/// which happens only for numbers that are not finite.
/// Source: LAPACK's `dgelsd` (divide and conquer on the singular value decomposition).
public func minimumNormLeastSquares(
  _ matrix: [Double], rows: Int, columns: Int, _ y: [Double], singularCutoff: Double
) -> [Double]? {
  precondition(matrix.count == rows * columns && y.count == rows, "\(rows) × \(columns) and y")
  useOneThread
  guard rows > 0, columns > 0 else { return Array(repeating: 0, count: columns) }
  var a = [Double](repeating: 0, count: rows * columns)  // LAPACK's matrices are stored by columns
  for row in 0..<rows {
    for column in 0..<columns { a[column * rows + row] = matrix[row * columns + column] }
  }
  var b = y + Array(repeating: 0, count: max(0, columns - rows))
  var singularValues = [Double](repeating: 0, count: min(rows, columns))
  var m = Int32(rows), n = Int32(columns), one = Int32(1), rank = Int32(0), info = Int32(0)
  var leading = Int32(b.count), cutoff = singularCutoff
  /// Calls the routine; with `workSize` -1 it only returns the size of the work space that it
  /// needs.
  func call(_ work: inout [Double], _ integers: inout [Int32], workSize: Int32) {
    var workSize = workSize
    dgelsd_(
      &m, &n, &one, &a, &m, &b, &leading, &singularValues, &cutoff, &rank, &work, &workSize,
      &integers, &info)
  }
  var work = [0.0], integers = [Int32(0)]
  call(&work, &integers, workSize: -1)
  precondition(info == 0, "dgelsd refused its argument \(-info)")
  let workSize = Int(work[0])
  work = Array(repeating: 0, count: max(1, workSize))
  integers = Array(repeating: 0, count: max(1, Int(integers[0])))
  call(&work, &integers, workSize: Int32(workSize))
  return info == 0 ? Array(b.prefix(columns)) : nil
}
