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
