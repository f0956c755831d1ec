import DeepPotential
import Measurement
import Storage
import Training

/// What is profiled: steps of a training, or evaluations of batches of frames.
public struct Workload {
  /// What a step is.
  public enum Kind: String, Sendable {
    /// Prediction, loss, gradient and update of one batch.
    case training
    /// Energy, forces and virial of one batch, neighbor lists included.
    case evaluation
  }

  /// What a step is.
  public let kind: Kind
  /// The file that it comes from.
  public let place: String
  /// The model.
  public let model: EnergyModel
  /// The fewest and the most atoms of a frame.
  public let atoms: ClosedRange<Int>
  /// Makes ready for steps on so many threads; the function that it gives does one and returns its frames.
  let begin: (_ threads: Int) -> () throws -> Int

  /// Steps of the training that `setup` describes.
  public init(_ setup: TrainingSetup) {
    kind = .training
    place = setup.input.place
    model = setup.model
    let counts = setup.training.systems.map(\.atomCount)
    atoms = (counts.min() ?? 0)...(counts.max() ?? 0)
    begin = { threads in
      let trainer = setup.trainer(threads: threads)
      return { try trainer.advance().frames }
    }
  }

  /// Evaluations of `model`, from `place`, on `frames` over and over again, `batch` of them at a time.
  public init(_ model: EnergyModel, place: String, frames: [LabeledFrame], batch: Int) {
    precondition(!frames.isEmpty && batch > 0)
    kind = .evaluation
    self.place = place
    self.model = model
    let counts = frames.map(\.frame.realAtomCount)
    atoms = (counts.min() ?? 0)...(counts.max() ?? 0)
    begin = { threads in
      let evaluator = Evaluator(threads: threads)
      var next = 0
      return {
        let chosen = (0..<batch).map { frames[(next + $0) % frames.count].frame }
        next = (next + batch) % frames.count
        _ = measure(.step) { evaluator.predict(chosen, with: model) }
        return batch
      }
    }
  }
}
