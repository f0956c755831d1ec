import Kernels

/// Where a training stands, apart from its model: what a checkpoint holds besides the weights.
public struct TrainingState: Sendable, Equatable {
  /// Number of completed steps.
  public var step: Int
  /// Adam's running mean of the gradient.
  public var firstMoment: Parameters
  /// Adam's running mean of the squared gradient.
  public var secondMoment: Parameters
  /// What the batch sampler needs to go on exactly, by name.
  public var samplerState: [String: [Int]]

  /// Puts a state together.
  public init(
    step: Int, firstMoment: Parameters, secondMoment: Parameters, samplerState: [String: [Int]]
  ) {
    self.step = step
    self.firstMoment = firstMoment
    self.secondMoment = secondMoment
    self.samplerState = samplerState
  }
}
