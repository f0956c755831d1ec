/// How a picture is to be made.
public struct FigureOptions: Sendable {
  /// The picture's title; nil for one that says what is shown.
  public var title: String?
  /// Points of a learning curve or a history that are averaged; nil chooses, 1 averages none.
  public var smoothing: Int?
  /// Whether steps are on a logarithmic axis.
  public var hasLogarithmicSteps = false
  /// The levels between accurate, uncertain and failed forces of a deviation in eV/Å.
  public var levels: [Double] = []
  /// Panels side by side; nil chooses.
  public var columns: Int?

  /// Everything as the program chooses.
  public init() {}
}
