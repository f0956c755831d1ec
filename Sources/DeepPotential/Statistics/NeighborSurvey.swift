import Atoms

/// Where two atoms are closest, in some frame of some system.
public struct ClosestPair: Sendable, Equatable {
  /// Their distance in Å.
  public var distance: Double
  /// Index of the system and, in it, of the frame.
  public var system: Int, frame: Int
  /// Indices of the two atoms, the same one twice if an atom is closest to its own image.
  public var atoms: [Int]

  /// Names the pair.
  public init(distance: Double, system: Int, frame: Int, atoms: [Int]) {
    self.distance = distance
    self.system = system
    self.frame = frame
    self.atoms = atoms
  }
}

/// How many neighbors atoms have at most, and how close two atoms come.
///
/// Only distances strictly below the cutoff count, as in `dp neighbor-stat`.
public struct NeighborSurvey: Sendable, Equatable {
  /// The largest number of neighbors of each type around any atom, `[types]`.
  public var largestCounts: [Int]
  /// The largest number of neighbors of all types together.
  public var largestTotal: Int
  /// The closest two atoms; nil if no two are within the cutoff.
  public var closest: ClosestPair?

  /// The survey of no frames.
  public init(typeCount: Int) {
    largestCounts = Array(repeating: 0, count: typeCount)
    largestTotal = 0
  }

  /// Takes in `frame`, number `index` of system number `system`; `list` reaches at least to `cutoff` (Å).
  public mutating func add(
    _ frame: Frame, _ list: NeighborList, cutoff: Double, system: Int, index: Int
  ) {
    for center in frame.types.indices {
      var counts = Array(repeating: 0, count: largestCounts.count), total = 0
      for pair in list.offsets[center]..<list.offsets[center + 1] {
        let distance = norm(list.displacements[pair]), neighbor = Int(list.neighbors[pair])
        guard distance < cutoff else { break }
        counts[frame.types[neighbor]] += 1
        total += 1
        if distance < closest?.distance ?? .infinity {
          closest = ClosestPair(
            distance: distance, system: system, frame: index, atoms: [center, neighbor])
        }
      }
      for type in counts.indices { largestCounts[type] = max(largestCounts[type], counts[type]) }
      largestTotal = max(largestTotal, total)
    }
  }

  /// The survey of both parts; of equally close pairs, the first part's.
  public static func + (a: NeighborSurvey, b: NeighborSurvey) -> NeighborSurvey {
    var both = a
    both.largestCounts = zip(a.largestCounts, b.largestCounts).map(max)
    both.largestTotal = max(a.largestTotal, b.largestTotal)
    if let there = b.closest, there.distance < a.closest?.distance ?? .infinity {
      both.closest = there
    }
    return both
  }

  /// Neighbor slots (`sel`) that hold `ratio` times the largest counts, rounded up to multiples of four.
  ///
  /// Source: DeePMD-kit's `BaseUpdateSel.update_one_sel` for `"sel": "auto:<ratio>"`.
  public func recommendedSlots(ratio: Double = 1.1) -> [Int] {
    largestCounts.map { 4 * ((Int(Double($0) * ratio) + 3) / 4) }
  }

  /// The types whose largest count exceeds `slots`; a type with no slots at all is left out on purpose.
  public func typesBeyond(_ slots: [Int]) -> [Int] {
    slots.indices.filter { slots[$0] > 0 && largestCounts[$0] > slots[$0] }
  }
}
