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
