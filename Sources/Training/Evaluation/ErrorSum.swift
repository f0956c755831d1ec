/// Sums of absolute and squared errors; two sums can be merged.
///
/// After merging, the mean absolute error is the average weighted by the counts, and the root mean
/// square error is the root of the squares' average, as in DeePMD-kit's `merge_weighted_errors`.
public struct ErrorSum: Sendable, Equatable {
  /// The number of errors, or the sum of their weights.
  public private(set) var weight = 0.0
  /// Sum of weighted absolute errors.
  public private(set) var absolute = 0.0
  /// Sum of weighted squared errors.
  public private(set) var squares = 0.0

  /// Starts without errors.
  public init() {}

  /// Adds one error.
  public mutating func add(_ error: Double, weight: Double = 1) {
    self.weight += weight
    absolute += weight * error.magnitude
    squares += weight * error * error
  }

  /// Merges two sums.
  public static func + (a: ErrorSum, b: ErrorSum) -> ErrorSum {
    var both = a
    both.weight += b.weight
    both.absolute += b.absolute
    both.squares += b.squares
    return both
  }

  /// The mean absolute error (MAE); nan if the weights sum to zero.
  public var meanAbsolute: Double { weight > 0 ? absolute / weight : .nan }

  /// The root mean square error (RMSE); nan if the weights sum to zero.
  public var rootMeanSquare: Double { weight > 0 ? (squares / weight).squareRoot() : .nan }
}
