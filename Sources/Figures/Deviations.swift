import Diagnostics
import Files
import Logs
import Plotting

/// The figure of the deviations between models, in the files at `paths`.
func deviations(in paths: [String], _ options: FigureOptions) throws -> Figure {
  let histories = try zip(paths, shortNames(paths)).flatMap { try readHistories(at: $0, name: $1) }
  let count = histories.reduce(0) { $0 + $1.steps.count }
  var panels: [Panel] = []
  for (letter, title, unit) in [("f", "Force", "eV/Å"), ("v", "Virial", "eV/atom")] {
    if let panel = history(letter, title, unit, histories, options) { panels.append(panel) }
  }
  panels += spread(histories, options).map { [$0] } ?? []
  guard !panels.isEmpty else {
    throw ToolError(.data, at: paths[0], "has no deviation: all of them are nan")
  }
  let title = "Model deviation, \(counted(count, "frame"))"
  return Figure(title, panels, columns: min(panels.count, 2))
}

/// The deviations of one system or trajectory.
private struct History {
  let name: String
  let steps: [Double]
  let columns: [String: [Double]]
}

/// The histories in a file; each heading begins a new one.  Throws `.data` if there is none.
private func readHistories(at path: String, name: String) throws -> [History] {
  let table = try NumberTable(contents(ofFile: path), path: path)
  var result: [History] = [], system = ""
  for (index, heading) in table.headings.enumerated() {
    let words = heading.text.split(separator: " ").map(String.init)
    guard words.first == "step", words.contains("max_devi_f") else {
      system = heading.text
      continue
    }
    // The rows go to the next heading; the columns for single atoms have no names.
    let next = table.headings.dropFirst(index + 1).first?.row ?? table.rowCount
    let rows = heading.row..<max(next, heading.row)
    if rows.isEmpty { continue }
    guard table.columnCount >= words.count else {
      throw ToolError(
        .data, at: path,
        "has \(counted(table.columnCount, "number")) in a line, but names "
          + counted(words.count, "column"))
    }
    var columns: [String: [Double]] = [:]
    for (column, word) in words.enumerated() where column > 0 {
      columns[word] = table.column(column, rows)
    }
    result.append(
      History(name: system.isEmpty ? name : system, steps: table.column(0, rows), columns: columns))
  }
  guard !result.isEmpty else {
    throw ToolError(.data, at: path, "has no frames", remedy: "give a file with at least one line")
  }
  return result
}

/// All histories one after the other; with several systems they are counted frame by frame.
private func history(
  _ letter: String, _ title: String, _ unit: String, _ histories: [History],
  _ options: FigureOptions
) -> Panel? {
  let joined = { (name: String) in histories.flatMap { $0.columns["\(name)_devi_\(letter)"] ?? [] }
  }
  let largest = joined("max"), mean = joined("avg"), least = joined("min")
  guard largest.contains(where: \.isFinite) else { return nil }
  let isOne = histories.count == 1
  let steps = isOne ? histories[0].steps : largest.indices.map(Double.init)
  var layers: [Layer] = []
  let window = options.smoothing ?? smoothingWindow(for: largest.count)
  func smooth(_ values: [Double]) -> [Double] {
    smoothed(values, window: window, .logarithmic)
  }
  if least.count == largest.count {
    layers.append(
      .band(
        Band(
          "smallest to largest", x: steps, lower: smooth(least), upper: smooth(largest), color: 0)))
  }
  // The largest deviation selects frames for new calculations, so its single values stay visible.
  layers += lines("largest", steps, largest, Style(0), options)
  if mean.count == largest.count {
    layers.append(.line(Line("mean", x: steps, y: smooth(mean), Style(1, dash: .dashed))))
  }
  if letter == "f" { layers += rules(options) { .y($0) } }
  return Panel(
    "\(title) deviation", subtitle: letter == "f" ? shares(largest, options) : "",
    x: Axis(isOne ? "step" : "frame, all systems"),
    y: Axis("deviation", unit: unit, scale: .logarithmic), layers)
}

private func rules(_ options: FigureOptions, _ place: (Double) -> Rule.Place) -> [Layer] {
  options.levels.map { .rule(Rule("levels", place($0), Style(nil, dash: .dashed, width: 1.2))) }
}

/// The numbers of frames below, between and above the levels, in DP-GEN's words.
private func shares(_ largest: [Double], _ options: FigureOptions) -> String {
  guard options.levels.count == 2, let low = options.levels.min(), let high = options.levels.max()
  else { return "" }
  let known = largest.filter(\.isFinite), count = Double(max(known.count, 1))
  func part(_ isIn: (Double) -> Bool) -> String {
    fixed(100 * Double(known.count(where: isIn)) / count, 1) + " %"
  }
  return "accurate \(part { $0 < low }), candidate \(part { $0 >= low && $0 < high }), "
    + "failed \(part { $0 >= high })"
}

/// The distribution of the largest force deviation, by system if there are few systems.
private func spread(_ histories: [History], _ options: FigureOptions) -> Panel? {
  let all = histories.flatMap { $0.columns["max_devi_f"] ?? [] }
    .filter { $0.isFinite && $0 > 0 }
  guard all.count > 1 else { return nil }
  let (range, bins) = niceBins(all, in: niceRange(all, .linear, margin: 0))
  let width = (range.upperBound - range.lowerBound) / Double(bins)
  let groups =
    histories.count <= 4
    ? histories.map { (name: histories.count == 1 ? "" : $0.name, $0.columns["max_devi_f"] ?? []) }
    : [(name: "", all)]
  let layers = groups.enumerated().map { number, group in
    let counts = binCounts(group.1, in: range, count: bins)
    return Layer.histogram(
      Histogram(
        group.name, start: range.lowerBound, width: width,
        heights: counts.map { 100 * Double($0) / Double(max(group.1.count, 1)) },
        .series(number)))
  }
  return Panel(
    "Largest force deviation",
    x: Axis("deviation", unit: "eV/Å", range: range),
    y: Axis("frames", unit: "%", startsAtZero: true), layers + rules(options) { .x($0) })
}
