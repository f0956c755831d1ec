/// Up to four kinds of rows that are added to those of a product before these are written, in the
/// order in which they came.
public struct AddedRows<Scalar: NetworkScalar> {
  /// How many kinds there may be.
  public static var capacity: Int { 4 }
  private var rows: (Rows<Scalar>?, Rows<Scalar>?, Rows<Scalar>?, Rows<Scalar>?)

  /// Starts without any.
  @inline(__always)
  public init() {}

  /// Adds `next` after those before it.
  @inline(__always)
  public mutating func append(_ next: Rows<Scalar>) {
    if rows.0 == nil { return rows.0 = next }
    if rows.1 == nil { return rows.1 = next }
    if rows.2 == nil { return rows.2 = next }
    precondition(rows.3 == nil, "too many rows")
    rows.3 = next
  }

  /// Calls `body` with each kind, in order.
  public func forEach(_ body: (Rows<Scalar>) -> Void) {
    for rows in [rows.0, rows.1, rows.2, rows.3] { if let rows { body(rows) } }
  }

  /// Whether there are none.
  @inline(__always)
  var isEmpty: Bool { rows.0 == nil }

  /// Calls `body` with row `p` of each kind, in order.
  @inline(__always)
  func forEach(at p: Int, _ body: (UnsafePointer<Scalar>) -> Void) {
    guard let first = rows.0 else { return }
    body(first.at(p))
    guard let second = rows.1 else { return }
    body(second.at(p))
    guard let third = rows.2 else { return }
    body(third.at(p))
    if let fourth = rows.3 { body(fourth.at(p)) }
  }
}
