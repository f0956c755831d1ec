/// The energies of pairs of atoms by their distance, as cubic polynomials on intervals of equal
/// length.
///
/// In interval i the energy is `((a₃ u + a₂) u + a₁) u + a₀`, `u = (r - first)/spacing - i`.  From
/// the cutoff and from the last interval on it is zero; below the first interval there is none.
/// Source: DeePMD-kit's `PairTab` (deepmd/utils/pair_tab.py) and `PairTabAtomicModel`.
public struct PairTable: Sendable, Equatable {
  /// Number of types.
  public let typeCount: Int
  /// Where the first interval begins, the length of an interval, and the distance from which on
  /// energies are zero, in Å.
  public let first: Double, spacing: Double, cutoff: Double
  /// The last distance in Å of the table that was given, which may have been continued.
  public let lastGiven: Double
  /// Distances in Å, and the energies in eV of the pairs of types 0-0, 0-1, ..., 1-1, ... at these,
  /// `[intervals + 1][1 + pairs]`.
  public let rows: [Double]
  /// a₃, a₂, a₁ and a₀ in eV, `[types][types][intervals][4]`.
  public let coefficients: [Double]

  /// Takes the numbers of a table that is there already; nil if they do not fit each other.
  public init?(
    typeCount: Int, first: Double, spacing: Double, cutoff: Double, lastGiven: Double,
    rows: [Double], coefficients: [Double]
  ) {
    let width = 1 + Self.pairCount(typeCount)
    guard typeCount > 0, spacing > 0, cutoff > first, rows.count.isMultiple(of: width),
      rows.count > width, coefficients.count > 0,
      coefficients.count == 4 * typeCount * typeCount * (rows.count / width - 1),
      ([first, spacing, cutoff, lastGiven] + rows + coefficients).allSatisfy(\.isFinite)
    else { return nil }
    (self.typeCount, self.first, self.spacing) = (typeCount, first, spacing)
    (self.cutoff, self.lastGiven) = (cutoff, lastGiven)
    (self.rows, self.coefficients) = (rows, coefficients)
  }

  /// Number of unordered pairs of `types` types.
  public static func pairCount(_ types: Int) -> Int { types * (types + 1) / 2 }

  /// Numbers in a row.
  var width: Int { 1 + Self.pairCount(typeCount) }
  /// Number of intervals.
  public var intervalCount: Int { rows.count / width - 1 }

  /// Energy in eV and its slope in eV/Å of two atoms `r` Å apart; `pair` is the number of their
  /// types, first · types + second in either order.
  ///
  /// Both are no numbers if the table begins at a larger distance, so that nobody takes them for
  /// an energy.
  @inline(__always)
  func energy(at r: Double, pair: Int) -> (value: Double, slope: Double) {
    let count = intervalCount
    if r >= cutoff || r >= first + Double(count) * spacing { return (0, 0) }
    let x = (r - first) * (1 / spacing)
    if !(x >= 0) { return (.nan, .nan) }
    let interval = min(Int(x), count - 1), u = x - Double(interval)
    let k = 4 * (pair * count + interval)
    let (a, b, c) = (coefficients[k], coefficients[k + 1], coefficients[k + 2])
    return (
      ((a * u + b) * u + c) * u + coefficients[k + 3], ((3 * a * u + 2 * b) * u + c) / spacing
    )
  }

  /// The energy in eV of two atoms `r` Å apart of types `a` and `b`.
  public func energy(at r: Double, _ a: Int, _ b: Int) -> Double {
    energy(at: r, pair: a * typeCount + b).value
  }

  /// The same table with its types in the order `order`, which has the old number of each new type
  /// and may leave some out.
  public func reordered(_ order: [Int]) -> PairTable {
    let block = 4 * intervalCount,
      columns = Self.pairs(order.count).map { a, b in
        1 + Self.column(order[a], order[b], types: typeCount)
      }
    guard
      let table = PairTable(
        typeCount: order.count, first: first, spacing: spacing, cutoff: cutoff,
        lastGiven: lastGiven,
        rows: stride(from: 0, to: rows.count, by: width).flatMap { row in
          [rows[row]] + columns.map { rows[row + $0] }
        },
        coefficients: order.flatMap { a in
          order.flatMap { b in
            coefficients[(a * typeCount + b) * block..<(a * typeCount + b + 1) * block]
          }
        })
    else { preconditionFailure("types \(order) of \(typeCount)") }
    return table
  }

  /// The pairs of `types` types in the order of a row.
  static func pairs(_ types: Int) -> [(Int, Int)] {
    (0..<types).flatMap { a in (a..<types).map { (a, $0) } }
  }

  /// The place of the pair of types `a` and `b` among the pairs of `types` types.
  static func column(_ a: Int, _ b: Int, types: Int) -> Int {
    let (low, high) = (min(a, b), max(a, b))
    return low * types - low * (low - 1) / 2 + high - low
  }
}
