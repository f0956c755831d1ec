import Atoms
import Random

/// The unit that a split keeps together.
public enum SplitUnit: String, Sendable, CaseIterable {
  /// Equal frames: frames with the same elements, positions and cell.
  case frames
  /// All frames of a system.
  case systems
  /// All frames with the same numbers of atoms of each element.
  case composition
}

/// The choice of the units for validation.
public enum SplitChoice: Sendable {
  /// About this fraction of the units, at random but evenly over all systems.
  case fraction(Double, seed: UInt64)
  /// The units number n, 2n, 3n, ... in the order of the data.
  case every(Int)
}

/// Training and validation data made of one data set.
public struct SplitSystems: Sendable {
  /// The systems of each part; a system is in both parts if it has frames in both.
  public let training: [AtomicSystem], validation: [AtomicSystem]
  /// The number of frames that equal an earlier frame, and so are in the part of that frame;
  /// counted only for the unit `frames`.
  public let repeatedFrames: Int
}

/// Splits `systems` by frames as `splitSystems` does: about `fraction` of them, at random but
/// evenly over all systems, are for validation.
public func splitFrames(
  _ systems: [AtomicSystem], fraction: Double, seed: UInt64
) -> SplitSystems? {
  splitSystems(systems, by: .frames, .fraction(fraction, seed: seed))
}

/// Splits `systems` into training and validation data.
///
/// Frames of one `unit` stay together, and each element keeps at least one unit in the training
/// data.  The same data, unit and choice give the same parts.  The result is nil if nothing can be
/// taken away: there is only one unit, or each unit has the only atoms of an element.
public func splitSystems(
  _ systems: [AtomicSystem], by unit: SplitUnit, _ choice: SplitChoice
) -> SplitSystems? {
  let groups = grouped(systems, by: unit)
  let taken = takenGroups(groups, unit, choice)
  if taken.isEmpty { return nil }
  var isTaken = systems.map { Array(repeating: false, count: $0.frameCount) }
  for group in taken {
    for place in groups[group].places { isTaken[place.system][place.frame] = true }
  }
  let frames = systems.reduce(0) { $0 + $1.frameCount }
  return SplitSystems(
    training: selecting(isTaken.map { $0.map { !$0 } }, of: systems),
    validation: selecting(isTaken, of: systems),
    repeatedFrames: unit == .frames ? frames - groups.count : 0)
}

/// The indices of the groups for validation; empty if none can be taken.
private func takenGroups(
  _ groups: [FrameGroup], _ unit: SplitUnit, _ choice: SplitChoice
) -> Set<Int> {
  let order: [Int], starts: [Int]
  switch choice {
  case .every(let n):
    precondition(n > 1)
    order = Array(groups.indices)
    starts = Array(stride(from: n - 1, to: groups.count, by: n))
  case .fraction(let fraction, let seed):
    precondition(fraction > 0 && fraction < 1)
    var random = CounterRandom(seed: seed, purpose: "split")
    order = shuffled(groups, unit, &random)
    let wanted = min(max(1, Int((fraction * Double(order.count)).rounded())), order.count - 1)
    let start = random.uniform()
    starts = (0..<max(wanted, 0)).map {
      Int((Double($0) + start) * Double(order.count) / Double(wanted))
    }
  }
  var left: [String: Int] = [:], taken: Set<Int> = []
  for group in groups { for element in group.elements { left[element, default: 0] += 1 } }
  for place in starts {
    // Looks from there for the next group that may be taken.
    let next = (order[place...] + order[..<place]).first { group in
      !taken.contains(group) && groups[group].elements.allSatisfy { left[$0, default: 0] > 1 }
    }
    guard let next else { break }
    taken.insert(next)
    for element in groups[next].elements { left[element, default: 0] -= 1 }
  }
  return taken
}

/// The indices of `groups` in an order of which equal strides take the same share of each system.
private func shuffled(
  _ groups: [FrameGroup], _ unit: SplitUnit, _ random: inout CounterRandom
) -> [Int] {
  guard unit == .frames else {
    var order = Array(groups.indices)
    random.shuffle(&order)
    return order
  }
  // The order is random within a system, and systems follow one after the other.
  let bySystem = Dictionary(grouping: groups.indices) { groups[$0].places[0].system }
  return bySystem.keys.sorted().flatMap { system in
    var own = bySystem[system] ?? []
    random.shuffle(&own)
    return own
  }
}
