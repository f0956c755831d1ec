extension PanelLayout {
  /// Draws the panel with its upper left corner at (`originX`, `originY`).
  func draw(originX: Double, originY: Double, into svg: inout SVGWriter) {
    let x0 = originX + left, y0 = originY + top
    drawHeading(x: x0, top: originY, into: &svg)
    svg.group(
      "svg",
      [
        ("x", coordinate(x0)), ("y", coordinate(y0)), ("width", coordinate(plotWidth)),
        ("height", coordinate(plotHeight)),
      ]
    ) { svg in
      drawGrid(into: &svg)
      // An inner <svg> clips its content without an id, which two pictures on a page could share.
      for layer in panel.layers { draw(layer, into: &svg) }
      if panel.isEmpty {
        svg.label(
          "no data", x: plotWidth / 2, y: plotHeight / 2 + 4, anchor: "middle", role: "soft")
      }
    }
    drawAxes(x0: x0, y0: y0, into: &svg)
    drawTitles(x0: x0, y0: y0, originX: originX, into: &svg)
  }

  /// Draws title, subtitle and legend, from `top` downward.
  private func drawHeading(x: Double, top: Double, into svg: inout SVGWriter) {
    var y = top
    for line in title {
      svg.label(
        line, x: x, y: y + 13,
        [
          ("font-size", coordinate(Theme.panelTitle)), ("font-weight", "600"),
        ])
      y += PanelLayout.titleLine
    }
    for line in subtitle {
      svg.label(line, x: x, y: y + 11, role: "soft")
      y += PanelLayout.textLine
    }
    legend.draw(x: x, y: y + 2, into: &svg)
  }

  private func drawGrid(into svg: inout SVGWriter) {
    var path = ""
    for place in xTicks.major.compactMap({ x.place($0.value) }) {
      path += "M\(coordinate(place)) 0v\(coordinate(plotHeight))"
    }
    for place in yTicks.major.compactMap({ y.place($0.value) }) {
      path += "M0 \(coordinate(plotHeight - place))h\(coordinate(plotWidth))"
    }
    svg.path(path, line("grid"))
  }

  private func drawAxes(x0: Double, y0: Double, into svg: inout SVGWriter) {
    let bottom = y0 + plotHeight
    var path = "M\(coordinate(x0)) \(coordinate(y0))V\(coordinate(bottom))h\(coordinate(plotWidth))"
    for (places, length) in [
      (xTicks.major.map(\.value), PanelLayout.tick), (xTicks.minor, PanelLayout.tick / 2),
    ] {
      for place in places.compactMap(x.place) {
        path += "M\(coordinate(x0 + place)) \(coordinate(bottom))v\(coordinate(length))"
      }
    }
    for (places, length) in [
      (yTicks.major.map(\.value), PanelLayout.tick), (yTicks.minor, PanelLayout.tick / 2),
    ] {
      for place in places.compactMap(y.place) {
        path += "M\(coordinate(x0)) \(coordinate(bottom - place))h-\(coordinate(length))"
      }
    }
    svg.path(path, line("axis"))
    for tick in xTicks.major {
      guard let place = x.place(tick.value) else { continue }
      svg.label(
        tick.label, x: x0 + place, y: bottom + PanelLayout.tick + 4 + 0.8 * Theme.text,
        anchor: "middle")
    }
    for tick in yTicks.major {
      guard let place = y.place(tick.value) else { continue }
      svg.label(
        tick.label, x: x0 - PanelLayout.tick - 4, y: bottom - place + 4, anchor: "end")
    }
    for (row, name) in yNames.enumerated() {
      svg.label(
        name, x: x0 - PanelLayout.tick - 4, y: y0 + rowMiddle(row) + 4, anchor: "end")
    }
  }

  private func drawTitles(x0: Double, y0: Double, originX: Double, into svg: inout SVGWriter) {
    let below = fitted(
      panel.x.text(exponent: xTicks.exponent), width: plotWidth + left, size: Theme.text)
    if !below.isEmpty {
      svg.label(
        below, x: x0 + plotWidth / 2,
        y: y0 + plotHeight + PanelLayout.tick + 6 + Theme.text + PanelLayout.textLine,
        anchor: "middle", role: "soft")
    }
    let beside = fitted(
      panel.y.text(exponent: yTicks.exponent), width: plotHeight + 8, size: Theme.text)
    if !beside.isEmpty {
      let x = coordinate(originX + 11), y = coordinate(y0 + plotHeight / 2)
      svg.label(
        beside, x: 0, y: 0, anchor: "middle", role: "soft",
        [("transform", "translate(\(x) \(y)) rotate(-90)")])
    }
  }

  /// The middle of row `row` of an axis of names, from the plotted area's top.
  func rowMiddle(_ row: Int) -> Double {
    let rows = Double(max(panel.y.names?.count ?? 1, 1))
    return plotHeight * (Double(row) + 0.5) / rows
  }

  private func line(_ role: String) -> [(String, String)] {
    [("class", "\(role)-line"), ("fill", "none"), ("stroke", Theme.color(role))]
  }
}
