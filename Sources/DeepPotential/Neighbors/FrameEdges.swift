import Atoms

/// The pairs of a frame as a program sees them: each atom's nearest neighbors, before lists choose
/// among them.
///
/// Atoms are numbered in the order of their types, so that tiles have few types; padding atoms have
/// no number.
struct FrameEdges: Sendable {
  /// The frame's index of each atom, and its type.
  private(set) var atoms: [Int], types: [Int]
  /// The pairs of atom k are `starts[k]..<starts[k + 1]`, nearest first.
  private(set) var starts: [Int]
  /// The neighbor of each pair, and the code of its image.
  private(set) var neighbors: [Int32], codes: [UInt32]
  /// The distance of each pair, in Å.
  private(set) var distances: [Double]

  /// Finds the `limit` nearest neighbors of each atom of `search`, whose atoms are of `types`.
  init(_ search: NeighborSearch, types: [Int], limit: Int) {
    atoms = types.indices.filter { types[$0] >= 0 }.sorted {
      (types[$0], $0) < (types[$1], $1)
    }
    self.types = atoms.map { types[$0] }
    var number = Array(repeating: Int32(-1), count: types.count)
    for (k, atom) in atoms.enumerated() { number[atom] = Int32(k) }
    var found = Array(repeating: (codes: [UInt32](), distances: [Double]()), count: atoms.count)
    let memory = FoundNeighbors()
    for box in 0..<search.boxCount {
      search.forEachCenter(inBox: box, memory) { center in
        let count = min(limit, memory.codes.count)
        found[Int(number[center])] = (
          Array(memory.codes.prefix(count)),
          memory.squaredDistances.prefix(count).map { $0.squareRoot() }
        )
      }
    }
    starts = [0]
    for neighbors in found { starts.append(starts[starts.count - 1] + neighbors.codes.count) }
    codes = found.flatMap(\.codes)
    distances = found.flatMap(\.distances)
    neighbors = codes.map { number[search.images.atom($0)] }
  }

  /// The pairs of atom `k`.
  func pairs(of k: Int) -> Range<Int> { starts[k]..<starts[k + 1] }
}
