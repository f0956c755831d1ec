/// The count of numbers that the search handles at once.
let laneCount = 8
private typealias Lanes = SIMD8<Double>

/// The neighbors that a `NeighborSearch` has found around one atom, and the search's working
/// memory; each thread needs one.
public final class FoundNeighbors {
  /// Number of neighbors.
  public private(set) var count = 0
  /// The number of candidates for all atoms of a box.
  private(set) var candidateCount = 0
  // The positions and codes of the candidates, and their squared distances from one atom.
  let x = GrowingMemory<Double>(), y = GrowingMemory<Double>(), z = GrowingMemory<Double>()
  let candidates = GrowingMemory<UInt32>(), squared = GrowingMemory<Double>()
  // The candidates that are neighbors, as found and in order; codes and squared distances of the
  // latter.
  let hits = GrowingMemory<Int32>(), order = GrowingMemory<Int32>()
  let found = GrowingMemory<UInt32>(), distances = GrowingMemory<Double>()
  let buckets = GrowingMemory<Int32>(), bucketOfHit = GrowingMemory<Int32>()

  /// Makes memory that grows as needed and is kept for the next frame.
  public init() {}

  /// The neighbors, as codes of the search's `images`, `[count]`.
  public var codes: UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(start: found.base, count: count)
  }
  /// Their squared distances in Å², `[count]`.
  public var squaredDistances: UnsafeBufferPointer<Double> {
    UnsafeBufferPointer(start: distances.base, count: count)
  }
}

/// The candidates of a box.
extension FoundNeighbors {
  /// Removes all candidates and makes room for `limit` of them.
  func clearCandidates(roomFor limit: Int) {
    candidateCount = 0
    let room = limit + laneCount
    x.reserve(room)
    y.reserve(room)
    z.reserve(room)
    squared.reserve(room)
    candidates.reserve(room)
    hits.reserve(room)
  }

  /// Adds the atoms at `places` of `grid`, moved by `shift` to an image of `code`.
  func addCandidates(
    _ grid: borrowing AtomGrid, _ places: Range<Int>, shift: SIMD3<Double>, code: UInt32
  ) {
    var to = candidateCount
    grid.coordinates.withUnsafeBytes { from in
      func copy(_ place: Int, to column: GrowingMemory<Double>, adding shift: Double) {
        let values = from.loadUnaligned(fromByteOffset: 8 * place, as: Lanes.self) + shift
        UnsafeMutableRawPointer(column.base + to).storeBytes(of: values, as: Lanes.self)
      }
      grid.atoms.withUnsafeBytes { atoms in
        for place in stride(from: places.lowerBound, to: places.upperBound, by: laneCount) {
          copy(place, to: x, adding: shift.x)
          copy(place + grid.stride, to: y, adding: shift.y)
          copy(place + 2 * grid.stride, to: z, adding: shift.z)
          let indices = atoms.loadUnaligned(fromByteOffset: 4 * place, as: SIMD8<UInt32>.self)
          UnsafeMutableRawPointer(candidates.base + to).storeBytes(
            of: indices | code, as: SIMD8<UInt32>.self)
          to += laneCount
        }
      }
    }
    candidateCount += places.count
  }

  /// Fills the last vector with candidates that are too far from all atoms.
  func endCandidates() {
    for k in candidateCount..<candidateCount + laneCount {
      (x.base[k], y.base[k], z.base[k]) = (.infinity, 0, 0)
    }
  }
}

/// The neighbors of one atom of the box.
extension FoundNeighbors {
  /// Finds the candidates whose squared distance from `origin` is at most `limit`, except candidate
  /// `own`, the atom itself.
  func select(around origin: SIMD3<Double>, within limit: Double, excluding own: Int) {
    let x = UnsafeRawPointer(x.base), y = UnsafeRawPointer(y.base), z = UnsafeRawPointer(z.base)
    let squared = squared.base, hits = hits.base
    for k in stride(from: 0, to: candidateCount, by: laneCount) {
      let byte = k * MemoryLayout<Double>.stride
      let dx = x.loadUnaligned(fromByteOffset: byte, as: Lanes.self) - origin.x
      let dy = y.loadUnaligned(fromByteOffset: byte, as: Lanes.self) - origin.y
      let dz = z.loadUnaligned(fromByteOffset: byte, as: Lanes.self) - origin.z
      UnsafeMutableRawPointer(squared + k).storeBytes(
        of: dx * dx + dy * dy + dz * dz, as: Lanes.self)
    }
    squared[own] = .infinity
    var count = 0
    for k in 0..<candidateCount {
      hits[count] = Int32(truncatingIfNeeded: k)
      count += squared[k] <= limit ? 1 : 0  // a branch could not be predicted
    }
    self.count = count
  }
}
