import Diagnostics
import Files
import Training

/// The learning rate as configured, before the number of steps is known.
public struct LearningRateOptions: Sendable, Equatable {
  /// Rate after the warm-up and at the end.
  public var start: Double, stop: Double
  /// Length of the warm-up: steps, or else a part of all steps.
  public var warmupSteps: Int, warmupRatio: Double?
  /// The part of `start` at which the warm-up begins.
  public var warmupStartFactor: Double
  /// How the rate falls after the warm-up.
  public var decay: LearningRate.Decay
  /// How updates grow with the mini-batches of a step (`scale_by_worker`).
  public var scaling = Scaling.linear

  /// What the rate of an update is multiplied with.
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

  /// The rates of a training of `totalSteps` steps; throws if the warm-up leaves none.
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

/// The `learning_rate` section; nil if something in it is wrong.
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
  // Without either key DeePMD-kit stops at 5e-8.
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
