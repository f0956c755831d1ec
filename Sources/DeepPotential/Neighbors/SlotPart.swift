import Atoms

/// The filled slots of some atoms of a frame, in the order in which a search visited the atoms.
struct SlotPart: Sendable {
  private(set) var centers: [Int] = []
  /// Number of pairs of each center with neighbors of each type, `[centers][types]`.
  private(set) var counts: [UInt32] = []
  /// Number of slots that neighbors of each type fill unseen, `[centers][types]`; empty if no types
  /// are hidden.
  private(set) var hiddenCounts: [UInt32] = []
  /// The neighbor of each pair as a code of `PeriodicImages`, center by center and type by type.
  private(set) var codes: [UInt32] = []
  private(set) var truncatedCenters = 0
  /// The smallest squared distance of two atoms, in Å².
  private(set) var closestSquared = Double.infinity

  /// Adds atom `center`, with slots that `filler` gives to the neighbors `found`; the frame's atoms
  /// are of `types`.
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
