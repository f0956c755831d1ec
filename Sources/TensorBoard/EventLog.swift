import Runs
import Training

/// The log of a training for TensorBoard, with two runs, `training` and `validation`, whose curves
/// appear in common diagrams.
///
/// Source: docs/FORMATS.md, "TensorBoard".
public final class EventLog: TrainingLog {
  private let columns: [String], frequency: Int
  /// Whether steps leave out errors, those of tasks that they do not train.
  private let hasTasks: Bool
  private let training: EventFile, validation: EventFile?

  /// Starts a log in `folder` for the steps after `step`; the errors are called `columns`.
  ///
  /// The errors of batches are added every `frequency` steps, those of validation data whenever
  /// they are computed.  A task that a step did not train has no errors then.  Throws
  /// `.cannotCreate` or `.io`, as all methods do.
  public init(
    in folder: String, columns: [String], hasTasks: Bool = false, hasValidation: Bool,
    frequency: Int, after step: Int
  ) throws {
    self.columns = columns
    self.hasTasks = hasTasks
    self.frequency = frequency
    training = try EventFile(in: "\(folder)/training", after: step)
    validation = hasValidation ? try EventFile(in: "\(folder)/validation", after: step) : nil
  }

  /// Adds a step.
  public func add(_ report: StepReport) throws {
    if report.step == 1 || report.step % frequency == 0 {
      let rate = (tag: "learning_rate", value: report.learningRate)
      try training.add(values(report.errors) + [rate], step: report.step)
    }
    if let errors = report.validation { try validation?.add(values(errors), step: report.step) }
  }

  /// Adds a full validation.
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

  /// Waits until all events are on the disk.
  public func flush() throws {
    try training.flush()
    try validation?.flush()
  }

  private func values(_ errors: [Double]) -> [(tag: String, value: Double)] {
    zip(columns, errors).map { (tag: $0, value: $1) }.filter { !hasTasks || !$0.value.isNaN }
  }
}
