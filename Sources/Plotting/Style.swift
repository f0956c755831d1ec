/// How a layer looks.  Layers of different `color` differ in dashes and marks too.
public struct Style: Sendable, Equatable, Encodable {
  /// A number of the palette; nil is the neutral color of lines that only guide the eye.
  public var color: Int?
  /// How a line is broken.
  public var dash: Dash
  /// Whether it stands back behind others: the raw data behind their mean.
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

  /// How a line is broken.
  public enum Dash: String, Sendable, Encodable, CaseIterable {
    case solid, dashed, dotted, dashDotted
  }
}

extension Style {
  /// The style of series `number` among several: color and dash change from one to the next.
  public static func series(_ number: Int, width: Double = 1.6) -> Style {
    let dashes = Dash.allCases
    return Style(number, dash: dashes[number % dashes.count], width: width)
  }
}
