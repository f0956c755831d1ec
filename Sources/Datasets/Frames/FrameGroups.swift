import Atoms

/// Frames that a split keeps together, and the elements of their atoms.
struct FrameGroup {
  var places: [(system: Int, frame: Int)], elements: Set<String>
}

/// Groups the frames of `systems` by `unit`; groups are in the order of their first frames.
func grouped(_ systems: [AtomicSystem], by unit: SplitUnit) -> [FrameGroup] {
  var groups: [FrameGroup] = [], known: [GroupKey: Int] = [:]
  for (number, system) in systems.enumerated() {
    for frame in 0..<system.frameCount {
      let names = system.elementNames(ofFrame: frame)
      let key = GroupKey(system, number, frame, names, unit)
      if let group = known[key] {
        groups[group].places.append((number, frame))
        if unit == .systems { groups[group].elements.formUnion(names) }
      } else {
        known[key] = groups.count
        groups.append(FrameGroup(places: [(number, frame)], elements: Set(names)))
      }
    }
  }
  return groups
}

/// The properties that all frames of a group share.
private enum GroupKey: Hashable {
  case frame(names: [String], positions: [Double], cell: [Double])
  case system(Int)
  case composition([String])

  init(
    _ system: AtomicSystem, _ number: Int, _ frame: Int, _ names: [String], _ unit: SplitUnit
  ) {
    let width = system.atomCount * 3
    self =
      switch unit {
      case .frames:
        .frame(
          names: names, positions: Array(system.positions[frame * width..<(frame + 1) * width]),
          cell: system.isPeriodic ? Array(system.cells[frame * 9..<(frame + 1) * 9]) : [])
      case .systems: .system(number)
      case .composition: .composition(names.sorted())
      }
  }
}

extension AtomicSystem {
  /// The elements of the atoms of frame `frame`, without padding; a type without a name is given by
  /// its number.
  func elementNames(ofFrame frame: Int) -> [String] {
    types(ofFrame: frame).filter { $0 >= 0 }.map { type in
      typeNames.flatMap { $0.indices.contains(type) ? $0[type] : nil } ?? "\(type)"
    }
  }
}
