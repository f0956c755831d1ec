import Foundation
import Kernels
import Measurement

/// The settings of the Adam optimizer.
public struct AdamOptions: Sendable, Equatable {
  /// The decay per update of the first and of the second moment (`adam_beta1`, `adam_beta2`).
  public var beta1 = 0.9, beta2 = 0.999
  /// A small number that is added to the root of the second moment.
  public var epsilon = 1e-8
  /// Weight decay (`weight_decay`).
  public var weightDecay = 0.0
  /// Whether weight decay shrinks the parameters directly (AdamW) or is added to the gradient
  /// (Adam).
  public var decaysDirectly = false

  /// Takes DeePMD-kit's defaults.
  public init() {}
}

/// The Adam optimizer and its memory.
///
/// `m += (1 - β1)(g - m)`, `v = β2 v + (1 - β2) g²`, `θ -= lr/(1 - β1ᵗ) m / (√v/√(1 - β2ᵗ) + ε)`,
/// where t counts from 1.
/// Source: Kingma and Ba, arXiv:1412.6980.  As in PyTorch, ε stands outside of the corrected root,
/// so that the steps equal DeePMD-kit's.
public struct Adam: Sendable, Equatable {
  /// The settings of the optimizer.
  public let options: AdamOptions
  /// First and second moment of the gradient.
  public var firstMoment: Parameters, secondMoment: Parameters
  /// The number of updates so far.
  public var updates: Int

  /// Makes an optimizer with empty memory for parameters shaped like `parameters`.
  public init(_ options: AdamOptions = AdamOptions(), for parameters: Parameters) {
    let zeros = Parameters(zerosLike: parameters)
    self.init(options, firstMoment: zeros, secondMoment: zeros, updates: 0)
  }

  /// Makes an optimizer that continues from the given memory.
  public init(
    _ options: AdamOptions, firstMoment: Parameters, secondMoment: Parameters, updates: Int
  ) {
    self.options = options
    self.firstMoment = firstMoment
    self.secondMoment = secondMoment
    self.updates = updates
  }

  /// Moves `parameters` by one update on `threads` threads; only the places in `trainable` change.
  public mutating func update(
    _ parameters: inout Parameters, gradient: Parameters, learningRate: Double,
    trainable: TrainableRanges, threads: Int = 1
  ) {
    precondition(parameters.hasShape(of: gradient) && parameters.hasShape(of: firstMoment))
    updates += 1
    let step = AdamStep(options, learningRate: learningRate, update: updates, threads: threads)
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
  let stepSize: Double, epsilon: Double, shrink: Double
  let threads: Int

  init(_ options: AdamOptions, learningRate: Double, update: Int, threads: Int) {
    self.options = options
    self.threads = threads
    // Multiplying both sides of the fraction by this root saves a division for each parameter.
    let root = (1 - pow(options.beta2, Double(update))).squareRoot()
    stepSize = root * learningRate / (1 - pow(options.beta1, Double(update)))
    epsilon = root * options.epsilon
    shrink = options.decaysDirectly ? 1 - learningRate * options.weightDecay : 1
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func apply<Scalar: NetworkScalar>(
    in range: Range<Int>, _ x: inout [Scalar], _ gradient: [Scalar], _ m: inout [Scalar],
    _ v: inout [Scalar]
  ) {
    let toM = Scalar(1 - options.beta1), keepV = Scalar(options.beta2)
    let toV = Scalar(1 - options.beta2), epsilon = Scalar(epsilon)
    let decay = Scalar(options.decaysDirectly ? 0 : options.weightDecay)
    let stepSize = Scalar(stepSize), shrink = Scalar(shrink)
    let update = Work(operations: 14, bytes: Double(7 * MemoryLayout<Scalar>.stride))
    x.withUnsafeMutableBufferPointer { x in
      m.withUnsafeMutableBufferPointer { m in
        v.withUnsafeMutableBufferPointer { v in
          gradient.withUnsafeBufferPointer { gradient in
            nonisolated(unsafe) let (x, m, v, gradient) = (x, m, v, gradient)  // disjoint pieces
            forEachPiece(of: range, workers: threads, .optimizer, update) { range, _ in
              for i in range {
                let g = gradient[i] + decay * x[i]
                let m1 = m[i] + toM * (g - m[i])
                let v1 = keepV * v[i] + toV * g * g
                m[i] = m1
                v[i] = v1
                x[i] = shrink * x[i] - stepSize * (m1 / (v1.squareRoot() + epsilon))
              }
            }
          }
        }
      }
    }
  }
}
