import Files
import Logs
import Training

/// The lines of `metrics.jsonl`, from which other programs learn how a training goes.
///
/// The same training gives the same lines, however often it is interrupted.  Times are in
/// `timing.jsonl`.
/// Source: docs/FORMATS.md, "Metrics".
struct MetricsText {
  private let curve: LearningCurve
  private let stepsPerEpoch: Double

  /// Makes lines with the errors of `curve`, for a training with this many steps in an epoch.
  init(_ curve: LearningCurve, stepsPerEpoch: Double) {
    self.curve = curve
    self.stepsPerEpoch = stepsPerEpoch
  }

  /// The first line, with its line end.
  var header: String {
    Self.line([
      "event": "start", "format": "deep-potential metrics 1", "errors": .strings(curve.columns),
      "validation": .bool(curve.hasValidation),
    ])
  }

  /// The line of a displayed step.
  func row(_ report: StepReport) -> String {
    Self.line([
      "event": "step", "step": .integer(report.step),
      "epoch": .number(Double(report.step) / stepsPerEpoch),
      "learning_rate": .number(report.learningRate), "frames": .integer(report.frames),
      "training": errors(report.errors),
      "validation": report.validation.map(errors) ?? .null,
    ])
  }

  /// The line of a full validation by `metric`.
  func row(_ report: ValidationReport, _ metric: ValidationMetric) -> String {
    let errors = report.errors.sums.map { quantity, sum -> (String, JSONValue) in
      let values: JSONValue = [
        "mae": Self.number(sum.meanAbsolute), "rmse": Self.number(sum.rootMeanSquare),
      ]
      return (quantity.key, values)
    }
    return Self.line([
      "event": "validation", "step": .integer(report.step),
      "epoch": .number(Double(report.step) / stepsPerEpoch),
      "weights": .string(report.weights.rawValue), "frames": .integer(report.errors.frameCount),
      "errors": .object(Dictionary(uniqueKeysWithValues: errors)),
      "metric": .string(metric.name), "place": report.place.map { .integer($0) } ?? .null,
    ])
  }

  private func errors(_ values: [Double]) -> JSONValue {
    .object(Dictionary(uniqueKeysWithValues: zip(curve.columns, values.map(Self.number))))
  }

  /// The number, or null for one that is not finite.
  private static func number(_ value: Double) -> JSONValue {
    value.isFinite ? .number(value) : .null
  }

  private static func line(_ value: JSONValue) -> String { value.serialized + "\n" }
}
