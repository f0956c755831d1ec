/// One diagram: two axes and the layers between them.
public struct Panel: Sendable, Equatable, Encodable {
  /// The title in a few words.
  public var title: String
  /// Numbers or words below the title; may be empty.
  public var subtitle: String
  /// The horizontal axis, and the vertical one.
  public var x: Axis, y: Axis
  /// The layers, from the lowest to the uppermost.
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
