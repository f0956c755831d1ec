import Atoms

/// Counts of labels, distances and neighbors in data.
///
/// All counts are whole numbers, so that their sum does not depend on the order of the frames.
public struct DataCounts: Sendable, Equatable, Codable {
  /// The distance in Å up to which neighbors are counted.
  public let cutoff: Double
  /// Number of frames, and number of atoms of each type, `[types]`.
  public var frames = 0, atoms: [Int]
  /// Counts of energies per atom in eV.
  public var energies = ValueCounts()
  /// Counts of lengths of forces in eV/Å by the atom's type, `[types]`.
  public var forces: [ValueCounts]
  /// Counts of the labels of frames for another output than the energy, by group of components
  /// (`OutputDefinition.componentGroups`), and of the components of its labels of atoms by the
  /// atom's type, `[types]`; empty as long as there are none.
  public var frameValues: [ValueCounts] = [], atomValues: [ValueCounts] = []
  /// Counts of distances between neighbors in `distanceBins` equal bins from 0 to the cutoff.
  ///
  /// Types a <= b are at `[a * types + b]`; places of types without neighbors are empty.  Each pair
  /// counts twice, once for each of its atoms as the center.
  public var distances: [[Int]]
  /// Number of atoms that have k neighbors of each type, `[types][k]`.
  public var neighbors: [[Int]]

  /// Number of bins of distances.
  public static let distanceBins = 150

  /// Starts with all counts at zero.
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

  /// Adds `counts` of distances between neighbors of types `a` <= `b`, `[distanceBins]`.
  mutating func addDistances(_ a: Int, _ b: Int, _ counts: some Collection<Int>) {
    let place = a * atoms.count + b
    if distances[place].isEmpty { return distances[place] = Array(counts) }
    for (bin, count) in counts.enumerated() { distances[place][bin] += count }
  }

  /// Adds the counts of `other`, which has the same types and cutoff.
  public mutating func add(_ other: DataCounts) {
    precondition(atoms.count == other.atoms.count && cutoff == other.cutoff)
    frames += other.frames
    energies.add(other.energies)
    DataCounts.add(other.frameValues, to: &frameValues)
    DataCounts.add(other.atomValues, to: &atomValues)
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

  private static func add(_ others: [ValueCounts], to counts: inout [ValueCounts]) {
    if counts.isEmpty { return counts = others }
    for (place, other) in others.enumerated() { counts[place].add(other) }
  }

  private static func add(_ count: Int, at place: Int, to counts: inout [Int]) {
    while counts.count <= place { counts.append(0) }
    counts[place] += count
  }
}
