/// The ranges of a panel's axes, from its layers.
extension Panel {
  /// The range of the horizontal axis on `length` pixels.
  func xRange(length: Double) -> ClosedRange<Double> {
    if let range = x.range { return range }
    var range = automaticRange(x, layers.flatMap(\.xValues), margin: 0.02)
    // The texts at the ends of bars need room.
    for case .bars(let bars) in layers {
      for (value, label) in zip(bars.values, bars.labels) where value > 0 {
        let room = textWidth(label, size: Theme.small) + 10
        let needed = value * length / max(length - room, length / 4)
        range = range.lowerBound...max(range.upperBound, needed)
      }
    }
    return range
  }

  /// The range of the vertical axis.
  var yRange: ClosedRange<Double> {
    y.range ?? automaticRange(y, layers.flatMap(\.yValues), margin: 0.06)
  }

  private func automaticRange(
    _ axis: Axis, _ values: [Double], margin: Double
  ) -> ClosedRange<Double> {
    var range = niceRange(values, axis.scale, margin: margin)
    if axis.startsAtZero, axis.scale == .linear, !values.contains(where: { $0 < 0 }) {
      range = 0...(range.upperBound > 0 ? range.upperBound : 1)
    }
    return range
  }

  /// Whether no value of any layer has a place on both axes.
  var isEmpty: Bool {
    !layers.contains { layer in
      if case .rule = layer { return false }
      return layer.xValues.contains { hasPlace($0, x) }
        && layer.yValues.contains { hasPlace($0, y) }
    }
  }

  private func hasPlace(_ value: Double, _ axis: Axis) -> Bool {
    value.isFinite && (axis.scale == .linear || value > 0)
  }
}

extension Layer {
  /// The name in the legend.
  var name: String {
    switch self {
    case .line(let line): line.name
    case .band(let band): band.name
    case .points(let points): points.name
    case .histogram(let histogram): histogram.name
    case .density: ""
    case .bars(let bars): bars.name
    case .rule(let rule): rule.name
    }
  }

  /// The values that the horizontal axis must show.
  var xValues: [Double] {
    switch self {
    case .line(let line): line.x
    case .band(let band): band.x
    case .points(let points): points.x
    case .histogram(let histogram): [histogram.start, histogram.edge(histogram.heights.count)]
    case .density(let grid): [grid.x.lowerBound, grid.x.upperBound]
    case .bars(let bars): bars.values + [0]
    case .rule(let rule): if case .x(let value) = rule.place { [value] } else { [] }
    }
  }

  /// The values that the vertical axis must show.
  var yValues: [Double] {
    switch self {
    case .line(let line): line.style.isFaint ? usual(line.y) : line.y
    case .band(let band): band.lower + band.upper
    case .points(let points): points.y
    case .histogram(let histogram): histogram.heights
    case .density(let grid): [grid.y.lowerBound, grid.y.upperBound]
    case .bars(let bars): bars.rows.map(Double.init)
    case .rule(let rule): if case .y(let value) = rule.place { [value] } else { [] }
    }
  }
}

/// The values between the 1 % and the 99 % quantile; the few values of faint lines beyond these
/// must not compress the rest.
private func usual(_ values: [Double]) -> [Double] {
  let sorted = values.filter(\.isFinite).sorted()
  if sorted.isEmpty { return values }
  return [sorted[sorted.count / 100], sorted[sorted.count - 1 - sorted.count / 100]]
}
