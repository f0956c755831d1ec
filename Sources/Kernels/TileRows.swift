/// Eight rows of `A` for the innermost loops of a product.
struct TileRows<Scalar> {
  private let base: UnsafePointer<Scalar>, row: Int, isPacked: Bool

  /// Rows at `base`, `row` numbers apart, with adjacent terms; or, if they are packed, terms eight
  /// numbers apart, with adjacent rows.
  @inline(__always)
  init(_ base: UnsafePointer<Scalar>, row: Int, isPacked: Bool) {
    (self.base, self.row, self.isPacked) = (base, row, isPacked)
  }

  /// Calls `body` for each of `count` terms with its place in row `first`, the distance to the next
  /// row, and the row of `B`; rows of `B` are at `b`, `step` bytes apart.
  ///
  /// One of the distances in `A` is a constant, so that the addresses of several terms need few
  /// registers.  With two variables the compiler ran out of them, and narrow products took a fifth
  /// longer (Benchmarks/kernels, float32 products of 32 columns).
  @inline(__always)
  func forEachTerm(
    from first: Int, count: Int, _ b: UnsafeRawPointer, step: Int,
    _ body: (UnsafePointer<Scalar>, _ row: Int, _ b: UnsafeRawPointer) -> Void
  ) {
    var b = b
    if isPacked {
      var a = base + first
      for _ in 0..<count {
        body(a, 1, b)
        a += 8
        b += step
      }
    } else {
      var a = base + first * row
      for _ in 0..<count {
        body(a, row, b)
        a += 1
        b += step
      }
    }
  }
}
