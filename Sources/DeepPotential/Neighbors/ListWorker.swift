import Atoms
import Kernels

/// Chooses neighbors of atoms from the lists of `ListedAtoms`; each thread has its own worker.
package final class ListWorker: @unchecked Sendable {
  // Unchecked: one thread alone uses a worker.
  private let search = ListedSearch()
  private var filler: SlotFiller
  /// The smallest squared distance in Å² since `begin`, and the number of atoms since `begin` that
  /// have more neighbors than slots.
  package private(set) var closestSquared = Double.infinity, truncatedCenters = 0

  /// Makes a worker that fills slots by `rule`.
  package init(_ rule: NeighborRule) { filler = SlotFiller(rule) }

  /// Resets the counts and fills slots by `rule` from now on.
  func begin(_ rule: NeighborRule) {
    if filler.rule != rule { filler = SlotFiller(rule) }
    (closestSquared, truncatedCenters) = (.infinity, 0)
  }

  /// Fills the slots of `center`.
  ///
  /// The neighbors that the center sees are written to `neighbors` and `to` from `place` on, type
  /// by type, and in each type by distance if `sorting`.  The first place of each type and the end
  /// of the last type are written to `ends`, the number of hidden neighbors of each type to
  /// `hidden`.
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
  /// The order of the neighbors matters only if the slots run out or if the statistics differ from
  /// slot to slot (`sorting`); otherwise the neighbors are not sorted.
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
  /// Replaces the pairs by those that own atoms `centers` of `listed` have by `rule`.
  ///
  /// There is one thread per worker; `ListWorker.begin` must have given `rule` to each worker.
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
