import Diagnostics
import Kernels

/// The state of a training without its model: the part of a checkpoint besides the weights.
public struct TrainingState: Sendable, Equatable {
  /// Number of completed steps.
  public var step: Int
  /// The state of the optimizer.
  public var optimizer: OptimizerMemory
  /// The numbers from which the batch sampler continues exactly, by name.
  public var samplerState: [String: [Int]]
  /// The moving average of the weights, if there is one.
  public var average: Parameters?
  /// The records of full validation, for each kind of weights that it evaluates.
  public var validation: [TrainedWeights: ValidationState]

  /// Joins the parts.
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

  /// The average to continue from; `weights` themselves if the state has none.
  ///
  /// Throws `.data` if the average does not fit them.
  func average(like weights: Parameters) throws -> Parameters {
    guard let average else { return weights }
    guard average.hasShape(of: weights) else {
      throw ToolError(
        .data, at: "checkpoint", "has an average that does not fit the parameters of the model")
    }
    return average
  }
}
