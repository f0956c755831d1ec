import Foundation
import Kernels

/// What defines the Adam optimizer.
public struct AdamOptions: Sendable, Equatable {
  /// Decay of the two moments (`adam_beta1`, `adam_beta2`).
  public var beta1 = 0.9, beta2 = 0.999
  /// Added to the root of the second moment.
  public var epsilon = 1e-8
  /// Weight decay (`weight_decay`).
  public var weightDecay = 0.0
  /// Weight decay shrinks the parameters by themselves (AdamW), not through the gradient (Adam).
  public var decaysDirectly = false

  /// DeePMD-kit's defaults.
  public init() {}
}

/// The Adam optimizer and its memory.
///
/// `m += (1 - β1)(g - m)`, `v = β2 v + (1 - β2) g²`, `θ -= lr/(1 - β1ᵗ) m / (√v/√(1 - β2ᵗ) + ε)`, t counting from 1.
/// Source: Kingma and Ba, arXiv:1412.6980; epsilon placed as in PyTorch, so that DeePMD-kit's steps are met.
public struct Adam: Sendable, Equatable {
  /// What defines the optimizer.
  public let options: AdamOptions
  /// First and second moment of the gradient.
  public var firstMoment: Parameters, secondMoment: Parameters
  /// Updates done.
  public var updates: Int

  /// An optimizer that has seen nothing, for parameters shaped like `parameters`.
  public init(_ options: AdamOptions = AdamOptions(), for parameters: Parameters) {
    let zeros = Parameters(zerosLike: parameters)
    self.init(options, firstMoment: zeros, secondMoment: zeros, updates: 0)
  }

  /// An optimizer that goes on from its memory.
  public init(
    _ options: AdamOptions, firstMoment: Parameters, secondMoment: Parameters, updates: Int
  ) {
    self.options = options
    self.firstMoment = firstMoment
    self.secondMoment = secondMoment
    self.updates = updates
  }

  /// Moves `parameters` by one update; only places in `trainable` change.
  public mutating func update(
    _ parameters: inout Parameters, gradient: Parameters, learningRate: Double,
    trainable: TrainableRanges
  ) {
    updates += 1
    let step = AdamStep(options, learningRate: learningRate, update: updates)
    for range in trainable.float64 {
      step.apply(
        in: range, &parameters.float64, gradient.float64, &firstMoment.float64,
        &secondMoment.float64)
    }
    for range in trainable.float32 {
      step.apply(
        in: range, &parameters.float32, gradient.float32, &firstMoment.float32,
        &secondMoment.float32)
    }
  }
}

/// The constants of one update.
private struct AdamStep {
  let options: AdamOptions
  let stepSize: Double, root: Double, shrink: Double

  init(_ options: AdamOptions, learningRate: Double, update: Int) {
    self.options = options
    stepSize = learningRate / (1 - pow(options.beta1, Double(update)))
    root = (1 - pow(options.beta2, Double(update))).squareRoot()
    shrink = options.decaysDirectly ? 1 - learningRate * options.weightDecay : 1
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func apply<Scalar: NetworkScalar>(
    in range: Range<Int>, _ x: inout [Scalar], _ gradient: [Scalar], _ m: inout [Scalar],
    _ v: inout [Scalar]
  ) {
    let toM = Scalar(1 - options.beta1), keepV = Scalar(options.beta2)
    let toV = Scalar(1 - options.beta2), epsilon = Scalar(options.epsilon)
    let decay = Scalar(options.decaysDirectly ? 0 : options.weightDecay)
    let stepSize = Scalar(stepSize), root = Scalar(root), shrink = Scalar(shrink)
    // Spans of one length each, checked once: the loop over them becomes vector instructions.
    var x = x.mutableSpan, m = m.mutableSpan, v = v.mutableSpan
    let gradient = gradient.span
    precondition(range.upperBound <= min(x.count, gradient.count, m.count, v.count))
    for i in range {
      let g = gradient[unchecked: i] + decay * x[unchecked: i]
      let m1 = m[unchecked: i] + toM * (g - m[unchecked: i])
      let v1 = keepV * v[unchecked: i] + toV * g * g
      m[unchecked: i] = m1
      v[unchecked: i] = v1
      x[unchecked: i] =
        shrink * x[unchecked: i] - stepSize * (m1 / (v1.squareRoot() / root + epsilon))
    }
  }
}
