/// Rows that are to be added to the same ones, four at a time.
public struct RowQueue<Scalar: NetworkScalar> {
  private let to: Rows<Scalar>, width: Int, count: Int
  private var rows: (Rows<Scalar>?, Rows<Scalar>?, Rows<Scalar>?)

  /// Begins to add to `count` rows, `width` wide, at `to`.
  @inline(__always)
  public init(to: Rows<Scalar>, width: Int, count: Int) {
    (self.to, self.width, self.count) = (to, width, count)
  }

  /// Adds `next` after what was there before.
  @inline(__always)
  public mutating func add(_ next: Rows<Scalar>) {
    guard let a = rows.0 else { return rows.0 = next }
    guard let b = rows.1 else { return rows.1 = next }
    guard let c = rows.2 else { return rows.2 = next }
    addRows(a, b, c, next, to: to, width: width, count: count)
    rows = (nil, nil, nil)
  }

  /// Adds what still waits.
  @inline(__always)
  public mutating func finish() {
    guard let a = rows.0 else { return }
    if let b = rows.1 {
      addRows(a, b, rows.2, to: to, width: width, count: count)
    } else {
      addRows(a, times: RowFactors(1), to: to, width: width, count: count)
    }
    rows = (nil, nil, nil)
  }
}
