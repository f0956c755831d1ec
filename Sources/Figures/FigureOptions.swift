/// The options of a figure.
public struct FigureOptions: Sendable {
  /// The title of the figure; nil for a title that describes the content.
  public var title: String?
  /// The number of points of a curve that are averaged; nil chooses the number, 1 averages none.
  public var smoothing: Int?
  /// Whether steps are on a logarithmic axis.
  public var hasLogarithmicSteps = false
  /// The levels between accurate, uncertain and failed forces of a deviation in eV/Å.
  public var levels: [Double] = []
  /// The task whose learning curve is drawn, of several; nil for all.
  public var task: String?
  /// The number of panels side by side; nil chooses the number.
  public var columns: Int?

  /// Takes the defaults.
  public init() {}
}
