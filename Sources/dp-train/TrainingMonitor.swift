import Diagnostics
import Foundation
import Runs
import Toolkit
import Training

/// The information about a training for the user: terms of the progress line, and a table at the
/// end.
struct TrainingMonitor {
  private let columns: [String], stepsPerEpoch: Double
  private let start = ContinuousClock.now
  private var frames = 0
  /// The errors in the latest lines of the learning curve.
  private var lines: [StepReport] = []

  /// Starts before the first step of `run`.
  init(_ run: TrainingRun, _ setup: TrainingSetup) {
    columns = run.trainer.columns
    stepsPerEpoch = setup.training.batchesPerEpoch / Double(setup.miniBatches)
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
    // The first column is the total; it comes last because it depends on the prefactors.
    for (name, value) in zip(columns, report.errors).dropFirst() {
      add(name, value, importance: isForce(name) ? 5 : 4)
    }
    if let validation = lines.last?.validation, let shown = columns.firstIndex(where: isForce) {
      add(columns[shown] + "_val", validation[shown], importance: 2)
    }
    add(columns[0], report.errors[0], importance: 0)
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
        ? "-" : String(format: "%.3e", Self.mean(values, of: columns[column]))
      return String(repeating: " ", count: max(0, 13 - text.count)) + text
    }
    var text = "                training\(last.validation == nil ? "" : "   validation")\n"
    for column in columns.indices.dropFirst() {
      text += "  " + columns[column].padding(toLength: 9, withPad: " ", startingAt: 0)
      text += cell(lines.map { $0.errors[column] }, column)
      if last.validation != nil {
        text += cell(lines.compactMap { $0.validation?[column] }, column)
      }
      text += "  \(Self.unit(of: columns[column]))\n"
    }
    let count = lines.count == 1 ? "line" : counted(lines.count, "line")
    return text + "  (batches of the last \(count) of the learning curve)"
  }

  /// The largest number of lines that are averaged; they must also be in the last fifth of the
  /// steps.
  private static let linesKept = 50

  private func isForce(_ column: String) -> Bool { column.hasSuffix("_f") }

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
