import Atoms

extension AtomicSystem {
  /// The frames of these numbers, in their order, as a system of their own.
  func selecting(_ frames: [Int]) -> AtomicSystem {
    func rows<Value>(_ values: [Value]) -> [Value] {
      let width = values.count / frameCount
      return frames.flatMap { values[$0 * width..<($0 + 1) * width] }
    }
    return AtomicSystem(
      place: place, typeNames: typeNames, types: types, frameTypes: frameTypes.map(rows),
      isPeriodic: isPeriodic, frameCount: frames.count, positions: rows(positions),
      cells: rows(cells), labels: labels.mapValues(rows))
  }
}

/// The part of `systems` whose frames `isTaken` marks, `[systems][frames]`; systems without any are
/// left out.
func selecting(_ isTaken: [[Bool]], of systems: [AtomicSystem]) -> [AtomicSystem] {
  zip(systems, isTaken).compactMap { system, isTaken in
    let frames = isTaken.indices.filter { isTaken[$0] }
    if frames.isEmpty { return nil }
    return frames.count == system.frameCount ? system : system.selecting(frames)
  }
}
