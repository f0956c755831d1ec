/// A picture: panels in rows, with a common title.
public struct Figure: Sendable, Equatable, Encodable {
  /// The title in a few words; may be empty.
  public var title: String
  /// The panels, row by row.
  public var panels: [Panel]
  /// The number of panels side by side.
  public var columns: Int
  /// The width of a panel in pixels, labels included.
  public var panelWidth: Double
  /// Whether all panels share one legend, which stands below the title.
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
