import DeepPotential
import Kernels
import Measurement
import Random

/// Training by the Kalman filter: an update for the energies of a batch, then one for the forces on each of some groups
/// of atoms, every one with predictions of its own.
///
/// Source: docs/MATH.md, "Kalman filter"; DeePMD-kit's `KFOptimizerWrapper`.
final class KalmanTraining: TrainingMethod {
  private let options: KalmanOptions
  private let loss: EnergyLoss
  private let evaluator: Evaluator
  private let threads: Int, totalSteps: Int
  private var filter: KalmanFilter
  private var gradient: Parameters

  init(
    _ kalman: KalmanOptions, _ options: TrainerOptions, loss: EnergyLoss, model: EnergyModel,
    evaluator: Evaluator, totalSteps: Int
  ) {
    self.options = kalman
    self.loss = loss
    self.evaluator = evaluator
    self.totalSteps = totalSteps
    threads = options.threads
    filter = KalmanFilter(kalman, for: model)
    gradient = Parameters(zerosLike: model.parameters)
  }

  var memory: OptimizerMemory {
    OptimizerMemory(
      name: OptimizerOptions.kalman(options).name, updates: filter.updates, vectors: filter.vectors)
  }

  func restore(_ memory: OptimizerMemory) throws { try filter.restore(memory) }

  func update(
    _ model: inout EnergyModel, with batch: PreparedBatch, step: Int, learningRate: Double
  ) throws -> [Double] {
    var value = BatchLoss(loss, batch.frames, learningRate: learningRate)
    var isFirst = true
    func apply(_ residuals: KalmanResiduals) throws {
      var residuals = residuals
      evaluator.gradient(of: batch.inputs, with: model, into: &gradient) { index, prediction in
        measure(.loss) {
          if isFirst { _ = value.add(prediction, at: index) }
          return residuals.add(prediction, batch.frames[index])
        }
      }
      isFirst = false
      try NonFiniteNumber.refuse(residuals.error, "error")
      measure(.optimizer) {
        filter.update(
          &model.parameters, gradient: gradient, error: residuals.error, threads: threads)
      }
    }
    if batch.frames.allSatisfy({ $0.labels.energy != nil }) {
      try apply(
        KalmanResiduals(.energy, options.energy.value(at: step, of: totalSteps), batch.frames))
    }
    if batch.frames.allSatisfy({ $0.labels.forces != nil }) {
      let prefactor = options.force.value(at: step, of: totalSteps)
      for group in groups(atoms: batch.frames[0].frame.types.count, step: step) {
        try apply(KalmanResiduals(.forces(on: group), prefactor, batch.frames))
      }
    }
    return value.errors
  }

  /// Atoms whose forces count together, drawn one by one: an atom may come twice.
  private func groups(atoms: Int, step: Int) -> [[Int]] {
    var random = CounterRandom(
      seed: options.seed, purpose: "kalman atoms", step: UInt64(truncatingIfNeeded: step))
    return (0..<options.groups).map { _ in
      (0..<options.atomsPerGroup).map { _ in random.index(below: atoms) }
    }
  }
}
