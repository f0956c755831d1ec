/// All pairs of atoms no farther apart than a cutoff, every periodic image and an atom's own images included.
///
/// Pairs of one center stand together, nearest first; equal distances are ordered by neighbor index, then by
/// displacement, so that the list is a function of the frame alone.  Padding atoms (type -1) have no pairs.
public struct NeighborList: Sendable, Equatable {
  /// Pairs of center i are `offsets[i]..<offsets[i + 1]`; one more than there are atoms.
  public let offsets: [Int]
  /// Index of the neighbor atom of each pair.
  public let neighbors: [Int32]
  /// `d = x_j + image - x_i` of each pair, in Å.
  public let displacements: [SIMD3<Double>]

  /// Finds the pairs of `frame` with `|d| <= cutoff` (in Å) in time proportional to the number of atoms.
  ///
  /// Atoms are sorted into bins at least one cutoff wide where the cell allows it; a cell smaller than the
  /// cutoff is searched as many times over as the cutoff reaches.
  public init(_ frame: Frame, cutoff: Double) {
    precondition(cutoff > 0)
    let bins = AtomBins(frame, cutoff: cutoff)
    var offsets = [0], neighbors: [Int32] = [], displacements: [SIMD3<Double>] = []
    var found: [Candidate] = []
    offsets.reserveCapacity(frame.types.count + 1)
    for center in frame.types.indices {
      found.removeAll(keepingCapacity: true)
      if frame.types[center] >= 0 {
        bins.forEachNeighbor(of: center, within: cutoff) { found.append($0) }
        found.sort()
      }
      neighbors.append(contentsOf: found.lazy.map(\.neighbor))
      displacements.append(contentsOf: found.lazy.map(\.displacement))
      offsets.append(neighbors.count)
    }
    self.offsets = offsets
    self.neighbors = neighbors
    self.displacements = displacements
  }

  /// A pair before sorting.
  struct Candidate: Comparable {
    let squaredDistance: Double
    let neighbor: Int32
    let displacement: SIMD3<Double>

    static func < (a: Candidate, b: Candidate) -> Bool {
      if a.squaredDistance != b.squaredDistance { return a.squaredDistance < b.squaredDistance }
      if a.neighbor != b.neighbor { return a.neighbor < b.neighbor }
      let (d, e) = (a.displacement, b.displacement)
      return d.x != e.x ? d.x < e.x : d.y != e.y ? d.y < e.y : d.z < e.z
    }
  }
}
