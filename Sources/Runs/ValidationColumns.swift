import Files
import Logs
import Training

/// The columns of a validation log whose validations are compared by a metric.
package struct ValidationColumns {
  /// The metric.
  package let metric: ValidationMetric
  private let columns: [ValidationMetric]

  /// Chooses the columns.  Stress and virial are two forms of one quantity, so only one is shown:
  /// the one that the metric names, otherwise the stress.
  package init(_ metric: ValidationMetric) {
    self.metric = metric
    let hidden = metric.family == .virial ? ValidationMetric.Family.stress : .virial
    columns = ValidationMetric.Family.allCases.filter { $0 != hidden }.flatMap { family in
      ValidationMetric.Average.allCases.map { ValidationMetric(family, $0) }
    }
  }

  /// The titles of the columns, "E_MAE(meV/atom)".
  package var titles: [String] {
    columns.map { "\($0.family.rawValue)_\($0.average.rawValue)(\($0.family.unit))" }
  }

  /// The numbers of the columns, in thousandths of an evaluation's units.
  package func values(of errors: EvaluationErrors) -> [Double] {
    columns.map { 1000 * $0.value(of: errors) }
  }

  /// The metric in words, `E:MAE = 1.2345 meV/atom`.
  package func text(of errors: EvaluationErrors) -> String { text(metric.value(of: errors)) }

  /// The same for a value of the metric.
  package func text(_ value: Double) -> String {
    "\(metric.name) = \(ValidationLog.number(1000 * value)) \(metric.family.unit)"
  }
}
