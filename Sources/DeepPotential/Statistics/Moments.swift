/// The count, sum and sum of squares of some numbers, which give their mean and deviation.
///
/// Several processes may each gather the moments of some numbers; added in a fixed order, the
/// moments give the same result for any number of processes.
public struct Moments: Sendable, Equatable, Codable {
  /// The count of the numbers.
  public var count: Int
  /// The sum of the numbers.
  public var sum: Double
  /// The sum of the squares of the numbers.
  public var squares: Double

  /// Makes moments from their parts; by default the moments of no numbers.
  public init(count: Int = 0, sum: Double = 0, squares: Double = 0) {
    self.count = count
    self.sum = sum
    self.squares = squares
  }

  /// Adds one number.
  public mutating func add(_ x: Double) {
    count += 1
    sum += x
    squares += x * x
  }

  /// The moments of all numbers of `a` and `b`.
  public static func + (a: Moments, b: Moments) -> Moments {
    Moments(count: a.count + b.count, sum: a.sum + b.sum, squares: a.squares + b.squares)
  }

  /// The mean; 0 without numbers.
  public var mean: Double { count == 0 ? 0 : sum / Double(count) }

  /// The deviation `√(<x²> - <x>²)`, at least `floor`; 0.1 without numbers.
  ///
  /// Source: DeePMD-kit's `StatItem.compute_std`, which has the same 0.1 and a floor.
  public func deviation(atLeast floor: Double) -> Double {
    guard count > 0 else { return 0.1 }
    return max(max(squares / Double(count) - mean * mean, 0).squareRoot(), floor)
  }
}
