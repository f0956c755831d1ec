import Atoms
import Random

/// Splits `systems` by frames: about `fraction` of them, taken at random but evenly over all systems, for validation.
///
/// Equal frames stay together, and no element loses its last frame of the training data.  The same data, fraction and
/// seed give the same parts.  Nil if nothing can be taken away: all frames are equal, or each has the only atoms of an
/// element.
public func splitFrames(
  _ systems: [AtomicSystem], fraction: Double, seed: UInt64
) -> (training: [AtomicSystem], validation: [AtomicSystem])? {
  precondition(fraction > 0 && fraction < 1)
  let groups = equalFrames(systems)
  var random = CounterRandom(seed: seed, purpose: "split")
  // At random within a system, systems one after the other: equal strides take as much of each.
  let order = systems.indices.flatMap { system in
    var own = groups.indices.filter { groups[$0].places[0].system == system }
    random.shuffle(&own)
    return own
  }
  let wanted = min(max(1, Int((fraction * Double(order.count)).rounded())), order.count - 1)
  guard wanted > 0 else { return nil }
  var left: [String: Int] = [:]
  for group in groups { for element in group.elements { left[element, default: 0] += 1 } }
  var taken: Set<Int> = []
  let start = random.uniform()
  for k in 0..<wanted {
    let place = Int((Double(k) + start) * Double(order.count) / Double(wanted))
    let candidates = order[place...] + order[..<place]
    guard
      let next = candidates.first(where: { group in
        !taken.contains(group) && groups[group].elements.allSatisfy { left[$0, default: 0] > 1 }
      })
    else { break }
    taken.insert(next)
    for element in groups[next].elements { left[element, default: 0] -= 1 }
  }
  if taken.isEmpty { return nil }
  var isTaken = systems.map { Array(repeating: false, count: $0.frameCount) }
  for group in taken {
    for place in groups[group].places { isTaken[place.system][place.frame] = true }
  }
  let parts = [false, true].map { part in
    zip(systems, isTaken).compactMap { system, isTaken -> AtomicSystem? in
      let frames = isTaken.indices.filter { isTaken[$0] == part }
      return frames.isEmpty ? nil : system.selecting(frames)
    }
  }
  return (parts[0], parts[1])
}

/// Frames that are equal, and the elements of their atoms.
private struct EqualFrames {
  var places: [(system: Int, frame: Int)], elements: Set<String>
}

/// The frames of `systems`, equal ones together, in order of the first of them.
private func equalFrames(_ systems: [AtomicSystem]) -> [EqualFrames] {
  var groups: [EqualFrames] = [], known: [FrameContent: Int] = [:]
  for (number, system) in systems.enumerated() {
    for frame in 0..<system.frameCount {
      let content = FrameContent(system, frame)
      if let group = known[content] {
        groups[group].places.append((number, frame))
      } else {
        known[content] = groups.count
        groups.append(EqualFrames(places: [(number, frame)], elements: Set(content.names)))
      }
    }
  }
  return groups
}

/// What makes a frame the frame it is: elements, positions, cell.
private struct FrameContent: Hashable {
  let names: [String], positions: [Double], cell: [Double]

  init(_ system: AtomicSystem, _ frame: Int) {
    let atoms = system.atomCount
    let types =
      system.frameTypes.map { $0[frame * atoms..<(frame + 1) * atoms] } ?? system.types[...]
    names = types.filter { $0 >= 0 }.map { type in
      system.typeNames.flatMap { $0.indices.contains(type) ? $0[type] : nil } ?? "\(type)"
    }
    positions = Array(system.positions[frame * atoms * 3..<(frame + 1) * atoms * 3])
    cell = system.isPeriodic ? Array(system.cells[frame * 9..<(frame + 1) * 9]) : []
  }
}

extension AtomicSystem {
  /// The frames of these numbers, in their order, as a system of their own.
  fileprivate func selecting(_ frames: [Int]) -> AtomicSystem {
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
