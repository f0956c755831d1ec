import Atoms
import Kernels

/// Chooses atoms' neighbors out of the lists of `ListedAtoms`; the memory of one thread.
package final class ListWorker: @unchecked Sendable {
  // Unchecked: each thread has its own.
  private let atoms = Buffer<Int32>(), squared = Buffer<Double>()
  private let displacements = Buffer<SIMD3<Double>>()
  private var count = 0, filler: SlotFiller
  /// The smallest squared distance in Å² so far, and the number of atoms with more neighbors than
  /// slots.
  package private(set) var closestSquared = Double.infinity, truncatedCenters = 0

  /// Memory for slots that are filled by `rule`.
  package init(_ rule: NeighborRule) { filler = SlotFiller(rule) }

  /// Begins anew, with slots that are filled by `rule`.
  func begin(_ rule: NeighborRule) {
    if filler.rule != rule { filler = SlotFiller(rule) }
    (closestSquared, truncatedCenters) = (.infinity, 0)
  }

  /// Fills the slots of `center`: the neighbors that it sees go to `neighbors` and `to` from
  /// `place` on, type by type, nearest first if `sorting`; the ends of the types go to `ends`, what
  /// is hidden of each type to `hidden`.
  func fill(
    _ center: Int, of listed: borrowing ListedAtoms, sorting: Bool, place: Int,
    ends: UnsafeMutablePointer<UInt32>, hidden: UnsafeMutablePointer<UInt32>?,
    neighbors: UnsafeMutablePointer<Int32>, displacements to: UnsafeMutablePointer<SIMD3<Double>>
  ) {
    choose(center, of: listed, sorting: sorting)
    var end = place
    for type in 0..<filler.rule.typeCount {
      hidden?[type] = UInt32(filler.hiddenCount(type))
      ends[type] = UInt32(end)
      end += filler.pairCount(type)
    }
    ends[filler.rule.typeCount] = UInt32(end)
    let atoms = atoms.base, displacements = displacements.base
    filler.forEachPair { k, number in
      neighbors[place + number] = atoms[k]
      to[place + number] = displacements[k]
    }
  }

  /// Collects the neighbors of `center` and gives them slots.
  ///
  /// Any order serves as well as that of the distances where no slots run out and none are told
  /// apart.
  private func choose(_ center: Int, of listed: borrowing ListedAtoms, sorting: Bool) {
    let type = listed.centerType(center), types = listed.types
    count = 0
    if type >= 0 { collect(center, of: listed, within: filler.rule.cutoff) }
    if sorting { sort() }
    let atoms = atoms.base
    filler.fill(center: type, count: count) { Int(types[Int(atoms[$0])]) }
    if !filler.isTruncated { return }
    truncatedCenters += 1
    if sorting { return }
    sort()
    filler.fill(center: type, count: count) { Int(types[Int(atoms[$0])]) }
  }

  /// The listed atoms that are no farther than `cutoff` Å.
  private func collect(_ center: Int, of listed: borrowing ListedAtoms, within cutoff: Double) {
    guard let list = listed.lists[center] else { return }
    let length = Int(listed.listCounts[center]), origin = listed.position(center)
    atoms.reserve(length)
    squared.reserve(length)
    displacements.reserve(length)
    let atoms = atoms.base, squared = squared.base, displacements = displacements.base
    let types = listed.types, mask = listed.mask, limit = cutoff * cutoff
    var count = 0, closest = closestSquared
    for k in 0..<length {
      let atom = list[k] & mask, d = listed.position(Int(atom)) - origin
      let distance = d.x * d.x + d.y * d.y + d.z * d.z
      (atoms[count], squared[count], displacements[count]) = (atom, distance, d)
      let isNeighbor = distance <= limit && types[Int(atom)] >= 0 && Int(atom) != center
      count += isNeighbor ? 1 : 0  // no branch: nobody could foretell it
      closest = isNeighbor ? min(closest, distance) : closest
    }
    (self.count, closestSquared) = (count, closest)
  }

  /// Sorts by distance, equal distances by atom.
  private func sort() {
    let order = (0..<count).sorted {
      let (a, b) = (squared.base[$0], squared.base[$1])
      return a != b ? a < b : atoms.base[$0] < atoms.base[$1]
    }
    let sorted = order.map { (atoms.base[$0], displacements.base[$0]) }
    for (k, hit) in sorted.enumerated() { (atoms.base[k], displacements.base[k]) = hit }
  }
}

extension NeighborSlots {
  /// Turns to the neighbors that own atoms `centers` of `listed` have by `rule`; each worker, which
  /// has begun with that rule, is a thread.
  package mutating func begin(
    _ centers: Range<Int>, of listed: ListedAtoms, _ rule: NeighborRule, sorting: Bool,
    workers: [ListWorker]
  ) {
    layOut(centers: centers.count, places: rule.slotCount, hides: rule.hidesTypes)
    let blocks = workers.count == 1 ? 1 : 4 * workers.count, types = rule.typeCount
    withPlaces { ends, hidden, neighbors, displacements in
      nonisolated(unsafe) let (ends, hidden) = (ends, hidden)  // each center has its own
      nonisolated(unsafe) let (neighbors, displacements) = (neighbors, displacements)
      forEachItem(below: blocks, workers: workers.count) { block, worker in
        for k in centers.count * block / blocks..<centers.count * (block + 1) / blocks {
          workers[worker].fill(
            centers.lowerBound + k, of: listed, sorting: sorting, place: k * rule.slotCount,
            ends: ends + k * (types + 1), hidden: hidden.map { $0 + k * types },
            neighbors: neighbors, displacements: displacements)
        }
      }
    }
  }
}
