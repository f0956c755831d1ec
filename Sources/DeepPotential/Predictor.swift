import Atoms
import Kernels

/// Predicts energy, force and virial of frames with one model, which is made ready once: for evaluation and dynamics.
///
/// Owns the memory that the passes work in; use one predictor per thread that asks.  The results do not depend on the
/// number of threads that it works on, and are those of an `Evaluator`.
public final class Predictor {
  /// The model, without its parameters.
  private let model: EnergyModel
  private let parameters: PinnedParameters
  private let preparation: FramePreparation
  private let sweeps: any ModelSweeps
  private let threads: Int
  /// The distance in Å down to which the sweeps are ready.
  private var closest = Double.infinity
  /// Number of atoms in the last frame that have more neighbors than the model has slots.
  public private(set) var truncatedCenters = 0

  /// Makes `model` ready for `threads` threads; without `tabulates` every neighbor goes through the embedding net.
  public init(_ model: EnergyModel, threads: Int, tabulates: Bool = true) {
    precondition(threads > 0)
    self.threads = threads
    parameters = PinnedParameters(model.parameters)
    preparation = FramePreparation(model)
    sweeps = model.makeSweeps(threads: threads, tabulates: tabulates)
    var model = model
    model.parameters = Parameters()
    self.model = model
  }

  /// The prediction for `frame`, atoms in its order.
  ///
  /// Types are indices into the model's type map, or -1 for padding atoms.
  public func predict(_ frame: Frame) -> Prediction {
    let prepared = preparation.prepare(frame, threads: threads)
    truncatedCenters = prepared.slots.truncatedCenters
    if prepared.closest < closest {
      // A tenth nearer than needed, for the next frame of a trajectory.
      closest = closest.isFinite ? 0.9 * prepared.closest : prepared.closest
      sweeps.prepare(model, parameters: parameters.pointers, closest: closest)
    }
    return sweeps.predict(prepared, forTraining: false)
  }
}
