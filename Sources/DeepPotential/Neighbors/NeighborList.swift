import Atoms

/// The neighbors of each atom of a frame, nearest first: one search, out of which the lists of a
/// program choose, each by its own rule.
///
/// Atoms are numbered in the order of their types, so that tiles have few types; padding atoms have
/// no number.
package struct NeighborList: Sendable {
  /// The frame's index of each atom, and its type.
  package let atoms: [Int], types: [Int]
  /// The pairs of atom k are `starts[k]..<starts[k + 1]`.
  private let starts: [Int]
  /// The neighbor of each pair, and the code of its image.
  package let neighbors: [Int32], codes: [UInt32]
  /// The distance of each pair, in Å.
  package let distances: [Double]

  /// The atoms that have more than `limit` neighbors.
  package let truncated: [Int]

  /// Finds the `limit` nearest neighbors of each atom of `search`, whose atoms are of `types`.
  package init(_ search: NeighborSearch, types: [Int], limit: Int) {
    atoms = types.indices.filter { types[$0] >= 0 }.sorted {
      (types[$0], $0) < (types[$1], $1)
    }
    self.types = atoms.map { types[$0] }
    var number = Array(repeating: Int32(-1), count: types.count)
    for (k, atom) in atoms.enumerated() { number[atom] = Int32(k) }
    var found = Array(repeating: (codes: [UInt32](), distances: [Double]()), count: atoms.count)
    let memory = FoundNeighbors()
    var truncated: [Int] = []
    for box in 0..<search.boxCount {
      search.forEachCenter(inBox: box, memory) { center in
        let count = min(limit, memory.codes.count)
        if count < memory.codes.count { truncated.append(Int(number[center])) }
        found[Int(number[center])] = (
          Array(memory.codes.prefix(count)),
          memory.squaredDistances.prefix(count).map { $0.squareRoot() }
        )
      }
    }
    self.truncated = truncated
    starts = found.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.codes.count) }
    codes = found.flatMap(\.codes)
    distances = found.flatMap(\.distances)
    neighbors = codes.map { number[search.images.atom($0)] }
  }

  /// The pairs of atom `k`, nearest first.
  package func pairs(of k: Int) -> Range<Int> { starts[k]..<starts[k + 1] }

  /// The pairs of atom `k` that are no farther than `cutoff` Å: a list of a shorter cutoff is the
  /// beginning of the list.
  package func pairs(of k: Int, within cutoff: Double) -> Range<Int> {
    let all = pairs(of: k)
    let end = all.last { distances[$0] <= cutoff }.map { $0 + 1 } ?? all.lowerBound
    return all.lowerBound..<end
  }
}
