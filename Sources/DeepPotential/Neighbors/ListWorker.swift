import Atoms
import Kernels

/// Chooses atoms' neighbors out of the lists of `ListedAtoms`; the memory of one thread.
package final class ListWorker: @unchecked Sendable {
  // Unchecked: each thread has its own.
  private let search = ListedSearch()
  private var filler: SlotFiller
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
    let atoms = search.atoms.base, displacements = search.displacements.base
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
    let closest = search.collect(center, of: listed, within: filler.rule.cutoff)
    closestSquared = min(closestSquared, closest)
    if sorting { search.sort() }
    let atoms = search.atoms.base
    filler.fill(center: type, count: search.count) { Int(types[Int(atoms[$0])]) }
    if !filler.isTruncated { return }
    truncatedCenters += 1
    if sorting { return }
    search.sort()
    filler.fill(center: type, count: search.count) { Int(types[Int(atoms[$0])]) }
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
