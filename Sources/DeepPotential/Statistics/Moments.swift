/// The count, sum and sum of squares of some numbers: what a mean and a deviation are made of.
///
/// Moments of disjoint parts may be gathered anywhere and added in an order that all agree on.
public struct Moments: Sendable, Equatable, Codable {
  /// How many numbers.
  public var count: Int
  /// Their sum.
  public var sum: Double
  /// The sum of their squares.
  public var squares: Double

  /// The moments of no numbers, or of what was gathered elsewhere.
  public init(count: Int = 0, sum: Double = 0, squares: Double = 0) {
    self.count = count
    self.sum = sum
    self.squares = squares
  }

  /// Takes in one number.
  public mutating func add(_ x: Double) {
    count += 1
    sum += x
    squares += x * x
  }

  /// The moments of both parts together.
  public static func + (a: Moments, b: Moments) -> Moments {
    Moments(count: a.count + b.count, sum: a.sum + b.sum, squares: a.squares + b.squares)
  }

  /// The mean; 0 of nothing.
  public var mean: Double { count == 0 ? 0 : sum / Double(count) }

  /// The deviation `√(<x²> - <x>²)`, at least `floor`; 0.1 of nothing.
  ///
  /// Source: DeePMD-kit's `StatItem.compute_std`, both constants included.
  public func deviation(atLeast floor: Double) -> Double {
    guard count > 0 else { return 0.1 }
    return max(max(squares / Double(count) - mean * mean, 0).squareRoot(), floor)
  }
}
