import Diagnostics
import Plotting

/// The figure of predictions over labels, with a panel of errors beside each.
func parity(_ found: Comparisons, of paths: [String]) throws -> Figure {
  var panels: [Panel] = []
  for (quantity, parts) in found.groups {
    let all = Comparison(
      labels: parts.flatMap(\.values.labels), predictions: parts.flatMap(\.values.predictions))
    if all.errors.isEmpty { continue }
    panels += [diagram(quantity.title, all, quantity.unit), errors(quantity, parts)]
  }
  guard !panels.isEmpty else {
    throw ToolError(
      .data, at: paths.joined(separator: ", "),
      "there is no number to compare: all labels or predictions are nan")
  }
  return Figure("Predictions and labels", panels, panelWidth: 400)
}

/// The largest number of points that are drawn singly; more points are counted in cells.
private let mostDots = 1500

/// Predictions over labels.
private func diagram(_ title: String, _ values: Comparison, _ unit: String) -> Panel {
  // Energies are far from zero and close together, so a constant is subtracted.
  let (center, decimals) = offset(values.labels + values.predictions)
  let labels = values.labels.map { $0 - center }
  let predictions = values.predictions.map { $0 - center }
  let range = niceRange(labels + predictions, .linear, margin: 0.03)
  let layer: Layer
  if labels.count > mostDots {
    var grid = DensityGrid(x: range, y: range, columns: 96, rows: 96)
    for (label, prediction) in zip(labels, predictions) { grid.add(label, prediction) }
    layer = .density(grid)
  } else {
    layer = .points(Points("", x: labels, y: predictions, color: 0))
  }
  let less = center == 0 ? "" : " \(center < 0 ? "+" : "−") \(fixed(abs(center), decimals))"
  return Panel(
    title, subtitle: summary(values, unit),
    x: Axis("label\(less)", unit: unit, range: range),
    y: Axis("prediction\(less)", unit: unit, range: range),
    [.rule(Rule("", .diagonal)), layer], height: nil)
}

/// The constant that is subtracted from `values` to keep tick labels short: about their mean, or
/// zero; and its number of decimals.
private func offset(_ values: [Double]) -> (center: Double, decimals: Int) {
  let known = values.filter(\.isFinite)
  guard let least = known.min(), let most = known.max(), most > least else { return (0, 0) }
  let mean = known.reduce(0) { $0 + $1 / Double(known.count) }
  guard abs(mean) > 20 * (most - least) else { return (0, 0) }
  // The constant is rounded to a power of ten about as large as the differences.
  let decimals = (0...9).first { powerOfTen($0) * (most - least) >= 1 } ?? 9
  return ((mean * powerOfTen(decimals)).rounded() / powerOfTen(decimals), decimals)
}

private func powerOfTen(_ n: Int) -> Double { (0..<n).reduce(1) { power, _ in 10 * power } }

private func summary(_ values: Comparison, _ unit: String) -> String {
  let errors = values.errors
  let absolute = errors.reduce(0) { $0 + abs($1) } / Double(max(errors.count, 1))
  return quantities([("RMSE", rootMeanSquare(errors)), ("MAE", absolute)], unit)
}

/// Named numbers with their unit, in thousandths or millionths of it if they are small; plain
/// numbers where the unit is not known.
private func quantities(_ values: [(name: String, value: Double)], _ unit: String) -> String {
  if unit.isEmpty {
    return values.map { "\($0.name) \(significant($0.value))" }.joined(separator: ", ")
  }
  let size = values.map { abs($0.value) }.max() ?? 0
  let (factor, prefix) =
    size >= 0.1 || size == 0 ? (1.0, "") : size >= 1e-4 ? (1e3, "m") : (1e6, "µ")
  return values.map { "\($0.name) \(significant($0.value * factor))" }.joined(separator: ", ")
    + " \(prefix)\(unit)"
}

/// The distribution of errors for each group of values.
private func errors(
  _ quantity: ComparedQuantity, _ parts: [(name: String, values: Comparison)]
) -> Panel {
  let (noun, unit) = (quantity.noun, quantity.unit)
  let all = parts.map(\.values.errors), joined = all.flatMap(\.self)
  let (range, bins) = errorBins(joined)
  let width = (range.upperBound - range.lowerBound) / Double(bins)
  let layers = zip(parts, all).enumerated().map { number, part in
    let counts = binCounts(part.1, in: range, count: bins)
    let error = quantities([("RMSE", rootMeanSquare(part.1))], unit)
    return Layer.histogram(
      Histogram(
        part.0.name.isEmpty ? "" : "\(part.0.name), \(error)", start: range.lowerBound,
        width: width,
        heights: counts.map { 100 * Double($0) / Double(max(part.1.count, 1)) }, .series(number)))
  }
  let mean = joined.reduce(0) { $0 + $1 / Double(joined.count) }
  // Forces that sum to zero have a mean error of zero apart from rounding.
  let shownMean = abs(mean) < 1e-6 * rootMeanSquare(joined) ? 0 : mean
  return Panel(
    "\(quantity.title) error",
    subtitle: "\(counted(joined.count, noun)), \(quantities([("mean", shownMean)], unit))",
    x: Axis(
      "prediction − label", unit: unit,
      range: range.lowerBound - width / 2...range.upperBound + width / 2),
    y: Axis("\(noun)s", unit: "%", startsAtZero: true),
    [.rule(Rule("", .x(0)))] + layers, height: nil)
}

/// The range and number of bins for `errors`: from the 1/400 to the 399/400 quantile, with zero
/// unless it is far away.
private func errorBins(_ errors: [Double]) -> (range: ClosedRange<Double>, count: Int) {
  let sorted = errors.map { min(max($0, -1e300), 1e300) }.sorted()
  let usual = niceRange(
    [sorted[sorted.count / 400], sorted[sorted.count - 1 - sorted.count / 400]], .linear,
    margin: 0)
  // Errors that are nearly equal apart from an offset should still be distinguishable.
  let span = usual.upperBound - usual.lowerBound
  let least = usual.lowerBound < 3 * span ? min(usual.lowerBound, 0) : usual.lowerBound
  let most = usual.upperBound > -3 * span ? max(usual.upperBound, 0) : usual.upperBound
  return niceBins(errors, in: least - 0.05 * span...most + 0.05 * span)
}

private func rootMeanSquare(_ values: [Double]) -> Double {
  (values.reduce(0) { $0 + $1 * $1 } / Double(max(values.count, 1))).squareRoot()
}
