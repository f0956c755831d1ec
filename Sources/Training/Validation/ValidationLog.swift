import Foundation

/// The text of `val.log`, as DeePMD-kit's PyTorch backend writes it.
///
/// Source: docs/FORMATS.md, "val.log"; DeePMD-kit's `FullValidator`.
public struct ValidationLog: Sendable {
  private let metric: ValidationMetric
  private let columns: [ValidationMetric]
  private let stepWidth: Int

  /// A log of validations by `metric` in a training of `totalSteps` steps.
  ///
  /// Stress and virial are two forms of one quantity; the one that the metric names is shown, else the stress.
  public init(_ metric: ValidationMetric, totalSteps: Int) {
    self.metric = metric
    let hidden = metric.family == .virial ? ValidationMetric.Family.stress : .virial
    columns = ValidationMetric.Family.allCases.filter { $0 != hidden }.flatMap { family in
      ValidationMetric.Average.allCases.map { ValidationMetric(family, $0) }
    }
    stepWidth = max(4, String(totalSteps).count)
  }

  /// The two lines at the top, each with its line end.
  public var header: String {
    let titles = columns.map { " " + title($0) }
    return "# \(ValidationLog.centered("step", stepWidth))\(titles.joined())\n"
      + "# E uses per-atom energy, F uses component-wise force errors, and the second-rank column is "
      + "S, stress as the negated virial divided by the cell volume, or V, virial normalized by "
      + "natoms, following `validation_metric`.\n"
  }

  /// The line of a validation, with its line end; another one names the checkpoint `saved`, if there is one.
  public func row(step: Int, _ errors: EvaluationErrors, saved: String? = nil) -> String {
    var text = "  " + ValidationLog.centered(String(step), stepWidth)
    for column in columns {
      text +=
        " "
        + ValidationLog.centered(
          ValidationLog.number(1000 * column.value(of: errors)), title(column).count)
    }
    text += "\n"
    if let saved {
      text += "# saved best checkpoint: \(saved) (\(value(of: errors)))\n"
    }
    return text
  }

  /// The metric for people, `E:MAE = 1.2345 meV/atom`.
  public func value(of errors: EvaluationErrors) -> String { text(metric.value(of: errors)) }

  /// The same for a value of the metric.
  public func text(_ value: Double) -> String {
    "\(metric.name) = \(ValidationLog.number(1000 * value)) \(metric.family.unit)"
  }

  /// `E_MAE(meV/atom)`, at least ten wide.
  private func title(_ column: ValidationMetric) -> String {
    ValidationLog.centered(
      "\(column.family.rawValue)_\(column.average.rawValue)(\(column.family.unit))", 10)
  }

  /// `text` in the middle of `width` places, as Python's `^` has it.
  private static func centered(_ text: String, _ width: Int) -> String {
    let rest = max(0, width - text.count)
    return String(repeating: " ", count: rest / 2) + text
      + String(repeating: " ", count: rest - rest / 2)
  }

  /// `value` with five significant digits.
  package static func number(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    if value.magnitude < .leastNormalMagnitude { return "0" }
    let decimals = 4 - Int(log10(value.magnitude).rounded(.down))
    if decimals > 16 { return String(format: "%.4e", value) }
    if decimals > 0 { return String(format: "%.\(decimals)f", value) }
    let scale = pow(10, Double(-decimals))
    return String(format: "%.0f", (value / scale).rounded(.toNearestOrEven) * scale)
  }
}
