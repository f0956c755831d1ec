/// A picture: panels side by side, and what they say together.
public struct Figure: Sendable, Equatable, Encodable {
  /// What the picture shows, in a few words; may be empty.
  public var title: String
  /// The panels, row by row.
  public var panels: [Panel]
  /// How many panels stand side by side.
  public var columns: Int
  /// Width of a panel in pixels, labels included.
  public var panelWidth: Double
  /// Whether all panels have one legend in common, below the title.
  public var sharesLegend: Bool

  /// Makes a picture.
  public init(
    _ title: String, _ panels: [Panel], columns: Int = 2, panelWidth: Double = 420,
    sharesLegend: Bool = false
  ) {
    precondition(columns > 0 && panelWidth >= 160)
    self.sharesLegend = sharesLegend
    self.title = title
    self.panels = panels
    self.columns = columns
    self.panelWidth = panelWidth
  }
}

/// One diagram: two axes and what is drawn between them.
public struct Panel: Sendable, Equatable, Encodable {
  /// What is shown, in a few words.
  public var title: String
  /// Numbers worth saying in words, below the title; may be empty.
  public var subtitle: String
  /// The horizontal axis, and the vertical one.
  public var x: Axis, y: Axis
  /// What is drawn, the first one undermost.
  public var layers: [Layer]
  /// Height of the plotted area in pixels; nil makes it a square.
  public var height: Double?

  /// Makes a diagram.
  public init(
    _ title: String, subtitle: String = "", x: Axis, y: Axis, _ layers: [Layer],
    height: Double? = 220
  ) {
    self.title = title
    self.subtitle = subtitle
    self.x = x
    self.y = y
    self.layers = layers
    self.height = height
  }
}

/// What an axis measures.
public struct Axis: Sendable, Equatable {
  /// The quantity.
  public var title: String
  /// Its unit, "eV/Å"; empty for a pure number.
  public var unit: String
  /// How values become places.
  public var scale: ScaleKind
  /// What is shown; nil shows all there is.
  public var range: ClosedRange<Double>?
  /// Whether zero is always shown, at the very edge.
  public var startsAtZero: Bool
  /// Names in place of numbers: the middle of name `k` is at `k`, from the top down on a vertical axis.
  public var names: [String]?

  /// Makes an axis of numbers.
  public init(
    _ title: String, unit: String = "", scale: ScaleKind = .linear,
    range: ClosedRange<Double>? = nil, startsAtZero: Bool = false
  ) {
    precondition(range.map { scale == .linear || $0.lowerBound > 0 } ?? true)
    self.title = title
    self.unit = unit
    self.scale = scale
    self.range = range
    self.startsAtZero = startsAtZero
  }

  /// Makes an axis of names.
  public init(names: [String]) {
    self.init("", range: -0.5...max(Double(names.count), 1) - 0.5)
    self.names = names
  }
}

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
