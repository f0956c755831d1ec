/// What the passes through a table need of one atom's neighbors of one type: rows, places in the
/// table and polynomials, computed for eight neighbors at a time before any of them meets the
/// table.
///
/// One for each thread.  Neighbors stand in groups of eight, and in a group each quantity's eight
/// numbers together.
public final class TablePairs<Scalar: NetworkScalar>: @unchecked Sendable {
  // Unchecked: used by one thread at a time.
  private let numbers = Buffer<Scalar>()
  private let offsets = Buffer<Int>()
  /// Neighbors, and one more where empty slots count as one.
  var count = 0

  /// Memory that grows with the neighbors it is used for.
  public init() {}

  /// Makes room for `count` neighbors and one more, in whole groups.
  @inline(__always)
  func reserve(_ count: Int) {
    let groups = count / 8 + 1
    numbers.reserve(groups * 8 * PairNumbers<Scalar>.count)
    offsets.reserve(groups * 8)
  }

  /// Where each neighbor's first node starts in the table's memory.
  @inline(__always)
  var places: UnsafeMutablePointer<Int> { offsets.base }

  /// The numbers of neighbor `p`.
  @inline(__always)
  subscript(p: Int) -> PairNumbers<Scalar> {
    PairNumbers(
      base: numbers.base + ((p &>> 3) &* (8 &* PairNumbers<Scalar>.count) &+ (p & 7)))
  }
}

/// One neighbor's numbers, or those of the eight that it is the first of.
struct PairNumbers<Scalar: NetworkScalar> {
  /// Numbers of a neighbor.
  static var count: Int { 20 }
  let base: UnsafeMutablePointer<Scalar>

  /// Part `c` of the row `R`, weighted.
  @inline(__always)
  func row(_ c: Int) -> UnsafeMutablePointer<Scalar> { base + 8 &* c }
  /// Part `c` of its tangent `RDot`, weighted.
  @inline(__always)
  func rowDot(_ c: Int) -> UnsafeMutablePointer<Scalar> { base + 8 &* (4 &+ c) }
  /// The polynomials, and their slopes.
  @inline(__always)
  func basis(_ k: Int) -> UnsafeMutablePointer<Scalar> { base + 8 &* (8 &+ k) }
  @inline(__always)
  func slopes(_ k: Int) -> UnsafeMutablePointer<Scalar> { base + 8 &* (14 &+ k) }
}
