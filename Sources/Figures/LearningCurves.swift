import Diagnostics
import Files
import Foundation
import Logs
import Models
import Plotting

/// The figure of the learning curves at `paths`, run folders or `lcurve.out` files, in common
/// panels.
func learningCurves(of paths: [String], _ options: FigureOptions) throws -> Figure {
  let curves = try zip(paths, shortNames(paths)).map {
    try Curve(at: $0, name: $1, of: options.task)
  }
  let quantities = curves.reduce(into: [String]()) { all, curve in
    all += curve.quantities.filter { !all.contains($0) }
  }
  var panels = quantities.compactMap { panel(of: $0, among: quantities, curves, options) }
  if let rates = rates(of: curves, options) { panels.append(rates) }
  guard !panels.isEmpty else {
    throw ToolError(.data, at: paths[0], "has no numbers: all columns are nan")
  }
  let isNamed = curves.count == 1 && !["run", "lcurve.out"].contains(curves[0].name)
  let title =
    isNamed
    ? "Learning curve of \(curves[0].name)" : "Learning curve\(curves.count == 1 ? "" : "s")"
  return Figure(title, panels, sharesLegend: true)
}

/// A learning curve.
private struct Curve {
  let name: String
  private let table: CurveTable
  /// The task that is meant, of several; nil for all.
  private let task: String?

  /// Reads the curve in the folder or file `path`, of one task alone if one is named.
  ///
  /// Throws `.data` if it has no line, or no such task.
  init(at path: String, name: String, of task: String?) throws {
    self.task = task
    let file = isFolder(path) ? RunFolder(path).learningCurve : path
    table = try CurveTable(contents(ofFile: file), path: file)
    guard !table.steps.isEmpty else {
      throw ToolError(
        .data, at: file, "has no line yet", remedy: "wait until the training shows its first step")
    }
    self.name = name.hasSuffix("/lcurve.out") ? String(name.dropLast(11)) : name
    guard let task, quantities.isEmpty else { return }
    let marks = table.columns.compactMap { column -> String? in
      let parts = quantityAndKind(column).quantity.split(separator: ":", maxSplits: 1)
      return parts.count == 2 ? String(parts[1]) : nil
    }
    let tasks = Set(marks).sorted().joined(separator: ", ")
    throw ToolError(
      .data, at: file, "has no task '\(task)'",
      remedy: tasks.isEmpty ? "leave out --head: it has one task" : "it has \(tasks)")
  }

  var steps: [Double] { table.steps }

  /// The quantities that have columns, without `_val` and `_trn`.
  var quantities: [String] {
    table.columns.reduce(into: []) { names, column in
      var name = quantityAndKind(column).quantity
      if let task {
        guard name.hasSuffix(":\(task)") else { return }
        name = String(name.dropLast(task.count + 1))
      }
      if column != "lr" && !names.contains(name) { names.append(name) }
    }
  }

  /// The numbers of column `name`; nil if there is no such column, or only nan in it.
  func values(_ name: String) -> [Double]? {
    var column = name
    if let task, name != "lr" {
      let (quantity, kind) = quantityAndKind(name)
      column = "\(quantity):\(task)\(kind)"
    }
    return table.values[column].flatMap { $0.contains(where: \.isFinite) ? $0 : nil }
  }
}

/// A curve's panel in words: the title, the axis and the unit.
private typealias Words = (title: String, axis: String, unit: String)

/// The words for a quantity in the figure; `others` are all quantities there.
private func words(for quantity: String, among others: [String]) -> Words {
  // The quantity belongs to one task of several.
  if let mark = quantity.firstIndex(of: ":") {
    let task = quantity[mark...]
    let own = others.filter { $0.hasSuffix(task) }.map { String($0.dropLast(task.count)) }
    let (title, axis, unit) = words(for: String(quantity[..<mark]), among: own)
    return ("\(title) of \(task.dropFirst())", axis, unit)
  }
  if others.count > 1 || quantity != "rmse", others.allSatisfy({ measures[$0] != nil }),
    let measure = measures[quantity]
  {
    return (measure.title, measure.axis, "")
  }
  let kind = quantity.hasPrefix("mae") ? "MAE" : "RMSE"
  return switch quantity.split(separator: "_").dropFirst().joined(separator: "_") {
  case "": ("Loss", "√ loss", "")
  case "e": ("Energy", kind, "eV/atom")
  case "f": ("Force", kind, "eV/Å")
  case "v": ("Virial", kind, "eV/atom")
  case "ae": ("Energy of atoms", kind, "eV")
  case "pf": ("Weighted force", kind, "eV/Å")
  case "gf": ("Generalized force", kind, "")
  case "h": ("Hessian", kind, "eV/Å²")
  case "global_dipole": ("Dipole", "\(kind) per atom", "")
  case "local_dipole": ("Dipole of atoms", kind, "")
  case "global_polar": ("Polarizability", "\(kind) per atom", "")
  case "local_polar": ("Polarizability of atoms", kind, "")
  // DeePMD-kit's TensorFlow backend names tensors and densities in its own way.
  case "gl": ("Tensor", "\(kind) per atom", "")
  case "lc": ("Tensor of atoms", kind, "")
  case "global_dos", "dos": ("Density of states", "\(kind) per atom", "")
  case "local_dos", "ados": ("Density of states of atoms", kind, "")
  case "global_cdf", "cdf": ("Cumulative density of states", "\(kind) per atom", "")
  case "local_cdf", "acdf": ("Cumulative density of states of atoms", kind, "")
  case let other: (other, kind, "")
  }
}

/// The measures of a property's errors, which are all that its curve has.
private let measures: [String: (title: String, axis: String)] = [
  "mae": (title: "Mean absolute error", axis: "MAE"), "mape": ("Relative error", "MAPE"),
  "mse": ("Mean square error", "MSE"), "rmse": ("Root mean square error", "RMSE"),
  "smooth_mae": ("Smooth absolute error", "smooth MAE"),
]

/// The panel of one quantity for all curves; nil if no curve has numbers for it.
private func panel(
  of quantity: String, among others: [String], _ curves: [Curve], _ options: FigureOptions
) -> Panel? {
  var layers: [Layer] = []
  for (number, curve) in curves.enumerated() {
    var kinds = [("_trn", "training"), ("_val", "validation"), ("_tst", "test"), ("", "")]
      .filter { curve.values(quantity + $0.0) != nil }
    // Of many runs only one line each is shown: validation, if there is one.
    let isCrowded = curves.count > 3
    if isCrowded { kinds = Array(kinds.dropFirst(max(kinds.count - 1, 0))) }
    for (suffix, kind) in kinds {
      guard let values = curve.values(quantity + suffix) else { continue }
      let isAlone = curves.count == 1
      let color = isAlone ? (suffix == "_trn" ? 0 : 1) : number
      var dash: Style.Dash = suffix == "_trn" ? .dotted : .solid
      if isCrowded { dash = Style.series(number).dash }
      let name = isAlone ? kind : [curve.name, kind].filter { !$0.isEmpty }.joined(separator: ", ")
      layers += lines(name, curve.steps, values, Style(color, dash: dash), options)
    }
  }
  if layers.isEmpty { return nil }
  let words = words(for: quantity, among: others)
  return Panel(
    words.title, x: steps(options), y: Axis(words.axis, unit: words.unit, scale: .logarithmic),
    layers, height: 200)
}

/// A line; if it is smoothed, the original numbers are a faint line behind it.
func lines(
  _ name: String, _ x: [Double], _ y: [Double], _ style: Style, _ options: FigureOptions
) -> [Layer] {
  let window = options.smoothing ?? smoothingWindow(for: y.count)
  let line = Layer.line(Line(name, x: x, y: smoothed(y, window: window, .logarithmic), style))
  if window < 3 { return [line] }
  var faint = style
  faint.isFaint = true
  return [.line(Line(name, x: x, y: y, faint)), line]
}

private func rates(of curves: [Curve], _ options: FigureOptions) -> Panel? {
  let layers = curves.enumerated().compactMap { number, curve in
    curve.values("lr").map { rates in
      // The learning rate of a single run needs no name, because the title names it.
      Layer.line(
        Line("", x: curve.steps, y: rates, curves.count == 1 ? Style(2) : .series(number)))
    }
  }
  if layers.isEmpty { return nil }
  return Panel(
    "Learning rate", x: steps(options), y: Axis("learning rate", scale: .logarithmic), layers,
    height: 200)
}

private func steps(_ options: FigureOptions) -> Axis {
  Axis("training step", scale: options.hasLogarithmicSteps ? .logarithmic : .linear)
}
