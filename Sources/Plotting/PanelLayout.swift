/// The places of all parts of a panel.
struct PanelLayout {
  let panel: Panel
  private let hasLegend: Bool
  /// Width of the panel.
  let width: Double
  /// The marks of the vertical axis, or its names.
  let yTicks: Ticks, yRange: ClosedRange<Double>
  private let names: [String]
  /// Room left and right of the plotted area, above and below it.
  private(set) var left: Double, right = leastRight
  var top = 0.0, bottom = 0.0
  /// The texts and the legend above the plotted area.
  private(set) var title: [String] = [], subtitle: [String] = [], legend: Legend
  /// The size of the plotted area.
  private(set) var plotWidth = 0.0, plotHeight = 0.0
  private(set) var xTicks = Ticks(), xRange: ClosedRange<Double> = 0...1

  static let titleLine = 19.0, textLine = 16.0, tick = 4.0

  /// Begins with the room that the left margin needs.
  init(_ panel: Panel, width: Double, hasLegend: Bool) {
    self.panel = panel
    self.hasLegend = hasLegend
    self.width = width
    yRange = panel.yRange
    legend = Legend([], width: width)
    // A square's height follows from its width; labels take about 80 pixels of it.
    let height = panel.height ?? width - 80
    if let names = panel.y.names {
      self.names = names.map { fitted($0, width: 0.45 * width, size: Theme.text) }
      yTicks = Ticks()
    } else {
      names = []
      yTicks = ticks(yRange, panel.y.scale, about: max(2, Int(height / 36)))
    }
    let labels =
      names.map { textWidth($0, size: Theme.text) }
      + yTicks.major.map { $0.label.width(size: Theme.text) }
    left = (labels.max() ?? 0) + PanelLayout.tick + 6
    if !panel.y.text(exponent: yTicks.exponent).isEmpty { left += 18 }
  }

  /// The names along the vertical axis, shortened to the room there.
  var yNames: [String] { names }

  /// Computes all that depends on the margins, which the panels of a column share.
  mutating func finish(left: Double, right: Double) {
    (self.left, self.right) = (left, right)
    plotWidth = max(width - left - right, 40)
    xRange = panel.xRange(length: plotWidth)
    xTicks = fittingTicks()
    title =
      panel.title.isEmpty
      ? [] : wrapped(panel.title, width: plotWidth, size: Theme.panelTitle, bold: true)
    subtitle = wrapped(panel.subtitle, width: plotWidth, size: Theme.text)
    if hasLegend { legend = Legend(panel.layers, width: plotWidth) }
    top = contentTop + 8
    bottom = PanelLayout.tick + 4 + Theme.text + 4
    if !panel.x.text(exponent: xTicks.exponent).isEmpty { bottom += PanelLayout.textLine + 2 }
    plotHeight = panel.height ?? plotWidth
  }

  static let leastRight = 14.0

  /// The room to the right of the plotted area that the last label below needs.
  var neededRight: Double {
    xTicks.major.map { tick in
      (x.place(tick.value) ?? 0) + tick.label.width(size: Theme.text) / 2 - plotWidth + 2
    }.reduce(PanelLayout.leastRight, max)
  }

  /// The height of everything above the plotted area.
  var contentTop: Double {
    Double(title.count) * PanelLayout.titleLine + Double(subtitle.count) * PanelLayout.textLine
      + (legend.rows.isEmpty ? 0 : legend.height + 4)
  }

  /// As many marks as have room for their labels side by side; fewer than three only if three have
  /// no room.
  private func fittingTicks() -> Ticks {
    var result = Ticks()
    for least in [3, 2, 1] {
      for count in stride(from: max(2, Int(plotWidth / 42)), through: 2, by: -1) {
        result = ticks(xRange, panel.x.scale, about: count, atLeast: least)
        if areApart(result) { return result }
      }
    }
    return result
  }

  private func areApart(_ ticks: Ticks) -> Bool {
    var end = -Double.infinity
    return ticks.major.allSatisfy { tick in
      guard let place = x.place(tick.value) else { return true }
      let half = tick.label.width(size: Theme.text) / 2
      defer { end = place + half + 10 }
      return place - half >= end
    }
  }

  /// The horizontal scale, from the plotted area's left edge on.
  var x: Scale { Scale(panel.x.scale, xRange.lowerBound, xRange.upperBound, length: plotWidth) }
  /// The vertical scale, upward from the plotted area's lower edge.
  var y: Scale { Scale(panel.y.scale, yRange.lowerBound, yRange.upperBound, length: plotHeight) }
}
