/// Rows of numbers in memory, with or without an index: row p begins at `base + stride · index[p]`,
/// or at `base + stride · p`.
///
/// With a stride of 0, there is one row for all p, as for parameters.  The memory belongs to the
/// caller.  A kernel may add to the same row several times, and does so in order.
public struct Rows<Scalar> {
  /// The beginning of row 0.
  public let base: UnsafeMutablePointer<Scalar>
  /// The distance between two rows; 0 if there is only one row.
  public let stride: Int
  /// The place of each row; nil if the rows follow each other.
  public let index: UnsafePointer<Int32>?

  /// Takes rows at `base`, `stride` numbers apart, selected by `index`.
  public init(
    _ base: UnsafeMutablePointer<Scalar>, stride: Int, index: UnsafePointer<Int32>? = nil
  ) {
    self.base = base
    self.stride = stride
    self.index = index
  }

  /// The rows from `first` on.
  public func from(_ first: Int) -> Rows {
    guard let index else { return Rows(base + first * stride, stride: stride) }
    return Rows(base, stride: stride, index: index + first)
  }

  /// Whether rows may have the same place.
  var mayRepeat: Bool { index != nil || stride == 0 }

  /// Calls `body` with each range of the first `count` rows that have the same place, and the
  /// place.
  @inline(__always)
  func forEachRun(_ count: Int, _ body: (Range<Int>, UnsafeMutablePointer<Scalar>) -> Void) {
    var p = 0
    while p < count {
      let row = at(p)
      var end = p + 1
      if mayRepeat { while end < count && at(end) == row { end += 1 } }
      body(p..<end, row)
      p = end
    }
  }

  /// Row `p`.
  @inline(__always)
  public func at(_ p: Int) -> UnsafeMutablePointer<Scalar> {
    base + stride * (index.map { Int($0[p]) } ?? p)
  }
}

/// The factor of each row: a common one, and one for each row.
public struct RowFactors<Scalar: NetworkScalar> {
  let common: Scalar
  let own: UnsafePointer<Scalar>?

  /// The factor `common`, times `own[p]` if it is given.
  public init(_ common: Scalar, _ own: UnsafePointer<Scalar>? = nil) {
    self.common = common
    self.own = own
  }

  /// The factors of the rows from `first` on.
  public func from(_ first: Int) -> RowFactors { RowFactors(common, own.map { $0 + first }) }

  /// The factor of row `p`.
  public func at(_ p: Int) -> Scalar { own.map { common * $0[p] } ?? common }
}
