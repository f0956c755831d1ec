import Communication
import DeepPotential
import Diagnostics
import Training

/// Reads the data of a training for statistics, checks that slots suffice for all neighbors, and
/// tells the user of suspicious data.
struct DataSurveyor {
  let threads: Int
  let communicator: Communicator

  /// The statistics that `request` asks for; only their survey of neighbors is new if the model
  /// already has statistics.
  ///
  /// Throws `.data` if there are too few slots; `fixed` tells where the slots come from.
  func statistics(
    _ request: StatisticsRequest, _ systems: [LabeledSystem], _ fixed: FixedSlots?,
    surveyOnly: Bool
  ) throws -> ModelStatistics {
    let report = try survey(systems, for: request.options)
    report.postWarnings()
    let options = request.options(for: report.neighbors)
    let isAutomatic = request.slotRules.contains { if case .automatic = $0 { true } else { false } }
    if report.neighbors.largestTotal == 0, isAutomatic {
      throw ToolError(
        .data, at: "training data",
        "no atom has a neighbor within \(options.descriptor.outerCutoff) Å", remedy: "raise rcut")
    }
    let origin = fixed?.origin ?? .input
    guard surveyOnly else {
      return try gatherStatistics(
        request, of: systems, report, slotsFrom: origin, threads: threads,
        communicator: communicator)
    }
    try Training.requireRoom(for: report, in: options, from: origin)
    return ModelStatistics(StatisticsSample(for: options), report.neighbors, for: options)
  }

  /// The neighbor slots of each list that `request` asks for, by the neighbors in `systems`.
  func slots(_ request: StatisticsRequest, _ systems: [LabeledSystem]) throws -> [[Int]] {
    request.options(for: try survey(systems, for: request.options).neighbors)
      .descriptor.listSlots
  }

  /// Throws if `systems`, whose neighbors the statistics did not count, have more neighbors than
  /// slots.
  func requireRoom(
    _ systems: [LabeledSystem], in options: ModelOptions, from origin: SlotOrigin
  ) throws {
    if systems.isEmpty { return }
    try Training.requireRoom(for: survey(systems, for: options), in: options, from: origin)
  }

  /// Checks `statistics` that were read from `path`: whether `fixed` slots suffice for the
  /// neighbors in them, and whether they cover all types of `systems`.
  func check(
    _ statistics: ModelStatistics, of systems: [LabeledSystem], for request: StatisticsRequest,
    _ fixed: FixedSlots?, path: String
  ) throws {
    try requireReach(statistics.survey.closest, of: systems, for: request.options)
    let names = request.options.typeMap
    let isSampled = statistics.lists[0].environment.radial.map { $0.count > 0 }
    let unknown = names.indices.filter { !isSampled[$0] && statistics.survey.isPresent[$0] }
    // Statistics for a model without slots count no neighbors.
    if !unknown.isEmpty, statistics.slots[0].contains(where: { $0 > 0 }) {
      let list = unknown.map { names[$0] }.joined(separator: ", ")
      Notices.post(
        "\(path): an older dp-stat looked at no atoms of \(list), which the data have: run dp-stat again"
      )
    }
    guard let fixed else { return }
    var options = request.options
    options.descriptor.setSlots(fixed.slots)
    let isCrowded = options.descriptor.lists.contains {
      !$0.isMixed && !statistics.survey.within($0.outerCutoff).typesBeyond($0.slots).isEmpty
    }
    if isCrowded {
      try requireRoom(systems, in: options, from: fixed.origin)
    }
  }

  private func survey(
    _ systems: [LabeledSystem], for options: ModelOptions
  ) throws -> DataReport {
    let report = try surveyData(
      systems, typeMap: options.typeMap, cutoffs: options.descriptor.cutoffs,
      threads: threads, communicator: communicator)
    try requireReach(report.neighbors.closest, of: systems, for: options)
    return report
  }

  /// Throws `.data` if the `closest` atoms are closer than a pair potential's table begins.
  private func requireReach(
    _ closest: ClosestPair?, of systems: [LabeledSystem], for options: ModelOptions
  ) throws {
    guard let closest, closest.distance < options.smallestDistance else { return }
    throw ToolError.closerThanTable(
      closest.distance, options.smallestDistance,
      at: "\(systems[closest.system].place), frame \(closest.frame)")
  }
}
