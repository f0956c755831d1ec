import Atoms

/// The neighbors of every atom, arranged in the slots of a descriptor: type by type, nearest first.
///
/// Of all neighbors the nearest `slots.sum` count, then of each type the nearest `slots[type]`.  A pair that the
/// model excludes leaves its slot empty; one that the descriptor excludes fills its slot without being seen.
/// Source: docs/MATH.md, "Neighbor slots"; DeePMD-kit's `build_neighbor_list`.
public struct NeighborSlots: Sendable {
  /// Number of neighbor types.
  public let typeCount: Int
  /// Pairs of center i and neighbor type t are `starts[i * typeCount + t]..<starts[i * typeCount + t + 1]`.
  public private(set) var starts: [Int] = [0]
  /// Index of the neighbor atom of each pair.
  public private(set) var neighbors: [Int32] = []
  /// Neighbor minus center of each pair, in Å.
  public private(set) var displacements: [SIMD3<Double>] = []
  /// The slot of each pair among all slots of its center.
  public private(set) var slots: [Int32] = []
  /// Slots filled unseen, for center i and type t at `i * typeCount + t`.
  public private(set) var hiddenSlots: [Int: [Int32]] = [:]
  /// Number of atoms with more neighbors than slots.
  public private(set) var truncatedCenters = 0

  /// No atoms.
  init(typeCount: Int) { self.typeCount = typeCount }

  /// Arranges `list` for atoms of `types` in slots of `capacities`, one per type.
  public init(
    _ list: NeighborList, types: [Int], capacities: [Int], excludedByModel: PairExclusions,
    excludedByDescriptor: PairExclusions
  ) {
    typeCount = capacities.count
    let total = capacities.reduce(0, +)
    let firstSlots = capacities.indices.map { capacities[..<$0].reduce(0, +) }
    starts.reserveCapacity(types.count * typeCount + 1)
    neighbors.reserveCapacity(list.neighbors.count)
    displacements.reserveCapacity(list.neighbors.count)
    slots.reserveCapacity(list.neighbors.count)
    for center in types.indices {
      let all = list.offsets[center]..<list.offsets[center + 1]
      let nearest = all.prefix(total)
      var isTruncated = all.count > total
      for type in capacities.indices {
        var used = 0
        for pair in nearest where types[Int(list.neighbors[pair])] == type {
          guard used < capacities[type] else {
            isTruncated = true
            break
          }
          let slot = Int32(firstSlots[type] + used)
          used += 1
          if excludedByModel.contains(types[center], type) { continue }
          if excludedByDescriptor.contains(types[center], type) {
            hiddenSlots[center * typeCount + type, default: []].append(slot)
            continue
          }
          neighbors.append(list.neighbors[pair])
          displacements.append(list.displacements[pair])
          slots.append(slot)
        }
        starts.append(neighbors.count)
      }
      if isTruncated { truncatedCenters += 1 }
    }
  }

  /// The pairs of `center` with neighbors of `type`.
  public func pairs(of center: Int, type: Int) -> Range<Int> {
    starts[center * typeCount + type]..<starts[center * typeCount + type + 1]
  }

  /// The pairs of `center` with neighbors of any type.
  public func pairs(of center: Int) -> Range<Int> {
    starts[center * typeCount]..<starts[(center + 1) * typeCount]
  }
}

/// Unordered pairs of types that do not see each other.
public struct PairExclusions: Sendable {
  private let excluded: [Bool]
  private let typeCount: Int

  /// Excludes every pair of `pairs`, in both orders.
  public init(_ pairs: [[Int]], typeCount: Int) {
    var excluded = Array(repeating: false, count: typeCount * typeCount)
    for pair in pairs {
      precondition(pair.count == 2, "a pair of types has two")
      excluded[pair[0] * typeCount + pair[1]] = true
      excluded[pair[1] * typeCount + pair[0]] = true
    }
    self.excluded = excluded
    self.typeCount = typeCount
  }

  /// Whether types `a` and `b` do not see each other.
  public func contains(_ a: Int, _ b: Int) -> Bool { excluded[a * typeCount + b] }
}
