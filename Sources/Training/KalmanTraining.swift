import Communication
import DeepPotential
import Kernels
import Measurement
import Random

/// Training with the Kalman filter: an update for the energies of a batch, then one for the forces
/// on each of several groups of atoms.
///
/// There is one task.  Each update predicts anew; its error and its direction are means over
/// mini-batches.
///
/// Source: docs/MATH.md, "Kalman filter"; DeePMD-kit's `KFOptimizerWrapper`.
final class KalmanTraining: TrainingMethod {
  private let options: KalmanOptions
  private var loss: Loss
  private let evaluator: Evaluator
  private let threads: Int, totalSteps: Int
  private var filter: KalmanFilter
  private let miniBatches: MiniBatches
  /// The direction, followed by the vectors that the sum over mini-batches needs.
  private var gradients: [Parameters]

  init(
    _ kalman: KalmanOptions, _ options: TrainerOptions, loss: Loss, model: EnergyModel,
    evaluator: Evaluator, miniBatches: MiniBatches, totalSteps: Int
  ) {
    self.miniBatches = miniBatches
    self.options = kalman
    self.loss = loss
    self.evaluator = evaluator
    self.totalSteps = totalSteps
    threads = options.threads
    filter = KalmanFilter(kalman, for: model, on: miniBatches.communicator)
    gradients = [Parameters(zerosLike: model.parameters)]
  }

  var memory: OptimizerMemory {
    OptimizerMemory(
      name: OptimizerOptions.kalman(options).name, updates: filter.updates, vectors: filter.vectors)
  }

  func use(_ losses: [Loss]) { loss = losses[0] }

  func restore(_ memory: OptimizerMemory) throws { try filter.restore(memory) }

  func update(
    _ model: inout EnergyModel, of task: Int, with batches: [PreparedBatch], step: Int,
    learningRate: Double
  ) throws -> [[Double]] {
    var values = batches.map { BatchLoss(loss, $0.frames, learningRate: learningRate) }
    var isFirst = true
    func apply(_ kind: (Int) -> KalmanResiduals.Kind, _ weight: Double) throws {
      var errors: [Double] = []
      try miniBatches.mean(of: &gradients, threads: threads) { number, gradient in
        let frames = batches[number].frames
        var residuals = KalmanResiduals(kind(number), weight, frames)
        evaluator.gradient(of: batches[number].inputs, with: model, into: &gradient) {
          index, prediction in
          measure(.loss) {
            if isFirst { _ = values[number].add(prediction, at: index) }
            return residuals.add(prediction, frames[index])
          }
        }
        try NonFiniteNumber.refuse(residuals.error, "error", of: number)
        errors.append(residuals.error)
      }
      isFirst = false
      let error = miniBatches.mean(errors)
      measure(.optimizer) {
        filter.update(&model.parameters, gradient: gradients[0], error: error, threads: threads)
      }
    }
    if miniBatches.all(batches.allSatisfy { $0.frames.allSatisfy { $0.labels.energy != nil } }) {
      try apply({ _ in .energy }, options.energy.value(at: step, of: totalSteps))
    }
    if miniBatches.all(batches.allSatisfy { $0.frames.allSatisfy { $0.labels.forces != nil } }) {
      let groups = batches.indices.map { self.groups(of: batches[$0], $0, step: step) }
      for group in 0..<options.groups {
        try apply(
          { .forces(on: groups[$0][group]) }, options.force.value(at: step, of: totalSteps))
      }
    }
    return values.map(\.errors)
  }

  /// Draws the atoms of each group one by one, so that an atom may occur twice.
  private func groups(of batch: PreparedBatch, _ number: Int, step: Int) -> [[Int]] {
    let count = step * miniBatches.count + miniBatches.share.lowerBound + number
    var random = CounterRandom(
      seed: options.seed, purpose: "kalman atoms", step: UInt64(truncatingIfNeeded: count))
    let atoms = batch.frames[0].frame.types.count
    return (0..<options.groups).map { _ in
      (0..<options.atomsPerGroup).map { _ in random.index(below: atoms) }
    }
  }
}
