/// The four matrices `[neighbors][neighbors]` of an atom's attention, and their products with rows.
///
/// Each row is padded with zeros to whole vectors.
struct AttentionMatrices<Scalar: NetworkScalar> {
  /// Neighbors, and numbers in a row of a matrix.
  let count: Int, padded: Int
  private let base: UnsafeMutablePointer<Scalar>, transposed: UnsafeMutablePointer<Scalar>

  @inline(__always)
  init(_ attention: NeighborAttention, _ atom: AttentionAtom<Scalar>) {
    count = atom.count
    padded = paddedWidth(count, of: Scalar.self)
    base = atom.scratch + AttentionGates<Scalar>.vectorCount * padded
    transposed = base + 4 * count * padded
  }

  /// Row `p` of matrix `k`.
  @inline(__always)
  func row(_ k: Int, _ p: Int) -> UnsafeMutablePointer<Scalar> { base + (k * count + p) * padded }

  /// `M_k = A Bᵀ`, for rows `width` wide, as below.
  @inline(__always)
  func setProducts(_ a: Rows<Scalar>, _ b: Rows<Scalar>, _ width: Int, into k: Int) {
    transpose(b, width)
    product(a, width, into: k, .set)
  }

  /// `M_k = A Bᵀ`, `M_l = ADot Bᵀ + A BDotᵀ`.
  @inline(__always)
  func setProducts(
    _ a: Rows<Scalar>, _ b: Rows<Scalar>, _ width: Int, into k: Int, moved aDot: Rows<Scalar>,
    _ bDot: Rows<Scalar>, into l: Int
  ) {
    transpose(b, width)
    product(a, width, into: k, .set)
    product(aDot, width, into: l, .set)
    transpose(bDot, width)
    product(a, width, into: l, .add)
  }

  /// `to += M_k x`.
  @inline(__always)
  func add(_ k: Int, times x: Rows<Scalar>, _ width: Int, to: Rows<Scalar>) {
    multiply(
      rows: count, columns: width, inner: count, MatrixOperand(row(k, 0), row: padded),
      MatrixOperand(x.base, row: x.stride), into: to.base, row: to.stride, .add)
  }

  /// `to += M_kᵀ x`.
  @inline(__always)
  func addTransposed(_ k: Int, times x: Rows<Scalar>, _ width: Int, to: Rows<Scalar>) {
    multiply(
      rows: count, columns: width, inner: count, MatrixOperand(row(k, 0), row: 1, column: padded),
      MatrixOperand(x.base, row: x.stride), into: to.base, row: to.stride, .add)
  }

  @inline(__always)
  private func product(_ a: Rows<Scalar>, _ width: Int, into k: Int, _ target: ProductTarget) {
    multiply(
      rows: count, columns: padded, inner: width, MatrixOperand(a.base, row: a.stride),
      MatrixOperand(transposed, row: padded), into: row(k, 0), row: padded, target)
  }

  /// Copies rows to columns, and zeros behind them.
  @inline(__always)
  private func transpose(_ x: Rows<Scalar>, _ width: Int) {
    Kernels.transpose(x, width: width, count: count, into: transposed, row: padded)
    guard count < padded else { return }
    for c in 0..<width { clear(transposed + c * padded + count, padded - count) }
  }
}
