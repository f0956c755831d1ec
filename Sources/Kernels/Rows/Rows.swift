/// Rows of numbers in memory, found directly or through an index: row p begins at `base + stride ·
/// index[p]`, or at `base + stride · p` without an index.
///
/// A stride of 0 is one row for all p, as with parameters.  The memory belongs to the caller; rows
/// that a kernel adds to may repeat, and it takes them in order.
public struct Rows<Scalar> {
  /// Where row 0 begins.
  public let base: UnsafeMutablePointer<Scalar>
  /// Numbers between two rows; 0 where there is one row only.
  public let stride: Int
  /// The place of each row; nil for one after the other.
  public let index: UnsafePointer<Int32>?

  /// Rows at `base`, `stride` numbers apart, picked by `index`.
  public init(
    _ base: UnsafeMutablePointer<Scalar>, stride: Int, index: UnsafePointer<Int32>? = nil
  ) {
    self.base = base
    self.stride = stride
    self.index = index
  }

  /// Row `p`.
  @inline(__always)
  func at(_ p: Int) -> UnsafeMutablePointer<Scalar> {
    base + stride * (index.map { Int($0[p]) } ?? p)
  }
}

/// What each row is multiplied by: a factor for all, and a number of its own.
public struct RowFactors<Scalar: NetworkScalar> {
  let common: Scalar
  let own: UnsafePointer<Scalar>?

  /// The factor `common`, times `own[p]` if there are such.
  public init(_ common: Scalar, _ own: UnsafePointer<Scalar>? = nil) {
    self.common = common
    self.own = own
  }

  /// The factor of row `p`.
  @inline(__always)
  func at(_ p: Int) -> Scalar { own.map { common * $0[p] } ?? common }
}
