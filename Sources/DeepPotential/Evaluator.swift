import Atoms
import Kernels

/// Predicts energy, force and virial of frames.
///
/// Owns the memory that the passes work in; use one evaluator per thread that asks.
public final class Evaluator {
  private let threads: Int
  private var sweeps: (shape: ModelShape, sweeps: FrameSweeps)?
  /// Number of atoms in the last call that have more neighbors than the model has slots.
  public private(set) var truncatedCenters = 0

  /// An evaluator that works on `threads` threads; the results do not depend on their number.
  public init(threads: Int) {
    precondition(threads > 0)
    self.threads = threads
  }

  /// The predictions of `model` for `frames`, in order; atoms stay in the frames' order.
  ///
  /// Types are indices into the model's type map, or -1 for padding atoms.
  public func predict(_ frames: [Frame], with model: EnergyModel) -> [Prediction] {
    let shape = ModelShape(model)
    if sweeps?.shape != shape { sweeps = (shape, FrameSweeps(model, threads: threads)) }
    guard let sweeps = sweeps?.sweeps else { return [] }
    let parameters = ParameterBuffers(model.parameters)
    truncatedCenters = 0
    return frames.map { frame in
      defer { truncatedCenters += sweeps.truncatedCenters }
      return sweeps.predict(frame, with: model, parameters: parameters, forTraining: false)
    }
  }
}

/// Predicts a batch of frames, then gives the gradient of a loss of these predictions.
public final class GradientEvaluator {
  private let threads: Int
  private var shape: ModelShape?
  private var sweeps: [FrameSweeps] = []
  private var frameCount = 0
  private var parameters = Parameters()

  /// An evaluator that works on `threads` threads; the results do not depend on their number.
  public init(threads: Int) {
    precondition(threads > 0)
    self.threads = threads
  }

  /// Sweep 1: the predictions of `model` for `frames`, in order.
  public func predict(_ frames: [Frame], with model: EnergyModel) -> [Prediction] {
    if shape != ModelShape(model) { (shape, sweeps) = (ModelShape(model), []) }
    while sweeps.count < frames.count { sweeps.append(FrameSweeps(model, threads: threads)) }
    frameCount = frames.count
    parameters = model.parameters
    let buffers = ParameterBuffers(model.parameters)
    return zip(sweeps, frames).map { sweeps, frame in
      sweeps.predict(frame, with: model, parameters: buffers, forTraining: true)
    }
  }

  /// Sweep 2: dL/dθ from the derivatives of L with respect to the predictions of the last `predict`.
  ///
  /// Gradients of frames are summed in a fixed binary tree, so that for a power of two of frames the sum splits
  /// evenly over a power of two of processes.
  public func gradient(_ adjoints: [PredictionAdjoint]) -> Parameters {
    precondition(adjoints.count == frameCount, "one adjoint for each predicted frame")
    return gradient(of: 0..<frameCount, adjoints).parameters
  }

  private func gradient(of range: Range<Int>, _ adjoints: [PredictionAdjoint]) -> ParameterBuffers {
    if range.count <= 1 {
      let gradient = ParameterBuffers(zerosLike: parameters)
      for k in range { sweeps[k].addGradient(adjoints[k], to: gradient) }
      return gradient
    }
    var half = 1
    while 2 * half < range.count { half *= 2 }
    let middle = range.lowerBound + half
    let left = gradient(of: range.lowerBound..<middle, adjoints)
    left.add(gradient(of: middle..<range.upperBound, adjoints))
    return left
  }
}

/// What decides how much memory a model's passes need: models of one shape share it.
private struct ModelShape: Equatable {
  let descriptor: [DenseNetwork], axisWidth: Int, fitting: [DenseNetwork]

  init(_ model: EnergyModel) {
    switch model.descriptor {
    case .seE2A(let part): (descriptor, axisWidth) = (part.embeddings, part.options.axisWidth)
    }
    fitting = model.fitting.networks
  }
}
