import Atoms
import Kernels

/// Finds the neighbors of one atom of `ListedAtoms` at a time; each thread has its own search.
final class ListedSearch {
  /// The neighbors, their squared distances in Å², and their displacements from the atom in Å.
  let atoms = Buffer<Int32>(), squared = Buffer<Double>()
  let displacements = Buffer<SIMD3<Double>>()
  /// Number of neighbors.
  private(set) var count = 0

  /// Collects the atoms in the list of `center` within `cutoff` Å; gives the smallest squared
  /// distance in Å².
  ///
  /// A padding atom and an atom without a list have no neighbors.  The result is `.infinity` if
  /// there are no neighbors.
  func collect(
    _ center: Int, of listed: borrowing ListedAtoms, within cutoff: Double
  ) -> Double {
    count = 0
    guard listed.centerType(center) >= 0, let list = listed.lists[center] else { return .infinity }
    let length = Int(listed.listCounts[center]), origin = listed.position(center)
    atoms.reserve(length)
    squared.reserve(length)
    displacements.reserve(length)
    let atoms = atoms.base, squared = squared.base, displacements = displacements.base
    let types = listed.types, mask = listed.mask, limit = cutoff * cutoff
    var count = 0, closest = Double.infinity
    for k in 0..<length {
      let atom = list[k] & mask, d = listed.position(Int(atom)) - origin
      let distance = d.x * d.x + d.y * d.y + d.z * d.z
      (atoms[count], squared[count], displacements[count]) = (atom, distance, d)
      let isNeighbor = distance <= limit && types[Int(atom)] >= 0 && Int(atom) != center
      count += isNeighbor ? 1 : 0  // no branch: nobody could foretell it
      closest = isNeighbor ? min(closest, distance) : closest
    }
    self.count = count
    return closest
  }

  /// Sorts the neighbors by distance, and those at equal distances by index.
  func sort() {
    let order = (0..<count).sorted {
      let (a, b) = (squared.base[$0], squared.base[$1])
      return a != b ? a < b : atoms.base[$0] < atoms.base[$1]
    }
    let sorted = order.map { (atoms.base[$0], squared.base[$0], displacements.base[$0]) }
    for (k, hit) in sorted.enumerated() {
      (atoms.base[k], squared.base[k], displacements.base[k]) = hit
    }
  }
}
