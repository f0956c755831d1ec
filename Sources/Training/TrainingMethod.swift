import DeepPotential

/// How one batch changes the parameters.
protocol TrainingMethod: AnyObject {
  /// What it remembers from step to step.
  var memory: OptimizerMemory { get }

  /// Goes on from what it, or another one with the same options, remembered; throws `.data` if that does not fit.
  func restore(_ memory: OptimizerMemory) throws

  /// Does step `step`, which counts from 0, and gives the errors of the batch before it, as `EnergyLoss.columns` has them.
  ///
  /// Throws `NonFiniteNumber`, and no update follows.
  func update(
    _ model: inout EnergyModel, with batch: PreparedBatch, step: Int, learningRate: Double
  ) throws -> [Double]
}

/// A number that a training cannot go on with.
struct NonFiniteNumber: Error {
  let name: String, value: Double

  /// Throws if `value` is infinite or not a number.
  static func refuse(_ value: Double, _ name: String) throws {
    if !value.isFinite { throw NonFiniteNumber(name: name, value: value) }
  }
}
