import DeepPotential

/// How the mini-batches of one step change the parameters.
protocol TrainingMethod: AnyObject {
  /// What it remembers from step to step; whole on the first rank, to whom the others may have to tell it.
  var memory: OptimizerMemory { get }

  /// Goes on from what it, or another one with the same options, remembered; throws `.data` if that does not fit.
  func restore(_ memory: OptimizerMemory) throws

  /// Does step `step`, which counts from 0, with the mini-batches of this rank; gives the errors of each before it, as
  /// `Loss.columns` has them.
  ///
  /// Throws `NonFiniteNumber`, and no update follows.
  func update(
    _ model: inout EnergyModel, with batches: [PreparedBatch], step: Int, learningRate: Double
  ) throws -> [[Double]]
}

/// A number that a training cannot go on with.
struct NonFiniteNumber: Error {
  let name: String, value: Double
  /// The mini-batch, among this rank's, that led to it; nil if it may be any rank's.
  let batch: Int?

  /// Throws if `value` is infinite or not a number.
  static func refuse(_ value: Double, _ name: String, of batch: Int?) throws {
    if !value.isFinite { throw NonFiniteNumber(name: name, value: value, batch: batch) }
  }
}
