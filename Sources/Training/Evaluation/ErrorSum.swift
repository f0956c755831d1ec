/// Absolute and squared errors of some numbers, summed so that parts can be merged.
///
/// Merging makes the mean absolute error an average by count and the root mean square error the
/// root of the averaged squares, as DeePMD-kit's `merge_weighted_errors` has it.
public struct ErrorSum: Sendable, Equatable {
  /// How many numbers, or the sum of their weights.
  public private(set) var weight = 0.0
  /// Sum of weighted absolute errors.
  public private(set) var absolute = 0.0
  /// Sum of weighted squared errors.
  public private(set) var squares = 0.0

  /// The errors of nothing.
  public init() {}

  /// Takes in one error.
  public mutating func add(_ error: Double, weight: Double = 1) {
    self.weight += weight
    absolute += weight * error.magnitude
    squares += weight * error * error
  }

  /// The errors of both parts together.
  public static func + (a: ErrorSum, b: ErrorSum) -> ErrorSum {
    var both = a
    both.weight += b.weight
    both.absolute += b.absolute
    both.squares += b.squares
    return both
  }

  /// Mean absolute error (MAE); not a number if nothing has any weight.
  public var meanAbsolute: Double { weight > 0 ? absolute / weight : .nan }

  /// Root mean square error (RMSE); not a number if nothing has any weight.
  public var rootMeanSquare: Double { weight > 0 ? (squares / weight).squareRoot() : .nan }
}
