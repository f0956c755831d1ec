import Atoms

extension AtomicSystem {
  /// The system that has these frames in this order.
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

/// The systems that have the frames marked by `isTaken`, `[systems][frames]`; systems without such
/// frames are left out.
func selecting(_ isTaken: [[Bool]], of systems: [AtomicSystem]) -> [AtomicSystem] {
  zip(systems, isTaken).compactMap { system, isTaken in
    let frames = isTaken.indices.filter { isTaken[$0] }
    if frames.isEmpty { return nil }
    return frames.count == system.frameCount ? system : system.selecting(frames)
  }
}
