/// The number of points in each cell of a grid; it shows any number of points in little space.
public struct DensityGrid: Sendable, Equatable, Encodable {
  /// The ranges that the grid covers.
  public let x: ClosedRange<Double>, y: ClosedRange<Double>
  /// The number of cells along both axes.
  public let columns: Int, rows: Int
  /// The number of points in each cell, `[rows][columns]`, from the lower left on.
  public private(set) var counts: [Int]
  /// The number of points in the fullest cell.
  public private(set) var largest = 0
  /// The number of points in no cell: outside, or not finite.
  public private(set) var outside = 0

  /// Makes an empty grid of `columns` by `rows` cells.
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

  /// The shade of a cell with `count` points: 0 is the lightest of `Theme.shades`; counts grow by
  /// equal factors from shade to shade.
  func shade(_ count: Int) -> Int {
    let shades = Theme.shades.count
    guard largest > 1 else { return shades / 2 }
    let part = logarithm(Double(count)) / logarithm(Double(largest))
    return min(Int(part * Double(shades)), shades - 1)
  }
}
