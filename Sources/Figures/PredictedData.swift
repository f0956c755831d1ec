import Atoms
import Datasets
import Diagnostics

/// Reads predictions of `dp-eval --predictions` and the `data` for which they were made.
///
/// A system's first positions identify it, whatever its name and place; of several equal systems
/// the one with the same name and number of frames is taken.  Throws `.data` if a system of the
/// predictions is not in the data.
func readPredictions(
  _ paths: [String], data: [String], warn: (String) -> Void
) throws -> Comparisons {
  var cache = DataCache(limit: 0)
  let predicted = try openSystems(at: paths, cache: &cache)
  let labeled = try openSystems(at: data, cache: &cache)
  // Only hashes are kept, since the positions of many systems would take much memory.
  var places: [Int: [OpenSystem]] = [:]
  for system in labeled where system.frameCount > 0 {
    places[try system.frames(0..<1).positions.hashValue, default: []].append(system)
  }
  var result = Comparisons()
  for system in predicted where system.frameCount > 0 {
    let alike = places[try system.frames(0..<1).positions.hashValue, default: []]
      .filter { $0.frameCount >= system.frameCount }
    guard
      let reference = alike.first(where: { group($0) == group(system) })
        ?? alike.first(where: { $0.frameCount == system.frameCount }) ?? alike.first
    else {
      throw ToolError(
        .data, at: system.place, "is not among the data \(data.joined(separator: ", "))",
        remedy: "give the data that these predictions were made for")
    }
    // Only some frames are in memory at a time, so that systems may be of any length.
    for start in stride(from: 0, to: system.frameCount, by: 256) {
      let range = start..<min(start + 256, system.frameCount)
      try add(
        try system.frames(range), try reference.frames(range), elements: system, to: &result)
    }
  }
  if result.energy.labels.isEmpty && result.forces.isEmpty && result.virial.labels.isEmpty {
    throw ToolError(
      .data, at: data.joined(separator: ", "), "has no labels to compare predictions with")
  }
  return result
}

/// The last part of a system's path, or its group in a file.
private func group(_ system: OpenSystem) -> Substring {
  system.place.split { $0 == "/" || $0 == "#" }.last ?? ""
}

/// Adds the same range of frames of predictions and data.
private func add(
  _ predicted: AtomicSystem, _ labeled: AtomicSystem, elements system: OpenSystem,
  to result: inout Comparisons
) throws {
  guard predicted.positions == labeled.positions else {
    throw ToolError(
      .data, at: predicted.place, "has other positions than \(labeled.place)",
      remedy: "give the data that these predictions were made for")
  }
  let atoms = predicted.types.count
  for frame in 0..<predicted.frameCount {
    let types =
      predicted.frameTypes.map { Array($0[frame * atoms..<(frame + 1) * atoms]) }
      ?? predicted.types
    let count = Double(max(types.count { $0 >= 0 }, 1))
    if let label = labeled.labels["energy"], let prediction = predicted.labels["energy"] {
      result.energy.add(label[frame] / count, prediction[frame] / count)
    }
    if let label = labeled.labels["virial"], let prediction = predicted.labels["virial"] {
      for index in frame * 9..<frame * 9 + 9 {
        result.virial.add(label[index] / count, prediction[index] / count)
      }
    }
    guard let label = labeled.labels["force"], let prediction = predicted.labels["force"] else {
      continue
    }
    for (atom, type) in types.enumerated() where type >= 0 {
      let start = 3 * (frame * atoms + atom)
      result.addForce(
        elementName(type, system), label[start..<start + 3], prediction[start..<start + 3])
    }
  }
}
