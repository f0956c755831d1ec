import Atoms
import Kernels

/// The neighbors of each atom of a frame, sorted by distance.
///
/// There is one such list per frame; each neighbor list of a program takes its neighbors from here,
/// by its own rule.  Atoms are numbered in the order of their types, so that tiles have few types;
/// padding atoms have no number.
package struct NeighborList: @unchecked Sendable {
  // Unchecked: the displacements do not change after `init`.
  /// The frame's index and the type of each atom.  The first `centerCount` atoms are centers; the
  /// other atoms are neighbors but no centers.
  package private(set) var atoms: [Int], types: [Int]
  /// Number of centers.
  package let centerCount: Int
  /// The pairs of center k are `starts[k]..<starts[k + 1]`.
  private let starts: [Int]
  /// The neighbor of each pair.
  package let neighbors: [Int32]
  /// The displacement of each pair, from center to neighbor, and its length, in Å.
  let displacements: Buffer<SIMD3<Double>>
  package let distances: [Double]

  /// The atoms that have more than `limit` neighbors.
  package let truncated: [Int]

  /// Keeps the `limit` nearest neighbors that `search` finds for each atom; the atoms are of
  /// `types`.
  package init(_ search: NeighborSearch, types: [Int], limit: Int) {
    atoms = types.indices.filter { types[$0] >= 0 }.sorted {
      (types[$0], $0) < (types[$1], $1)
    }
    self.types = atoms.map { types[$0] }
    centerCount = atoms.count
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
    distances = found.flatMap(\.distances)
    let codes = found.flatMap(\.codes)
    neighbors = codes.map { number[search.images.atom($0)] }
    let atoms = atoms
    displacements = Buffer(
      of: zip(atoms, found).flatMap { atom, found in
        found.codes.map { code in
          search.positions[search.images.atom(code)] + search.shifts[search.images.image(code)]
            - search.positions[atom]
        }
      })
  }

  /// Keeps the `limit` nearest neighbors within `cutoff` Å of own atoms `centers` of `listed`.
  ///
  /// `atoms` has indices into `listed`.  Neighbors at equal distances are sorted by index.
  init(_ centers: Range<Int>, of listed: ListedAtoms, cutoff: Double, limit: Int) {
    var atoms = centers.filter { listed.centerType($0) >= 0 }.sorted {
      (listed.centerType($0), $0) < (listed.centerType($1), $1)
    }
    centerCount = atoms.count
    var number = Dictionary(uniqueKeysWithValues: atoms.enumerated().map { ($1, Int32($0)) })
    var starts = [0], neighbors: [Int32] = [], truncated: [Int] = []
    var displacements: [SIMD3<Double>] = [], distances: [Double] = []
    let search = ListedSearch()
    for k in 0..<centerCount {
      _ = search.collect(atoms[k], of: listed, within: cutoff)
      search.sort()
      if search.count > limit { truncated.append(k) }
      for n in 0..<min(search.count, limit) {
        let atom = Int(search.atoms.base[n])
        if number[atom] == nil {
          number[atom] = Int32(atoms.count)
          atoms.append(atom)
        }
        neighbors.append(number[atom] ?? 0)
        displacements.append(search.displacements.base[n])
        distances.append(search.squared.base[n].squareRoot())
      }
      starts.append(neighbors.count)
    }
    (self.atoms, types) = (atoms, atoms.map { Int(listed.types[$0]) })
    (self.starts, self.neighbors, self.truncated) = (starts, neighbors, truncated)
    self.distances = distances
    self.displacements = Buffer(of: displacements)
  }

  /// The same list for a frame that has just the atoms of the list, in the order of the list.
  var numbered: NeighborList {
    var list = self
    list.atoms = Array(atoms.indices)
    return list
  }

  /// The frame's indices of the centers.
  package var centers: ArraySlice<Int> { atoms.prefix(centerCount) }

  /// The pairs of atom `k`, nearest first.
  package func pairs(of k: Int) -> Range<Int> { starts[k]..<starts[k + 1] }

  /// The pairs of atom `k` within `cutoff` Å, which are the first of its pairs.
  package func pairs(of k: Int, within cutoff: Double) -> Range<Int> {
    let all = pairs(of: k)
    let end = all.last { distances[$0] <= cutoff }.map { $0 + 1 } ?? all.lowerBound
    return all.lowerBound..<end
  }
}
