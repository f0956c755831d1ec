extension Figure {
  private static let margin = 12.0, gap = 18.0

  /// The picture as SVG, for a file or as part of a page; equal figures give equal text.
  ///
  /// It has a white background and no scripts, style sheet or ids, so that a page may contain any
  /// number of pictures; `Theme.darkStyle` turns them dark there.
  public var svg: String { drawn().text }

  /// Width and height of the picture in pixels.
  public var size: (width: Double, height: Double) {
    let drawn = drawn()
    return (drawn.width, drawn.height)
  }

  private func drawn() -> (text: String, width: Double, height: Double) {
    let rows = layouts()
    let heights = rows.map(Figure.height)
    let count = Double(min(columns, max(panels.count, 1)))
    let width = 2 * Figure.margin + count * panelWidth + (count - 1) * Figure.gap
    let legend = Legend(
      sharesLegend ? panels.flatMap(\.layers) : [], width: width - 2 * Figure.margin)
    let heading = (title.isEmpty ? 0 : 30) + (legend.rows.isEmpty ? 0 : legend.height + 8)
    let height =
      2 * Figure.margin + heading + heights.reduce(0, +)
      + Figure.gap * Double(max(rows.count - 1, 0))
    var svg = SVGWriter()
    svg.group("svg", root(width, height)) { svg in
      svg.element(
        "rect",
        [
          ("class", "paper"), ("width", coordinate(width)), ("height", coordinate(height)),
          ("fill", "#ffffff"),
        ])
      if !title.isEmpty {
        let text = fitted(
          title, width: width - 2 * Figure.margin, size: Theme.figureTitle, bold: true)
        svg.label(
          text, x: Figure.margin, y: Figure.margin + 14,
          [
            ("font-size", coordinate(Theme.figureTitle)), ("font-weight", "600"),
          ])
      }
      var y = Figure.margin + heading
      legend.draw(x: Figure.margin, y: y - legend.height - 10, into: &svg)
      for (row, height) in zip(rows, heights) {
        for (column, layout) in row.enumerated() {
          let x = Figure.margin + Double(column) * (panelWidth + Figure.gap)
          layout.draw(originX: x, originY: y, into: &svg)
        }
        y += height + Figure.gap
      }
    }
    return (svg.text, width, height)
  }

  private func root(_ width: Double, _ height: Double) -> [(String, String)] {
    [
      ("xmlns", "http://www.w3.org/2000/svg"), ("class", "dp-plot"),
      ("viewBox", "0 0 \(coordinate(width)) \(coordinate(height))"),
      ("width", coordinate(width)), ("height", coordinate(height)),
      ("style", "max-width:100%;height:auto"), ("font-family", Theme.fonts),
      ("font-size", coordinate(Theme.text)), ("role", "img"),
      ("aria-label", title.isEmpty ? panels.map(\.title).joined(separator: "; ") : title),
    ]
  }

  /// The panels of each row; their plotted areas are aligned with those beside, above and below.
  private func layouts() -> [[PanelLayout]] {
    var all = panels.map { PanelLayout($0, width: panelWidth, hasLegend: !sharesLegend) }
    // Squares are as high as wide, so squares side by side need the same width.
    let groups = panels.contains { $0.height == nil } ? 1 : columns
    for group in 0..<groups {
      let places = Array(stride(from: group, to: all.count, by: groups))
      let left = places.map { all[$0].left }.max() ?? 0
      for place in places { all[place].finish(left: left, right: PanelLayout.leastRight) }
      // The last label below an axis is known only now, and may need more room.
      let right = places.map { all[$0].neededRight }.max() ?? 0
      for place in places { all[place].finish(left: left, right: right) }
    }
    return stride(from: 0, to: all.count, by: columns).map { start in
      var row = Array(all[start..<min(start + columns, all.count)])
      let top = row.map(\.top).max() ?? 0, bottom = row.map(\.bottom).max() ?? 0
      for place in row.indices { (row[place].top, row[place].bottom) = (top, bottom) }
      return row
    }
  }

  private static func height(_ row: [PanelLayout]) -> Double {
    row.map { $0.top + $0.plotHeight + $0.bottom }.max() ?? 0
  }
}
