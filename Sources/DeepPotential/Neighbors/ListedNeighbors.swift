import Atoms
import Kernels

/// Chooses each atom's neighbors out of the lists of `ListedAtoms`; the memory of one thread.
final class ListedNeighbors: @unchecked Sendable {
  // Unchecked: each thread has its own.
  private let atoms = Buffer<Int32>(), squared = Buffer<Double>()
  private let displacements = Buffer<SIMD3<Double>>()
  private var count = 0, found: [Int], next: [Int]
  /// The smallest squared distance in Å² so far, and the number of atoms with more neighbors than slots.
  private(set) var closestSquared = Double.infinity, truncatedCenters = 0

  init(typeCount: Int) {
    found = Array(repeating: 0, count: typeCount)
    next = found
  }

  func reset() { (closestSquared, truncatedCenters) = (.infinity, 0) }

  /// Fills the slots of `center`: its neighbors go to `neighbors` and `to` from `place` on, type by type, nearest first if
  /// `sorting`; the ends of the types go to `ends`, what is hidden of each type to `hidden`.
  func fill(
    _ center: Int, of listed: borrowing ListedAtoms, cutoff: Double, _ rule: SlotFilling,
    sorting: Bool, place: Int, ends: UnsafeMutablePointer<UInt32>,
    hidden: UnsafeMutablePointer<UInt32>?, neighbors: UnsafeMutablePointer<Int32>,
    displacements to: UnsafeMutablePointer<SIMD3<Double>>
  ) {
    let type = listed.centerType(center)
    count = 0
    if type >= 0 { collect(center, of: listed, within: cutoff * cutoff) }
    for type in found.indices { found[type] = 0 }
    for k in 0..<count { found[Int(listed.types[Int(atoms.base[k])])] += 1 }
    let overflows =
      count > rule.total || found.indices.contains { found[$0] > rule.capacities[$0] }
    if overflows { truncatedCenters += 1 }
    if overflows || sorting { keepNearest(rule, listed) }
    var end = place
    for other in found.indices {
      let filled = min(found[other], rule.capacities[other])
      let (sees, hides) = type < 0 ? (false, false) : rule.sees(type, other)
      hidden?[other] = UInt32(hides ? filled : 0)
      found[other] = sees ? filled : 0
      next[other] = end
      ends[other] = UInt32(end)
      end += found[other]
    }
    ends[found.count] = UInt32(end)
    for k in 0..<count {
      let atom = atoms.base[k], type = Int(listed.types[Int(atom)])
      if found[type] == 0 { continue }
      found[type] -= 1
      neighbors[next[type]] = atom
      to[next[type]] = displacements.base[k]
      next[type] += 1
    }
  }

  /// The listed atoms whose squared distance is at most `limit`.
  private func collect(_ center: Int, of listed: borrowing ListedAtoms, within limit: Double) {
    guard let list = listed.lists[center] else { return }
    let length = Int(listed.listCounts[center]), origin = listed.position(center)
    atoms.reserve(length)
    squared.reserve(length)
    displacements.reserve(length)
    let atoms = atoms.base, squared = squared.base, displacements = displacements.base
    let types = listed.types, mask = listed.mask
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

  /// Sorts by distance, equal distances by atom, and drops what is beyond the slots of all types.
  private func keepNearest(_ rule: SlotFilling, _ listed: borrowing ListedAtoms) {
    let order = (0..<count).sorted {
      let (a, b) = (squared.base[$0], squared.base[$1])
      return a != b ? a < b : atoms.base[$0] < atoms.base[$1]
    }.prefix(rule.total)
    let sorted = order.map { (atoms.base[$0], displacements.base[$0]) }
    for (k, hit) in sorted.enumerated() { (atoms.base[k], displacements.base[k]) = hit }
    count = sorted.count
    for type in found.indices { found[type] = 0 }
    for k in 0..<count { found[Int(listed.types[Int(atoms.base[k])])] += 1 }
  }
}

extension NeighborSlots {
  /// Turns to the neighbors that own atoms `centers` of `listed` have within `cutoff` Å; each worker is a thread.
  mutating func begin(
    _ centers: Range<Int>, of listed: ListedAtoms, cutoff: Double, _ rule: SlotFilling,
    sorting: Bool, workers: [ListedNeighbors]
  ) {
    layOut(centers: centers.count, places: rule.total, hides: rule.hidesTypes)
    let blocks = workers.count == 1 ? 1 : 4 * workers.count
    withPlaces { ends, hidden, neighbors, displacements in
      nonisolated(unsafe) let (ends, hidden) = (ends, hidden)  // each center has its own
      nonisolated(unsafe) let (neighbors, displacements) = (neighbors, displacements)
      forEachItem(below: blocks, workers: workers.count) { block, worker in
        for k in centers.count * block / blocks..<centers.count * (block + 1) / blocks {
          workers[worker].fill(
            centers.lowerBound + k, of: listed, cutoff: cutoff, rule, sorting: sorting,
            place: k * rule.total, ends: ends + k * (rule.capacities.count + 1),
            hidden: hidden.map { $0 + k * rule.capacities.count }, neighbors: neighbors,
            displacements: displacements)
        }
      }
    }
  }
}
