/// How many points lie in each cell of a grid: a picture of any number of points in little room.
public struct DensityGrid: Sendable, Equatable, Encodable {
  /// What the grid covers.
  public let x: ClosedRange<Double>, y: ClosedRange<Double>
  /// Cells along both axes.
  public let columns: Int, rows: Int
  /// Points per cell, `[rows][columns]`, from the lower left on.
  public private(set) var counts: [Int]
  /// Points in the fullest cell.
  public private(set) var largest = 0
  /// Points that are in no cell: outside, or not finite.
  public private(set) var outside = 0

  /// An empty grid of `columns` by `rows` cells.
  public init(x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int, rows: Int) {
    precondition(columns > 0 && rows > 0)
    precondition(x.lowerBound < x.upperBound && y.lowerBound < y.upperBound)
    (self.x, self.y, self.columns, self.rows) = (x, y, columns, rows)
    counts = Array(repeating: 0, count: columns * rows)
  }

  /// Counts a point.
  public mutating func add(_ px: Double, _ py: Double) {
    guard x.contains(px), y.contains(py) else {
      outside += 1
      return
    }
    let column = DensityGrid.cell(px, x, columns), row = DensityGrid.cell(py, y, rows)
    counts[row * columns + column] += 1
    largest = max(largest, counts[row * columns + column])
  }

  private static func cell(_ value: Double, _ range: ClosedRange<Double>, _ count: Int) -> Int {
    let part = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    return min(Int(part * Double(count)), count - 1)
  }

  /// The shade of a cell with `count` points: 0 the lightest of `Theme.shades`, equal factors from
  /// shade to shade.
  func shade(_ count: Int) -> Int {
    let shades = Theme.shades.count
    guard largest > 1 else { return shades / 2 }
    let part = logarithm(Double(count)) / logarithm(Double(largest))
    return min(Int(part * Double(shades)), shades - 1)
  }
}
