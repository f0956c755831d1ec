import Files
import Training

/// The options of full validation (`validating`).
public struct ValidatingOptions: Sendable, Equatable {
  /// The weights that are evaluated (`full_validation`, `ema_full_validation`); never empty.
  public var weights: [TrainedWeights]
  /// The step from which on validations are done, or a fraction of all steps if it is below 1
  /// (`full_val_start`).
  public var start: Double
  /// Number of steps between validations (`validation_freq`).
  public var frequency: Int
  /// The error by which models are compared (`validation_metric`).
  public var metric: ValidationMetric
  /// Whether checkpoints of the best models are kept, their folder inside the run folder, and their
  /// number (`save_best`, `save_best_dir`, `max_best_ckpt`).
  public var savesBest: Bool, bestFolder: String?, bestKept: Int
  /// The name of the log in the run folder (`full_val_file`).
  public var logFile: String

  /// The name of the log for validations of `weights`.
  package func logFile(of weights: TrainedWeights) -> String {
    weights == .present ? logFile : averagedName(logFile)
  }

  /// The options of full validation in a training of `totalSteps` steps.
  package func options(totalSteps: Int, patience: Int?) -> FullValidationOptions {
    FullValidationOptions(
      start: start < 1 ? Int(Double(totalSteps) * start) : Int(start), frequency: frequency,
      metric: metric, bestKept: bestKept, weights: weights, patience: patience)
  }
}

/// The options of the moving average of the weights (`enable_ema`).
public struct AverageOptions: Sendable, Equatable {
  /// The weight of the old average in an update (`ema_decay`).
  public var decay: Double
  /// The number of checkpoints with averaged weights that are kept (`ema_ckpt_keep`).
  public var checkpointsKept: Int
}

/// The name of a file for averaged weights: `name` with `_ema` before the last dot, as in
/// DeePMD-kit.
package func averagedName(_ name: String) -> String {
  guard let dot = name.lastIndex(of: "."), dot != name.startIndex,
    name.index(after: dot) != name.endIndex
  else { return name + "_ema" }
  return name[..<dot] + "_ema" + name[dot...]
}

/// Reads the `validating` section and records its errors; nil if full validation is off.
///
/// Averaged weights are validated only if the training `averages`, as in DeePMD-kit.
func readValidating(_ section: ConfigurationSection, averages: Bool) -> ValidatingOptions? {
  let present = section.read("full_validation", .bool, default: false)
  let averaged = section.read("ema_full_validation", .bool, default: false) && averages
  let metric = ValueKind(name: "one of \(ValidationMetric.names.joined(separator: ", "))") {
    value in
    ValueKind.text.take(value).flatMap { ValidationMetric(named: $0.filter { $0 != " " }) }
  }
  let options = ValidatingOptions(
    weights: (present ? [.present] : []) + (averaged ? [.averaged] : []),
    start: section.read(
      "full_val_start", .number.whereIs("a number from 0 to 10^12") { $0 >= 0 && $0 <= 1e12 },
      default: 0.5),
    frequency: section.read("validation_freq", .steps, default: 5000),
    metric: section.read(
      "validation_metric", metric, default: ValidationMetric(.energy, .absolute)),
    savesBest: section.read("save_best", .bool, default: true),
    bestFolder: section.optional("save_best_dir", .folderName),
    bestKept: section.read("max_best_ckpt", .positiveInteger, default: 1),
    logFile: section.read("full_val_file", .fileName, default: "val.log"))
  section.accept("compiled_infer", "tf32_infer", "amp_infer")
  section.finish()
  return options.weights.isEmpty || options.start == 1 ? nil : options
}

extension ValidatingOptions {
  /// Records options that contradict the rest of the input.
  func check(
    with loss: LossOptions, hasValidationData: Bool, curveFile: String,
    _ problems: ConfigurationProblems
  ) {
    if !hasValidationData {
      problems.add(
        "validating", "full validation needs training/validation_data, which is not there",
        remedy: "name validation data, or set full_validation to false")
    }
    guard let loss = loss.energy else {
      problems.add(
        "validating",
        "full validation compares energies and forces, which this loss does not train",
        remedy: "set full_validation to false")
      return
    }
    let term: EnergyLossTerm =
      switch metric.family {
      case .energy: .energy
      case .force: .force
      case .stress, .virial: .virial
      }
    if !loss.activeTerms.contains(term) {
      problems.add(
        "validating/validation_metric", "is \(metric.name), which the loss does not train",
        remedy:
          "choose another, or set start_pref_\(term.rawValue) and limit_pref_\(term.rawValue)")
    }
    if weights.map(logFile).contains(curveFile) {
      problems.add("validating/full_val_file", "is the same file as training/disp_file")
    }
  }
}
