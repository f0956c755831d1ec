import Runs
import Training

/// A training as TensorBoard shows it: a run `training` and a run `validation`, whose curves lie over each other.
///
/// Source: docs/FORMATS.md, "TensorBoard".
public final class EventLog: TrainingLog {
  private let columns: [String], frequency: Int
  private let training: EventFile, validation: EventFile?

  /// Begins a log in `folder` for what comes after `step` steps, with errors called `columns`.
  ///
  /// Batches' errors are noted every `frequency` steps, those of validation data, if there are any, whenever they are
  /// computed.  Throws `.cannotCreate` or `.io`, as all that it does.
  public init(
    in folder: String, columns: [String], hasValidation: Bool, frequency: Int, after step: Int
  ) throws {
    self.columns = columns
    self.frequency = frequency
    training = try EventFile(in: "\(folder)/training", after: step)
    validation = hasValidation ? try EventFile(in: "\(folder)/validation", after: step) : nil
  }

  /// Notes a step.
  public func add(_ report: StepReport) throws {
    if report.step == 1 || report.step % frequency == 0 {
      let rate = (tag: "learning_rate", value: report.learningRate)
      try training.add(values(report.errors) + [rate], step: report.step)
    }
    if let errors = report.validation { try validation?.add(values(errors), step: report.step) }
  }

  /// Notes full validations.
  public func add(_ reports: [ValidationReport]) throws {
    for report in reports {
      let group = report.weights == .present ? "full" : "full_ema"
      let values = report.errors.rows.flatMap { quantity, sum in
        [
          (tag: "\(group)/\(quantity.key)_mae", value: sum.meanAbsolute),
          (tag: "\(group)/\(quantity.key)_rmse", value: sum.rootMeanSquare),
        ]
      }
      try validation?.add(values, step: report.step)
    }
  }

  /// Waits until everything is on the disk.
  public func flush() throws {
    try training.flush()
    try validation?.flush()
  }

  private func values(_ errors: [Double]) -> [(tag: String, value: Double)] {
    zip(columns, errors).map { (tag: $0, value: $1) }
  }
}
