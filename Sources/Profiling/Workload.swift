import Atoms
import DeepPotential
import Foundation
import Measurement
import Runs
import Training

/// The work that is profiled: steps of a training, or evaluations of batches of frames.
public struct Workload {
  /// The kind of a step.
  public enum Kind: String, Sendable {
    /// Prediction, loss, gradient and update of one batch.
    case training
    /// Energy, forces and virial of one batch, neighbor lists included.
    case evaluation
  }

  /// The kind of a step.
  public let kind: Kind
  /// The file that the work comes from.
  public let place: String
  /// The model, and how its embedding nets are evaluated.
  public let model: EnergyModel, tables: TableUse
  /// The fewest and the most atoms of a frame.
  public let atoms: ClosedRange<Int>
  /// Prepares steps on `threads` threads; the returned function does one step and returns its
  /// number of frames.
  let begin: (_ threads: Int) -> () throws -> Int
  /// Does a step on `threads` threads with all that a training does from time to time: a line of
  /// the learning curve and a checkpoint, in a folder that is removed again.  Nil for evaluations.
  let writeOnce: ((_ threads: Int) throws -> Void)?

  /// The steps of the training that `setup` describes.
  public init(_ setup: TrainingSetup) {
    kind = .training
    place = setup.input.place
    model = setup.model
    tables = setup.trainer(threads: 1).model.tableUse(by: Evaluator(threads: 1))
    let counts = setup.training.systems.map(\.atomCount)
    atoms = (counts.min() ?? 0)...(counts.max() ?? 0)
    begin = { threads in
      let trainer = setup.trainer(threads: threads)
      return { try trainer.advance().frames }
    }
    writeOnce = { threads in
      let folder = FileManager.default.temporaryDirectory.appending(path: "dp-profile.\(getpid())")
      defer { try? FileManager.default.removeItem(at: folder) }
      let run = try TrainingRun(RunSetup(setup), in: folder.path, threads: threads) { _ in }
      _ = try run.run(progress: { _ in }, shouldStop: { _ in true })
    }
  }

  /// Evaluations of `model`, from `place`, on `frames` again and again, `batch` frames at a time.
  public init(_ model: EnergyModel, place: String, frames: [LabeledFrame], batch: Int) {
    precondition(!frames.isEmpty && batch > 0)
    kind = .evaluation
    self.place = place
    self.model = model
    tables = model.tableUse(by: Evaluator(threads: 1))
    let counts = frames.map(\.frame.realAtomCount)
    atoms = (counts.min() ?? 0)...(counts.max() ?? 0)
    writeOnce = nil
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
