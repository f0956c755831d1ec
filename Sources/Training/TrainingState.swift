/// Where a training stands, apart from its model: what a checkpoint holds besides the weights.
public struct TrainingState: Sendable, Equatable {
  /// Number of completed steps.
  public var step: Int
  /// What the optimizer remembers.
  public var optimizer: OptimizerMemory
  /// What the batch sampler needs to go on exactly, by name.
  public var samplerState: [String: [Int]]

  /// Puts a state together.
  public init(step: Int, optimizer: OptimizerMemory, samplerState: [String: [Int]]) {
    self.step = step
    self.optimizer = optimizer
    self.samplerState = samplerState
  }
}
