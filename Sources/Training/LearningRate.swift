import Foundation

/// The learning rate of every step: a linear warm-up, then a decay.
///
/// Source: docs/MATH.md, "Learning rate"; DeePMD-kit's `learning_rate` section.
public struct LearningRate: Sendable, Equatable {
  /// How the rate falls after the warm-up.
  public enum Decay: Sendable, Equatable {
    /// `lr0 rate^(t / steps)`, either smoothly or constant over `steps` steps; if `rate` is nil, it
    /// is chosen so that the decay ends at `stop`.
    case exponential(steps: Int, rate: Double?, isSmooth: Bool)
    /// Half a period of a cosine.
    case cosine
    /// Constant first; over the last `ratio` of all steps it falls along `shape`.
    case stableThenDecay(ratio: Double, shape: Shape)
  }

  /// The shape of the decay of `stableThenDecay` (`decay_type`).
  public enum Shape: String, Sendable, Equatable, CaseIterable {
    case inverseLinear = "inverse_linear"
    case cosine
    case linear
  }

  /// The rate after the warm-up (`start_lr`), and the rate at the end (`stop_lr`).
  public let start: Double, stop: Double
  /// Number of training steps.
  public let totalSteps: Int
  /// The number of warm-up steps, and the factor of `start` at which the warm-up begins.
  public let warmupSteps: Int, warmupStartFactor: Double
  /// The decay after the warm-up.
  public let decay: Decay

  /// Makes a schedule for `totalSteps` steps: more than the warm-up has, or zero.
  ///
  /// If an exponential decay has no rate of its own and its `steps` do not fit into the training,
  /// they are shortened, as in DeePMD-kit.
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
      // No factor leads to a rate of zero, so 1e-10 replaces it.
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

  /// The rate at `x`, where `x` runs from 0 at the rate `start` to 1 at the rate `stop`.
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
