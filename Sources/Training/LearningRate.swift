import Foundation

/// The learning rate of every step: a linear warm-up, then a decay.
///
/// Source: docs/MATH.md, "Learning rate"; DeePMD-kit's `learning_rate` section.
public struct LearningRate: Sendable, Equatable {
  /// How the rate falls after the warm-up.
  public enum Decay: Sendable, Equatable {
    /// `lr0 rate^(t / steps)`, in steps of `steps` or smoothly; `rate` nil: the one that ends at
    /// `stop`.
    case exponential(steps: Int, rate: Double?, isSmooth: Bool)
    /// Half a period of a cosine.
    case cosine
    /// Constant, then the last `ratio` of all steps along `shape`.
    case stableThenDecay(ratio: Double, shape: Shape)
  }

  /// The way down of `stableThenDecay` (`decay_type`).
  public enum Shape: String, Sendable, Equatable, CaseIterable {
    case inverseLinear = "inverse_linear"
    case cosine
    case linear
  }

  /// Rate after the warm-up (`start_lr`) and at the end (`stop_lr`).
  public let start: Double, stop: Double
  /// Number of training steps.
  public let totalSteps: Int
  /// Steps of the warm-up, and the part of `start` at which it begins.
  public let warmupSteps: Int, warmupStartFactor: Double
  /// How the rate falls after the warm-up.
  public let decay: Decay

  /// Makes a schedule for `totalSteps` steps, more than the warm-up has, or for none at all.
  ///
  /// An exponential decay without a rate of its own whose `steps` do not fit into the run gets
  /// shorter ones, as DeePMD-kit has it.
  public init(
    start: Double, stop: Double, totalSteps: Int, warmupSteps: Int = 0,
    warmupStartFactor: Double = 0, decay: Decay
  ) {
    precondition(
      warmupSteps >= 0 && (warmupSteps < totalSteps || totalSteps == 0), "no step after the warm-up"
    )
    self.start = start
    self.stop = stop
    self.totalSteps = totalSteps
    self.warmupSteps = warmupSteps
    self.warmupStartFactor = warmupStartFactor
    let length = totalSteps - warmupSteps
    if case .exponential(let steps, let rate, let isSmooth) = decay {
      var steps = steps
      if rate == nil, steps >= length { steps = length / 10 > 100 ? 100 : length / 100 + 1 }
      // A rate of zero is never reached by factors: 1e-10 stands for it.
      let factor =
        rate ?? exp(log(max(stop, 1e-10) / start) / (Double(length) / Double(steps)))
      self.decay = .exponential(steps: steps, rate: factor, isSmooth: isSmooth)
    } else {
      self.decay = decay
    }
  }

  /// The rate of `step`, which counts from 0.
  public func value(at step: Int) -> Double {
    if step < warmupSteps {
      let low = warmupStartFactor * start
      return low + (start - low) * Double(step) / Double(warmupSteps)
    }
    let time = step - warmupSteps, length = totalSteps - warmupSteps
    switch decay {
    case .exponential(let steps, let rate, let isSmooth):
      let power = isSmooth ? Double(time) / Double(steps) : Double(time / steps)
      return max(start * pow(rate ?? 1, power), stop)
    case .cosine:
      if time >= length { return stop }
      let low = stop / start
      return start * (low + (1 - low) * LearningRate.cosine(Double(time) / Double(length)))
    case .stableThenDecay(let ratio, let shape):
      let phase = min(max(Int(ratio * Double(totalSteps)), 1), length)
      if time >= length { return stop }
      if time < length - phase { return start }
      return value(at: Double(time - (length - phase)) / Double(phase), along: shape)
    }
  }

  /// The rate at `x` in 0...1 of the way down from `start` to `stop`.
  private func value(at x: Double, along shape: Shape) -> Double {
    switch shape {
    case .inverseLinear: 1 / (x / stop + (1 - x) / start)
    case .cosine: stop + (start - stop) * LearningRate.cosine(x)
    case .linear: start + (stop - start) * x
    }
  }

  /// Half a period of a cosine, from 1 at `x` = 0 to 0 at `x` = 1.
  private static func cosine(_ x: Double) -> Double { (1 + cos(.pi * x)) / 2 }
}
