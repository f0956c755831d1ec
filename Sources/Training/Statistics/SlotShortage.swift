import DeepPotential
import Diagnostics

/// Where the neighbor slots of a model come from, which decides what can be done about too few.
public enum SlotOrigin: Sendable, Equatable {
  /// The input gives them.
  case input
  /// The input gives them, or "auto" counted them in other data than those at hand.
  case otherData
  /// The model or checkpoint at this path has them, so that other numbers are another model.
  case model(path: String)
}

/// Throws `ToolError` of kind `.data` if an atom of the data has more neighbors of some type than
/// slots.
public func requireRoom(
  for report: DataReport, in options: ModelOptions, from origin: SlotOrigin = .input
) throws {
  let slots = options.descriptor.slots, survey = report.neighbors
  let crowded = survey.typesBeyond(slots)
  guard !crowded.isEmpty else { return }
  let list = crowded.map { type in
    let count = survey.largestCounts[type]
    let system = report.systems.first { $0.neighbors.largestCounts[type] == count }
    return
      "\(count) \(options.typeMap[type]) for \(counted(slots[type], "slot")) (\(system?.place ?? ""))"
  }
  var found = "is too small"
  if case .model(let path) = origin { found = "is \(slots), as in \(path): too small" }
  throw ToolError(
    .data, at: "model/descriptor/sel",
    "\(found): within \(options.descriptor.outerCutoff) Å an atom has up to "
      + list.joined(separator: ", "),
    remedy: remedy(report, slots, origin))
}

/// What to do about too few slots, other than what led to them.
private func remedy(_ report: DataReport, _ slots: [Int], _ origin: SlotOrigin) -> String {
  // Types without slots are left out on purpose; no other type needs fewer than it has now.
  let needed = zip(slots, report.neighbors.recommendedSlots()).map { $0 == 0 ? 0 : max($0, $1) }
  switch origin {
  case .input: return "set \"sel\": \(needed), or \"sel\": \"auto\""
  case .otherData:
    return "set \"sel\": \(needed); \"auto\" looks at the training data alone"
  case .model:
    let crowded = report.systems.filter { !$0.neighbors.typesBeyond(slots).isEmpty }.map(\.place)
    return "more slots are another model: train anew with \"sel\": \(needed)"
      + (crowded.count < report.systems.count ? ", or leave out \(listed(crowded))" : "")
  }
}
