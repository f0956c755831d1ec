import Atoms
import Configuration
import Files
import Training

extension TrainingInput {
  /// The request for the statistics of the training data.
  public var statisticsRequest: StatisticsRequest {
    StatisticsRequest(
      model, slotRules: slotRules, batchRule: trainingData.batchRule, batchCount: statisticsBatches,
      parameterFloor: statisticsProtection)
  }
}

extension StatisticsRequest {
  /// `systems` with the model's types, without the systems that the batch rule leaves out
  /// ("filter:N").
  ///
  /// Throws `ToolError` of kind `.data`, see `LabeledSystem.init`; all problems at once as
  /// `ToolErrors`.
  public func labeled(_ systems: [OpenSystem]) throws -> [LabeledSystem] {
    try collectingErrors(kept(systems)) { try LabeledSystem($0, for: options) }
  }

  /// `systems` without those that the batch rule leaves out.
  func kept(_ systems: [OpenSystem]) -> [OpenSystem] {
    systems.filter { batchRule.keeps(atoms: $0.atomCount) }
  }
}
