import Atoms
import Configuration
import Files
import Training

extension TrainingInput {
  /// The statistics that this configuration needs of its training data.
  public var statisticsRequest: StatisticsRequest {
    StatisticsRequest(
      model, slotRule: slotRule, batchRule: trainingData.batchRule, batchCount: statisticsBatches,
      parameterFloor: statisticsProtection)
  }
}

extension StatisticsRequest {
  /// `systems` as the model sees them, without those that the batch rule leaves out ("filter:N").
  ///
  /// Throws `ToolError` of kind `.data`, see `LabeledSystem.init`; all problems at once as `ToolErrors`.
  public func labeled(_ systems: [StoredSystem]) throws -> [LabeledSystem] {
    try collectingErrors(kept(systems)) { try LabeledSystem($0, for: options) }
  }

  /// `systems` without those that the batch rule leaves out.
  func kept(_ systems: [StoredSystem]) -> [StoredSystem] {
    systems.filter { batchRule.keeps(atoms: $0.atomCount) }
  }
}
