/// The numbers that the passes through a table need of one atom's neighbors of one type: rows,
/// places in the table and polynomials, computed for eight neighbors at a time before the first one
/// reads the table.
///
/// Each thread needs one.  Neighbors are in groups of eight, and in a group the eight numbers of
/// each quantity are adjacent.
public final class TablePairs<Scalar: NetworkScalar>: @unchecked Sendable {
  // Unchecked, because one thread at a time uses it.
  private let numbers = Buffer<Scalar>()
  private let offsetMemory = Buffer<Int>(), nodeMemory = Buffer<UnsafePointer<Scalar>?>()
  /// The number of neighbors, with one more if there are empty slots, which count as one.
  var count = 0

  /// Makes memory that grows as needed.
  public init() {}

  /// Makes room for `count` neighbors and one more, in whole groups.
  @inline(__always)
  func reserve(_ count: Int) {
    let groups = count / 8 + 1
    numbers.reserve(groups * 8 * PairNumbers<Scalar>.count)
    offsetMemory.reserve(groups * 8)
    nodeMemory.reserve(groups * 8)
  }

  /// The place of each neighbor's first node among the adjoints of nodes.
  @inline(__always)
  var offsets: UnsafeMutablePointer<Int> { offsetMemory.base }

  /// The first node of neighbor `p`.
  @inline(__always)
  func node(_ p: Int) -> UnsafePointer<Scalar> { nodeMemory.base[p].unsafelyUnwrapped }

  /// Sets the first node of neighbor `p`, and its place among the adjoints of nodes.
  @inline(__always)
  func set(_ p: Int, node: UnsafePointer<Scalar>, offset: Int) {
    nodeMemory.base[p] = node
    offsetMemory.base[p] = offset
  }

  /// The numbers of neighbor `p`.
  @inline(__always)
  subscript(p: Int) -> PairNumbers<Scalar> {
    PairNumbers(
      base: numbers.base + ((p &>> 3) &* (8 &* PairNumbers<Scalar>.count) &+ (p & 7)))
  }
}

/// The numbers of one neighbor, or of a group of eight if it is the first of a group.
struct PairNumbers<Scalar: NetworkScalar> {
  /// The count of numbers of a neighbor.
  static var count: Int { 20 }
  let base: UnsafeMutablePointer<Scalar>

  /// Part `c` of the weighted row `R`.
  @inline(__always)
  func row(_ c: Int) -> UnsafeMutablePointer<Scalar> { base + 8 &* c }
  /// Part `c` of the weighted tangent `RDot`.
  @inline(__always)
  func rowDot(_ c: Int) -> UnsafeMutablePointer<Scalar> { base + 8 &* (4 &+ c) }
  /// The polynomials, and their slopes.
  @inline(__always)
  func basis(_ k: Int) -> UnsafeMutablePointer<Scalar> { base + 8 &* (8 &+ k) }
  @inline(__always)
  func slopes(_ k: Int) -> UnsafeMutablePointer<Scalar> { base + 8 &* (14 &+ k) }
}
