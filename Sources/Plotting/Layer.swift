/// A part of a panel's drawing.  A layer with a name appears in the legend; layers of the same name
/// have one entry there.
public enum Layer: Sendable, Equatable {
  case line(Line)
  case band(Band)
  case points(Points)
  case histogram(Histogram)
  case density(DensityGrid)
  case bars(Bars)
  case rule(Rule)
}

/// Points joined in order, with a gap at each point that has no place.
public struct Line: Sendable, Equatable, Encodable {
  /// The name in the legend; empty for none.
  public var name: String
  public var x: [Double], y: [Double]
  /// The style of the line.
  public var style: Style

  /// Makes a line; `x` and `y` have the same count of numbers.
  public init(_ name: String, x: [Double], y: [Double], _ style: Style) {
    precondition(x.count == y.count)
    (self.name, self.x, self.y, self.style) = (name, x, y, style)
  }
}

/// The area between two curves.
public struct Band: Sendable, Equatable, Encodable {
  /// The name in the legend; empty for none.
  public var name: String
  public var x: [Double], lower: [Double], upper: [Double]
  /// A number of the palette.
  public var color: Int

  /// Makes an area in a color of the palette.
  public init(_ name: String, x: [Double], lower: [Double], upper: [Double], color: Int) {
    precondition(x.count == lower.count && x.count == upper.count)
    (self.name, self.x, self.lower, self.upper, self.color) = (name, x, lower, upper, color)
  }
}

/// Single points.
public struct Points: Sendable, Equatable, Encodable {
  /// The name in the legend; empty for none.
  public var name: String
  public var x: [Double], y: [Double]
  /// The text beside each point; empty for no texts.
  public var labels: [String]
  /// A number of the palette.
  public var color: Int

  /// Makes points in a color of the palette, which also decides their shape.
  public init(_ name: String, x: [Double], y: [Double], labels: [String] = [], color: Int) {
    precondition(x.count == y.count && (labels.isEmpty || labels.count == x.count))
    (self.name, self.x, self.y, self.labels, self.color) = (name, x, y, labels, color)
  }
}

/// Horizontal bars, one for each name of the vertical axis.
public struct Bars: Sendable, Equatable, Encodable {
  /// The name in the legend; empty for none.
  public var name: String
  /// The rows of the bars, and their lengths.
  public var rows: [Int], values: [Double]
  /// The text at the end of each bar; empty for no texts.
  public var labels: [String]
  /// A number of the palette; nil is the neutral color.
  public var color: Int?

  /// Makes bars.
  public init(_ name: String, rows: [Int], values: [Double], labels: [String] = [], color: Int?) {
    precondition(rows.count == values.count && (labels.isEmpty || labels.count == rows.count))
    (self.name, self.rows, self.values, self.labels, self.color) =
      (name, rows, values, labels, color)
  }
}

/// A guide line through the whole panel.
public struct Rule: Sendable, Equatable, Encodable {
  /// The place of the line.
  public enum Place: Sendable, Equatable, Encodable {
    /// A value of the horizontal axis, or of the vertical one.
    case x(Double), y(Double)
    /// The line where both values are equal.
    case diagonal
  }

  /// The name in the legend; empty for none.
  public var name: String
  /// The place of the line.
  public var place: Place
  /// The style of the line.
  public var style: Style

  /// Makes a line.
  public init(_ name: String, _ place: Place, _ style: Style = Style(nil, width: 1)) {
    (self.name, self.place, self.style) = (name, place, style)
  }
}
