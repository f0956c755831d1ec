import DeepPotential
import Diagnostics

/// The origin of a model's neighbor slots; it decides what can be done if there are too few.
public enum SlotOrigin: Sendable, Equatable {
  /// The input gives the slots.
  case input
  /// The input gives the slots, or "auto" counted neighbors in other data.
  case otherData
  /// The slots are those of the model or checkpoint at this path; other numbers of slots would be
  /// another model.
  case model(path: String)
}

/// Throws `ToolError` of kind `.data` if an atom of the data has more neighbors of some type than
/// the model has slots.
///
/// Where slots are for all types together, the nearest neighbors are always seen: then it is a
/// warning.
public func requireRoom(
  for report: DataReport, in options: ModelOptions, from origin: SlotOrigin = .input
) throws {
  for (place, list) in zip(options.slotPlaces, options.descriptor.lists) {
    if list.isMixed {
      warnOfTruncation(report.neighbors.within(list.outerCutoff), for: list, at: place)
    } else {
      try requireRoom(for: report, in: list, typeMap: options.typeMap, from: origin, at: place)
    }
  }
}

private func requireRoom(
  for report: DataReport, in options: ListOptions, typeMap: [String],
  from origin: SlotOrigin, at place: String
) throws {
  let slots = options.slots, cutoff = options.outerCutoff
  let survey = report.neighbors.within(cutoff), crowded = survey.typesBeyond(slots)
  guard !crowded.isEmpty else { return }
  let list = crowded.map { type in
    let count = survey.largestCounts[type]
    let system = report.systems.first {
      $0.neighbors.within(cutoff).largestCounts[type] == count
    }
    return "\(count) \(typeMap[type]) for \(counted(slots[type], "slot")) (\(system?.place ?? ""))"
  }
  var found = "is too small"
  if case .model(let path) = origin { found = "is \(slots), as in \(path): too small" }
  throw ToolError(
    .data, at: place,
    "\(found): within \(cutoff) Å an atom has up to " + list.joined(separator: ", "),
    remedy: remedy(report, slots, cutoff, origin))
}

private func warnOfTruncation(
  _ survey: NeighborSurvey, for list: ListOptions, at place: String
) {
  let slots = list.slotCount, count = survey.largestTotal
  if count <= slots { return }
  Notices.post(
    "\(place): atoms see the nearest \(slots) of up to \(count) neighbors within "
      + "\(list.outerCutoff) Å, and energies jump where the farthest of these "
      + "change; \"\(list.slotName)\": "
      + "\(survey.recommendedSlots(isMixed: true)[0]) sees all")
}

/// The advice for too few slots.
private func remedy(
  _ report: DataReport, _ slots: [Int], _ cutoff: Double, _ origin: SlotOrigin
) -> String {
  // Types without slots were left out on purpose; no other type gets fewer slots than now.
  let recommended = report.neighbors.within(cutoff).recommendedSlots()
  let needed = zip(slots, recommended).map { $0 == 0 ? 0 : max($0, $1) }
  switch origin {
  case .input: return "set \"sel\": \(needed), or \"sel\": \"auto\""
  case .otherData:
    return "set \"sel\": \(needed); \"auto\" looks at the training data alone"
  case .model:
    let crowded = report.systems.filter {
      !$0.neighbors.within(cutoff).typesBeyond(slots).isEmpty
    }.map(\.place)
    return "more slots are another model: train anew with \"sel\": \(needed)"
      + (crowded.count < report.systems.count ? ", or leave out \(listed(crowded))" : "")
  }
}
