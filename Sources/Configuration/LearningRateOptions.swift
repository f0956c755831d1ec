import Diagnostics
import Files
import Training

/// The `learning_rate` section, which gives the learning rates once the number of steps is known.
public struct LearningRateOptions: Sendable, Equatable {
  /// Rate after the warm-up, and rate at the end.
  public var start: Double, stop: Double
  /// Length of the warm-up in steps, or as a fraction of all steps if `warmupRatio` is not nil.
  public var warmupSteps: Int, warmupRatio: Double?
  /// The warm-up begins at this fraction of `start`.
  public var warmupStartFactor: Double
  /// The decay of the rate after the warm-up.
  public var decay: LearningRate.Decay
  /// The dependence of the rate on the number of mini-batches in a step (`scale_by_worker`).
  public var scaling = Scaling.linear

  /// The rule for the factor of the learning rate: the number of mini-batches, its square root, or
  /// 1.
  public enum Scaling: String, Sendable, CaseIterable {
    case linear, sqrt, none

    /// The factor for `count` mini-batches.
    public func factor(miniBatches count: Int) -> Double {
      switch self {
      case .linear: Double(count)
      case .sqrt: Double(count).squareRoot()
      case .none: 1
      }
    }
  }

  /// The learning rates of a training of `totalSteps` steps.
  ///
  /// Throws `.configuration`, with `place` as the input file, if no steps are left after the
  /// warm-up.
  public func schedule(totalSteps: Int, place: String) throws -> LearningRate {
    var warmup = warmupRatio.map { Int($0 * Double(totalSteps)) } ?? warmupSteps
    if totalSteps == 0 { warmup = 0 }
    guard warmup < totalSteps || totalSteps == 0 else {
      throw ToolError(
        .configuration, at: "\(place): learning_rate/warmup_steps",
        "a warm-up of \(counted(warmup, "step")) leaves nothing of a training of \(counted(totalSteps, "step"))",
        remedy: "make the warm-up shorter or the training longer")
    }
    return LearningRate(
      start: start, stop: stop, totalSteps: totalSteps, warmupSteps: warmup,
      warmupStartFactor: warmupStartFactor, decay: decay)
  }
}

/// Reads the `learning_rate` section and records its errors; nil if no options can be made.
func readLearningRate(_ section: ConfigurationSection) -> LearningRateOptions? {
  let type = section.read("type", .text, default: "exp")
  let start = section.require("start_lr", .positive)
  let stop = section.optional("stop_lr", .nonNegative)
  let ratio = section.optional("stop_lr_ratio", .nonNegative)
  if stop != nil && ratio != nil {
    section.report("stop_lr_ratio", "excludes stop_lr, which is there too", remedy: "remove one")
  }
  let warmupSteps = section.read(
    "warmup_steps",
    .trainingSteps, default: 0)
  let warmupRatio = section.optional(
    "warmup_ratio", .number.whereIs("a number from 0 to below 1") { $0 >= 0 && $0 < 1 })
  if warmupSteps != 0 && warmupRatio != nil {
    section.report(
      "warmup_ratio", "excludes warmup_steps, which is there too", remedy: "remove one")
  }
  let factor = section.read("warmup_start_factor", .nonNegative, default: 0)
  let scaling = section.read(
    "scale_by_worker", .oneOf(LearningRateOptions.Scaling.allCases.map(\.rawValue)),
    default: "linear")
  let decay = readDecay(section, type: type)
  section.finish()
  guard let start, let decay else { return nil }
  // Without both keys, the default of DeePMD-kit is 5e-8.
  let last = stop ?? ratio.map { $0 * start } ?? 5e-8
  if case .stableThenDecay = decay, last <= 0 {
    section.report("stop_lr", "found 0, expected a number above 0 for \"wsd\"")
  }
  return LearningRateOptions(
    start: start, stop: last, warmupSteps: warmupSteps, warmupRatio: warmupRatio,
    warmupStartFactor: factor, decay: decay, scaling: .init(rawValue: scaling) ?? .linear)
}

private func readDecay(_ section: ConfigurationSection, type: String) -> LearningRate.Decay? {
  switch type {
  case "exp":
    return .exponential(
      steps: section.read("decay_steps", .steps, default: 5000),
      rate: section.optional("decay_rate", .aboveZeroToOne),
      isSmooth: section.read("smooth", .bool, default: false))
  case "cosine": return .cosine
  case "wsd":
    let shape = section.read(
      "decay_type", .oneOf(LearningRate.Shape.allCases.map(\.rawValue)), default: "inverse_linear")
    return .stableThenDecay(
      ratio: section.read("decay_phase_ratio", .aboveZeroToOne, default: 0.1),
      shape: LearningRate.Shape(rawValue: shape) ?? .inverseLinear)
  default:
    section.report("type", "found \"\(type)\", expected \"exp\", \"cosine\" or \"wsd\"")
    return nil
  }
}

extension ValueKind<Double> {
  /// A number in (0, 1].
  static var aboveZeroToOne: ValueKind {
    number.whereIs("a number above 0 and up to 1") { $0 > 0 && $0 <= 1 }
  }
}

extension ValueKind<String> {
  /// One of `names`.
  static func oneOf(_ names: [String]) -> ValueKind {
    text.whereIs("one of " + names.map { "\"\($0)\"" }.joined(separator: ", ")) {
      names.contains($0)
    }
  }
}
