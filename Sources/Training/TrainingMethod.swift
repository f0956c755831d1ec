import DeepPotential

/// A way to change the parameters by the mini-batches of a step.
protocol TrainingMethod: AnyObject {
  /// The state that is kept from step to step: whole on the first rank; all ranks must ask for it.
  var memory: OptimizerMemory { get }

  /// Continues from the state of a method with the same options; throws `.data` if the state does
  /// not fit.
  func restore(_ memory: OptimizerMemory) throws

  /// Turns to other losses of the same kinds, one per task.
  func use(_ losses: [Loss])

  /// Does step `step`, which counts from 0, with the mini-batches of this rank, all of number
  /// `task` of the tasks, whose model is `model`; gives the errors of each before it, as
  /// `Loss.columns` has them.
  ///
  /// Throws `NonFiniteNumber`; the parameters are then unchanged.
  func update(
    _ model: inout EnergyModel, of task: Int, with batches: [PreparedBatch], step: Int,
    learningRate: Double
  ) throws -> [[Double]]
}

/// A loss or gradient that is infinite or not a number.
struct NonFiniteNumber: Error {
  let name: String, value: Double
  /// The index of the mini-batch, among this rank's, that caused it; nil if any rank's may have.
  let batch: Int?

  /// Throws if `value` is infinite or not a number.
  static func refuse(_ value: Double, _ name: String, of batch: Int?) throws {
    if !value.isFinite { throw NonFiniteNumber(name: name, value: value, batch: batch) }
  }
}
