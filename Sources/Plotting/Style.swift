/// The style of a layer.  Different `color`s come with different dashes and marks too.
public struct Style: Sendable, Equatable, Encodable {
  /// A number of the palette; nil is the neutral color of guide lines.
  public var color: Int?
  /// The dashes of a line.
  public var dash: Dash
  /// Whether the layer is faint, as original data behind their mean are.
  public var isFaint: Bool
  /// Width of lines in pixels.
  public var width: Double

  /// Makes a style.
  public init(
    _ color: Int?, dash: Dash = .solid, isFaint: Bool = false, width: Double = 1.6
  ) {
    self.color = color
    self.dash = dash
    self.isFaint = isFaint
    self.width = width
  }

  /// The dashes of a line.
  public enum Dash: String, Sendable, Encodable, CaseIterable {
    case solid, dashed, dotted, dashDotted
  }
}

extension Style {
  /// The style of series `number` among several; color and dash change from one to the next.
  public static func series(_ number: Int, width: Double = 1.6) -> Style {
    let dashes = Dash.allCases
    return Style(number, dash: dashes[number % dashes.count], width: width)
  }
}
