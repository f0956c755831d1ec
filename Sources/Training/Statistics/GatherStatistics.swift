import Atoms
import Communication
import DeepPotential
import Diagnostics

/// Reads every frame of `systems`, and reports the contents and whatever looks suspicious.
///
/// Neighbors are counted within the longest of `cutoffs`, and within each of the others.
/// Throws `ToolError` of kind `.data` if two atoms are at one place, where no model has a value.
public func surveyData(
  _ systems: [LabeledSystem], typeMap: [String], cutoffs: [Double], threads: Int,
  communicator: Communicator = .alone
) throws -> DataReport {
  let counts = CommonCounts(typeCount: typeMap.count, cutoffs: cutoffs)
  let reports = try forEachSystem(of: systems, threads, communicator) { index, threads, ranks in
    try SystemReport(
      systems[index], index: index, typeCount: typeMap.count, counts: counts, threads: threads,
      communicator: ranks)
  }
  let overlaps = reports.compactMap { report -> ToolError? in
    guard let pair = report.neighbors.closest, pair.distance == 0 else { return nil }
    return ToolError.samePlace(pair.atoms, at: "\(report.place), frame \(pair.frame)")
  }
  guard overlaps.isEmpty else { throw ToolErrors(overlaps) }
  return DataReport(typeMap: typeMap, reports, counts.total(over: communicator))
}

/// Computes the statistics that `request` asks for, of `systems` that `report` describes.
///
/// They are taken from the first `batchCount` batches of each system, in the order of the data, and
/// from frames with the types that these lack.  The result does not depend on `threads`.  Throws
/// `ToolError` of kind `.data` if some atom has more neighbors than slots.
public func gatherStatistics(
  _ request: StatisticsRequest, of systems: [LabeledSystem], _ report: DataReport,
  slotsFrom origin: SlotOrigin = .input, threads: Int, communicator: Communicator = .alone
) throws -> ModelStatistics {
  let survey = report.neighbors, options = request.options(for: survey)
  try requireRoom(for: report, in: options, from: origin)
  let frames = request.frames(of: systems, report.systems.map(\.composition))
  let samples = try forEachSystem(of: systems, threads, communicator) { index, threads, ranks in
    try sample(
      of: systems[index], frames: frames[index], for: options, threads: threads,
      communicator: ranks)
  }
  return ModelStatistics(
    samples.reduce(into: StatisticsSample(for: options), +=), survey, for: options,
    presetBias: request.presetBias, parameterFloor: request.parameterFloor)
}

/// The results of `body` for each system; `body` gets the threads and the ranks that it may use.
///
/// If there are many systems, the threads of all ranks take one each; if there are few, all threads
/// work on the frames of one system after the other.
private func forEachSystem<Value: Sendable & Codable>(
  of systems: [LabeledSystem], _ threads: Int, _ communicator: Communicator,
  _ body: @Sendable (_ index: Int, _ threads: Int, _ communicator: Communicator) throws -> Value
) throws -> [Value] {
  // The number does not depend on the threads, since ranks may have different ones and must decide
  // alike.
  let takers = communicator.size == 1 ? threads : 16 * communicator.size
  if systems.count < takers {
    return try systems.indices.map { try body($0, threads, communicator) }
  }
  return try communicator.map(systems.count, threads: threads) { try body($0, 1, .alone) }
}

/// The sample of `frames` of `system`, added in order whatever the number of threads and ranks.
private func sample(
  of system: LabeledSystem, frames: [Int], for options: ModelOptions, threads: Int,
  communicator: Communicator
) throws -> StatisticsSample {
  // A sample may be as large as the data, so only a few frames are in memory at a time.
  try stride(from: 0, to: frames.count, by: 64).reduce(into: StatisticsSample(for: options)) {
    sum, first in
    let samples = try communicator.map(min(64, frames.count - first), threads: threads) { number in
      StatisticsSample([try system.frame(frames[first + number])], for: options)
    }
    for sample in samples { sum += sample }
  }
}
