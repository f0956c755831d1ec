import Diagnostics
import Foundation
import Runs
import Toolkit
import Training

/// The information about a training for the user: terms of the progress line, and a table at the
/// end.
struct TrainingMonitor {
  private let columns: [ErrorColumn], stepsPerEpoch: Double
  private let start = ContinuousClock.now
  private var frames = 0
  /// The errors in the latest lines of the learning curve.
  private var lines: [StepReport] = []

  /// Starts before the first step of `run`.
  init(_ run: TrainingRun, _ setup: RunSetup) {
    columns = run.trainer.errorColumns
    stepsPerEpoch = setup.stepsPerEpoch
  }

  /// Adds a step.
  mutating func add(_ report: StepReport) {
    frames += report.frames
    if !report.isDisplayed { return }
    if lines.count == Self.linesKept { lines.removeFirst() }
    lines.append(report)
  }

  /// The epoch, the errors of a step, a force error of the latest validation batches, the learning
  /// rate and the speed.
  func terms(_ report: StepReport) -> [ProgressTerm] {
    let epoch = String(format: "%.1f", Double(report.step) / stepsPerEpoch)
    var terms = [ProgressTerm("epoch", epoch, importance: 1)]
    func add(_ name: String, _ value: Double, importance: Int) {
      if value.isNaN { return }
      terms.append(ProgressTerm(name, String(format: "%.2e", value), importance: importance))
    }
    // The total comes last because it depends on the prefactors.
    for index in columns.indices where !isTotal(index) {
      add(columns[index].label, report.errors[index], importance: isForce(columns[index]) ? 5 : 4)
    }
    if let validation = lines.last?.validation, let shown = columns.firstIndex(where: isForce) {
      add(columns[shown].label + "_val", validation[shown], importance: 2)
    }
    for index in columns.indices where isTotal(index) {
      add(columns[index].label, report.errors[index], importance: 0)
    }
    add("lr", report.learningRate, importance: 1)
    terms.append(ProgressTerm("", speed, importance: 3))
    return terms
  }

  /// The speed since the first step.
  private var speed: String { Progress.short(Double(frames) / seconds) + " frames/s" }

  private var seconds: Double { max((ContinuousClock.now - start) / .seconds(1), 1e-9) }

  /// The time and the speed in words.
  var time: String { "\(Progress.clock(seconds)), \(speed)" }

  /// The averaged errors of the last lines of the learning curve; nil without a training.
  var table: String? {
    guard let last = lines.last else { return nil }
    let lines = lines.filter { 5 * $0.step > 4 * last.step }
    func cell(_ values: [Double], _ column: Int) -> String {
      let text =
        values.isEmpty || values.contains { $0.isNaN }
        ? "-" : String(format: "%.3e", Self.mean(values, of: columns[column].name))
      return String(repeating: " ", count: max(0, 13 - text.count)) + text
    }
    let width = columns.indices.filter { !isTotal($0) }.map { columns[$0].label.count }
      .reduce(9, max)
    var text = String(repeating: " ", count: width + 7)
    text += "training\(last.validation == nil ? "" : "   validation")\n"
    for column in columns.indices where !isTotal(column) {
      text += "  " + columns[column].label.padding(toLength: width, withPad: " ", startingAt: 0)
      text += cell(lines.map { $0.errors[column] }, column)
      if last.validation != nil {
        text += cell(lines.compactMap { $0.validation?[column] }, column)
      }
      text += "  \(Self.unit(of: columns[column].name))\n"
    }
    let count = lines.count == 1 ? "line" : counted(lines.count, "line")
    return text + "  (batches of the last \(count) of the learning curve)"
  }

  /// The largest number of lines that are averaged; they must also be in the last fifth of the
  /// steps.
  private static let linesKept = 50

  private func isForce(_ column: ErrorColumn) -> Bool { column.name.hasSuffix("_f") }

  /// Whether a column is the total of an energy loss, whose other columns have longer names.
  private func isTotal(_ index: Int) -> Bool {
    columns[index].name == "rmse"
      && columns.contains {
        $0.task == columns[index].task && $0.name.hasPrefix("rmse_")
      }
  }

  /// The mean of the values; of root mean squares, the root of the mean square.
  private static func mean(_ values: [Double], of column: String) -> Double {
    let count = Double(values.count)
    return column.hasPrefix("rmse")
      ? (values.reduce(0) { $0 + $1 * $1 } / count).squareRoot() : values.reduce(0, +) / count
  }

  private static func unit(of column: String) -> String {
    switch column.split(separator: "_").last {
    case "e", "v": "eV/atom"
    case "ae": "eV"
    case "f", "pf": "eV/Å"
    default: ""
    }
  }
}
