import Atoms

/// How often what occurs in data: whole numbers, which add up to the same in any order.
public struct DataCounts: Sendable, Equatable, Codable {
  /// Neighbors are counted up to this distance, in Å.
  public let cutoff: Double
  /// Number of frames, and of atoms of each type, `[types]`.
  public var frames = 0, atoms: [Int]
  /// Energies per atom in eV.
  public var energies = ValueCounts()
  /// Lengths of forces in eV/Å by the atom's type, `[types]`.
  public var forces: [ValueCounts]
  /// Distances of neighbors in `distanceBins` equal bins up to the cutoff, by types: place
  /// `[a * types + b]` with a <= b, empty where there are none.  Each pair counts twice, once from
  /// each side.
  public var distances: [[Int]]
  /// How many atoms have k neighbors of each type, `[types][k]`.
  public var neighbors: [[Int]]

  /// Bins of distances.
  public static let distanceBins = 150

  /// Nothing counted.
  public init(typeCount: Int, cutoff: Double) {
    self.cutoff = cutoff
    atoms = Array(repeating: 0, count: typeCount)
    forces = Array(repeating: ValueCounts(), count: typeCount)
    distances = Array(repeating: [], count: typeCount * typeCount)
    neighbors = Array(repeating: [], count: typeCount)
  }

  /// Counts an atom with `counts[type]` neighbors of each type.
  mutating func addNeighbors(_ counts: [Int]) {
    for (type, count) in counts.enumerated() { DataCounts.add(1, at: count, to: &neighbors[type]) }
  }

  /// Adds `counts` of neighbors by distance, of types `a` <= `b`.
  mutating func addDistances(_ a: Int, _ b: Int, _ counts: some Collection<Int>) {
    let place = a * atoms.count + b
    if distances[place].isEmpty { return distances[place] = Array(counts) }
    for (bin, count) in counts.enumerated() { distances[place][bin] += count }
  }

  /// Takes in what `other` counted of the same types.
  public mutating func add(_ other: DataCounts) {
    precondition(atoms.count == other.atoms.count && cutoff == other.cutoff)
    frames += other.frames
    energies.add(other.energies)
    for type in atoms.indices {
      atoms[type] += other.atoms[type]
      forces[type].add(other.forces[type])
      for (k, count) in other.neighbors[type].enumerated() {
        DataCounts.add(count, at: k, to: &neighbors[type])
      }
    }
    for (place, counts) in other.distances.enumerated() {
      if !counts.isEmpty { addDistances(place / atoms.count, place % atoms.count, counts) }
    }
  }

  private static func add(_ count: Int, at place: Int, to counts: inout [Int]) {
    while counts.count <= place { counts.append(0) }
    counts[place] += count
  }
}
