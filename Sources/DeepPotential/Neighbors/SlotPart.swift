import Atoms

/// The filled slots of some atoms of a frame, in the order in which a search came by them.
struct SlotPart: Sendable {
  private(set) var centers: [Int] = []
  /// Pairs of each center by neighbor type, `[centers][types]`.
  private(set) var counts: [UInt32] = []
  /// Slots filled unseen, the same way; empty where no types hide.
  private(set) var hiddenCounts: [UInt32] = []
  /// The pairs of each center, type by type.
  private(set) var codes: [UInt32] = []
  private(set) var truncatedCenters = 0
  /// The smallest squared distance of two atoms, in Å².
  private(set) var closestSquared = Double.infinity

  /// Takes in atom `center`, whose neighbors are those `found`, slots being given by `filler`;
  /// atoms are of `types`.
  mutating func add(
    _ center: Int, _ found: FoundNeighbors, types: [Int], _ images: PeriodicImages,
    _ filler: SlotFiller
  ) {
    if let squared = found.squaredDistances.first { closestSquared = min(closestSquared, squared) }
    filler.fill(center: types[center], found, types: types, images)
    if filler.isTruncated { truncatedCenters += 1 }
    centers.append(center)
    for type in 0..<filler.rule.typeCount {
      counts.append(UInt32(filler.pairCount(type)))
      if filler.rule.hidesTypes { hiddenCounts.append(UInt32(filler.hiddenCount(type))) }
    }
    let start = codes.count, neighbors = found.codes
    codes.append(contentsOf: repeatElement(0, count: filler.pairCount))
    codes.withUnsafeMutableBufferPointer { codes in
      filler.forEachPair { k, place in codes[start + place] = neighbors[k] }
    }
  }
}
