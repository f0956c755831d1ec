/// Tables from energies at distances.
extension PairTable {
  /// What a table's last row means for distances between it and the cutoff.
  public enum Ending: Sendable {
    /// The energies are zero there, or go on as zeros.
    case zero
    /// They are not zero at the cutoff, where they are cut off.
    case cut
    /// They are not zero at the last row, and are continued to zero below the cutoff.
    case continued
  }

  /// The ending of `rows`, `[rows][1 + pairs]` at equal distances, for a `cutoff` in Å.
  public static func ending(of rows: [[Double]], cutoff: Double) -> Ending {
    let last = rows[rows.count - 1]
    guard last.dropFirst().allSatisfy({ $0 == 0 }) else {
      return cutoff <= last[0] ? .cut : .continued
    }
    let place = rowOfCutoff(rows, cutoff) - 1
    let isCut =
      cutoff < last[0] && rows.indices.contains(place)
      && rows[place].dropFirst().contains { $0 != 0 }
    return isCut ? .cut : .zero
  }

  /// Makes the table of `rows`, distances in Å and energies in eV, `[rows][1 + pairs]` with two
  /// rows or more at equal distances, for a `cutoff` beyond the first of them.
  ///
  /// A table that ends before the cutoff is continued: by zeros if its last row is zero, else by a
  /// cubic polynomial that reaches zero before the cutoff.  Between rows there are cubic splines
  /// whose slopes at both ends of the table are zero.  Nil if the numbers are no table.
  /// Source: DeePMD-kit's `PairTab._check_table_upper_boundary`, `_extrapolate_table`,
  /// `_make_data`.
  public init?(_ rows: [[Double]], cutoff: Double) {
    guard rows.count > 1, let width = rows.first?.count, width > 1,
      rows.allSatisfy({ $0.count == width }), rows[1][0] > rows[0][0], cutoff > rows[0][0]
    else { return nil }
    let types = (1..<width).first { Self.pairCount($0) >= width - 1 } ?? 0
    guard Self.pairCount(types) == width - 1 else { return nil }
    let all = Self.continued(rows, cutoff: cutoff), spacing = rows[1][0] - rows[0][0]
    let x = all.map { $0[0] }
    let splines = (1..<width).map { column in
      Self.coefficients(of: all.map { $0[column] }, at: x, spacing: spacing)
    }
    self.init(
      typeCount: types, first: x[0], spacing: spacing, cutoff: cutoff,
      lastGiven: rows[rows.count - 1][0], rows: all.flatMap(\.self),
      coefficients: (0..<types).flatMap { a in
        (0..<types).flatMap { b in splines[Self.column(a, b, types: types)] }
      })
  }

  /// The first row at or beyond the cutoff, if rows went on.
  private static func rowOfCutoff(_ rows: [[Double]], _ cutoff: Double) -> Int {
    let spacing = rows[1][0] - rows[0][0]
    return Int((cutoff / spacing - rows[0][0] / spacing).rounded(.up))
  }

  /// `rows` with others behind them if they end before the cutoff.
  private static func continued(_ rows: [[Double]], cutoff: Double) -> [[Double]] {
    let last = rows[rows.count - 1], before = rows[rows.count - 2]
    let spacing = rows[1][0] - rows[0][0]
    let count = rowOfCutoff(rows, cutoff) - (rows.count - 1)
    guard cutoff > last[0], count > 0 else { return rows }
    let start = last[0] + spacing, end = last[0] + spacing * Double(count)
    let step = (end - start) / Double(max(count - 1, 1))
    let distances = (0..<count).map { $0 == count - 1 ? end : Double($0) * step + start }
    if last.dropFirst().allSatisfy({ $0 == 0 }) {
      return rows + distances.map { [$0] + last.dropFirst().map { _ in 0 } }
    }
    // It reaches zero at the row before the cutoff if there is one.
    let reachesBefore = end / spacing - last[0] / spacing >= 2 && count > 1
    let zero = distances[reachesBefore ? count - 2 : count - 1]
    let kept = reachesBefore ? distances.dropLast() : distances[...]
    return rows
      + kept.map { x in
        // DeePMD-kit takes the difference of the last two rows for a slope.
        [x]
          + zip(last, before).dropFirst().map {
            descent(from: last[0], $0, slope: $0 - $1, to: zero, at: x)
          }
      }
  }

  /// The cubic polynomial from `y` with `slope` at `start` to zero with slope zero at `end`, at
  /// `x`.
  private static func descent(
    from start: Double, _ y: Double, slope: Double, to end: Double, at x: Double
  ) -> Double {
    let length = end - start, mean = -y / length, t = (slope - 2 * mean) / length, d = x - start
    return ((t / length * d + ((mean - slope) / length - t)) * d + slope) * d + y
  }

  /// The coefficients of the clamped cubic spline through `y` at `x`, `[intervals][4]`.
  private static func coefficients(of y: [Double], at x: [Double], spacing: Double) -> [Double] {
    let slopes = clampedSlopes(of: y, at: x).map { $0 * spacing }
    return (0..<y.count - 1).flatMap { i -> [Double] in
      let rise = y[i + 1] - y[i], (start, end) = (slopes[i], slopes[i + 1])
      return [start + end - 2 * rise, 3 * rise - 2 * start - end, start, y[i]]
    }
  }

  /// The slopes at `x` of the cubic spline through `y` whose slopes at both ends are zero.
  ///
  /// The second derivatives of neighboring polynomials agree: with `h_i = x_i+1 - x_i` and
  /// `m_i = (y_i+1 - y_i)/h_i`, `h_i s_i-1 + 2 (h_i-1 + h_i) s_i + h_i-1 s_i+1
  /// = 3 (h_i m_i-1 + h_i-1 m_i)`, solved by elimination.
  private static func clampedSlopes(of y: [Double], at x: [Double]) -> [Double] {
    let count = y.count, h = zip(x.dropFirst(), x).map { $0 - $1 }
    let m = (0..<count - 1).map { (y[$0 + 1] - y[$0]) / h[$0] }
    var slopes = Array(repeating: 0.0, count: count)
    var upper = Array(repeating: 0.0, count: count), right = upper
    for i in stride(from: 1, to: count - 1, by: 1) {
      let pivot = 2 * (h[i - 1] + h[i]) - h[i] * upper[i - 1]
      upper[i] = h[i - 1] / pivot
      right[i] = (3 * (h[i] * m[i - 1] + h[i - 1] * m[i]) - h[i] * right[i - 1]) / pivot
    }
    for i in stride(from: count - 2, to: 0, by: -1) {
      slopes[i] = right[i] - upper[i] * slopes[i + 1]
    }
    return slopes
  }
}
