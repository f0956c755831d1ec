import Diagnostics
import Plotting
import Runs

/// The figure of the data from which the statistics at `path` were computed.
func dataOverview(of path: String) throws -> Figure {
  let survey = try DataSurvey(at: path)
  let atoms = survey.atoms.reduce(0, +)
  var panels = [composition(survey)]
  if let energies = energies(survey) { panels.append(energies) }
  if let forces = forces(survey) { panels.append(forces) }
  panels += labels(survey)
  if let distances = distances(survey) { panels.append(distances) }
  panels += neighbors(survey)
  return Figure(
    "Training data: \(counted(survey.frames, "frame")), \(counted(atoms, "atom"))", panels)
}

/// The largest number of types that are shown; these are the types with the most atoms.
private let mostSeries = 6

/// The types to show, in order.
private func types(_ survey: DataSurvey) -> [Int] {
  let present = survey.atoms.indices.filter { survey.atoms[$0] > 0 }
  return present.sorted { (-survey.atoms[$0], $0) < (-survey.atoms[$1], $1) }.prefix(mostSeries)
    .sorted()
}

private func composition(_ survey: DataSurvey) -> Panel {
  let present = survey.atoms.indices.filter { survey.atoms[$0] > 0 }.prefix(24)
  let atoms = survey.atoms.reduce(0, +)
  let values = present.map { Double(survey.atoms[$0]) }
  let absent = survey.atoms.count { $0 == 0 }
  return Panel(
    "Composition", subtitle: absent > 0 ? "no atoms of \(counted(absent, "more type"))" : "",
    x: Axis("atoms in all frames", startsAtZero: true),
    y: Axis(names: present.map { survey.typeMap[$0] }),
    [
      .bars(
        Bars(
          "", rows: Array(present.indices), values: values,
          labels: values.map { "\(fixed(100 * $0 / Double(max(atoms, 1)), 1)) %" }, color: 0))
    ], height: 200)
}

private func energies(_ survey: DataSurvey) -> Panel? {
  let bins = survey.energies
  guard let counts = bins.counts.first, counts.reduce(0, +) > 0 else { return nil }
  return Panel(
    "Energy", x: Axis("energy per atom", unit: "eV/atom"),
    y: Axis("frames", unit: "%", startsAtZero: true),
    [histogram("", bins, counts, 0)], height: 200)
}

private func forces(_ survey: DataSurvey) -> Panel? {
  let shown = types(survey).filter { survey.forces.counts[$0].contains { $0 > 0 } }
  if shown.isEmpty { return nil }
  let layers = shown.enumerated().map { number, type in
    histogram(survey.typeMap[type], survey.forces, survey.forces.counts[type], number)
  }
  return Panel(
    "Force", subtitle: hidden(survey), x: Axis("length of the force on an atom", unit: "eV/Å"),
    y: Axis("atoms", unit: "%", startsAtZero: true), layers, height: 200)
}

/// The note about types that are not shown.
private func hidden(_ survey: DataSurvey) -> String {
  let present = survey.atoms.count { $0 > 0 }
  return present > mostSeries ? "the \(mostSeries) most frequent of \(present) types" : ""
}

/// The labels of frames and of atoms for another output than the energy.
private func labels(_ survey: DataSurvey) -> [Panel] {
  let output = survey.output
  func panel(_ name: String, _ noun: String, _ bins: DataSurvey.Bins?, _ groups: [(String, Int)])
    -> Panel?
  {
    guard let bins else { return nil }
    let layers = groups.enumerated().compactMap { number, group -> Layer? in
      let counts = bins.counts[group.1]
      return counts.contains { $0 > 0 } ? histogram(group.0, bins, counts, number) : nil
    }
    if layers.isEmpty { return nil }
    return Panel(
      title(ofLabel: name), x: Axis(output.width > 1 ? "component" : "value"),
      y: Axis(output.width > 1 ? "components" : noun, unit: "%", startsAtZero: true), layers,
      height: 200)
  }
  let groups = output.componentGroups.names.enumerated().map { ($1, $0) }
  let elements = types(survey).map { (survey.typeMap[$0], $0) }
  return [
    panel(output.name, "frames", survey.frameValues, groups),
    panel(output.atomName, "atoms", survey.atomValues, elements),
  ].compactMap(\.self)
}

/// Counts as fractions of their sum; bins are joined until there are no more than the number of
/// values can fill.
private func histogram(
  _ name: String, _ bins: DataSurvey.Bins, _ counts: [Int], _ number: Int
) -> Layer {
  var start = bins.start, width = bins.width, counts = counts
  let values = counts.reduce(0, +)
  while counts.count > max(10, min(80, 3 * cubeRoot(values))) {
    // Bins begin at an even multiple of the width, so that the bins of all histograms coincide.
    if (start / width).truncatingRemainder(dividingBy: 2) != 0 {
      counts.insert(0, at: 0)
      start -= width
    }
    counts = stride(from: 0, to: counts.count, by: 2).map {
      counts[$0] + ($0 + 1 < counts.count ? counts[$0 + 1] : 0)
    }
    width *= 2
  }
  let sum = Double(max(values, 1))
  return .histogram(
    Histogram(
      name, start: start, width: width, heights: counts.map { 100 * Double($0) / sum },
      .series(number)))
}

/// The distributions of distances by pairs of types.
private func distances(_ survey: DataSurvey) -> Panel? {
  let shown = types(survey)
  var curves: [(name: String, counts: [Int], sum: Int)] = []
  for (pair, counts) in zip(survey.pairs, survey.distances.counts)
  where pair.allSatisfy(shown.contains) {
    let name = pair.map { survey.typeMap[$0] }.joined(separator: "–")
    curves.append((name, counts, counts.reduce(0, +)))
  }
  let all = curves.count
  curves = Array(curves.sorted { $0.sum > $1.sum }.prefix(mostSeries))
  if curves.isEmpty { return nil }
  let width = survey.distances.width
  let layers = curves.enumerated().map { number, curve in
    // The fraction per tenth of an Å does not depend on the width of the bins.
    let factor = 10 / width / Double(max(curve.sum, 1))
    return Layer.line(
      Line(
        curve.name, x: curve.counts.indices.map { (Double($0) + 0.5) * width },
        y: curve.counts.map { Double($0) * factor }, .series(number)))
  }
  return Panel(
    "Distances of neighbors",
    subtitle: all > mostSeries ? "the \(mostSeries) most frequent of \(all) pairs" : "",
    x: Axis("distance", unit: "Å"), y: Axis("pairs", unit: "% per 0.1 Å", startsAtZero: true),
    layers, height: 200)
}

/// The distributions of the number of neighbors, beside the slots.
private func neighbors(_ survey: DataSurvey) -> [Panel] {
  let shown = types(survey).filter { survey.neighbors[$0].dropFirst().contains { $0 > 0 } }
  if shown.isEmpty { return [] }
  var layers: [Layer] = [], slots: [String] = []
  let areTyped = survey.slots.count == survey.typeMap.count
  for (number, type) in shown.enumerated() {
    let counts = survey.neighbors[type], first = counts.firstIndex { $0 > 0 } ?? 0
    let end = (counts.lastIndex { $0 > 0 } ?? 0) + 1
    let sum = Double(max(counts.reduce(0, +), 1))
    layers.append(
      .histogram(
        Histogram(
          survey.typeMap[type], start: Double(first) - 0.5, width: 1,
          heights: counts[first..<end].map { 100 * Double($0) / sum }, .series(number))))
    if areTyped {
      layers.append(
        .rule(Rule("", .x(Double(survey.slots[type])), Style(number, dash: .dashed, width: 1.2))))
    }
    slots.append(
      "\(survey.typeMap[type]) \(end - 1)" + (areTyped ? " of \(survey.slots[type])" : ""))
  }
  let title =
    areTyped
    ? "most, of slots (sel, dashed)" : "most, of \(survey.slots.reduce(0, +)) slots of all types"
  return [
    Panel(
      "Neighbors of an atom",
      subtitle: "\(title): " + slots.joined(separator: ", "),
      x: Axis("neighbors of a type within the cutoff"),
      y: Axis("atoms", unit: "%", startsAtZero: true), layers, height: 200)
  ]
}
