import Diagnostics
import Kernels

/// Where a training stands, apart from its model: what a checkpoint holds besides the weights.
public struct TrainingState: Sendable, Equatable {
  /// Number of completed steps.
  public var step: Int
  /// What the optimizer remembers.
  public var optimizer: OptimizerMemory
  /// What the batch sampler needs to go on exactly, by name.
  public var samplerState: [String: [Int]]
  /// The moving average of the weights, if there is one.
  public var average: Parameters?
  /// What full validation remembers, of each kind of weights that it looks at.
  public var validation: [TrainedWeights: ValidationState]

  /// Puts a state together.
  public init(
    step: Int, optimizer: OptimizerMemory, samplerState: [String: [Int]],
    average: Parameters? = nil, validation: [TrainedWeights: ValidationState] = [:]
  ) {
    self.step = step
    self.optimizer = optimizer
    self.samplerState = samplerState
    self.average = average
    self.validation = validation
  }

  /// The average to go on from: `weights` themselves if there was none.
  ///
  /// Throws `.data` if it does not fit them.
  func average(like weights: Parameters) throws -> Parameters {
    guard let average else { return weights }
    guard average.hasShape(of: weights) else {
      throw ToolError(
        .data, at: "checkpoint", "has an average that does not fit the parameters of the model")
    }
    return average
  }
}
