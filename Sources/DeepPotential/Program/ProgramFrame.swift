import Atoms
import Kernels

/// A frame as a program works on it: pairs, rows and index tables, cut into tiles; all that no
/// parameter changes.
public struct ProgramFrame: @unchecked Sendable {
  // Unchecked: nobody writes to the tables once they are made.
  /// The frame, its atoms moved into the cell.
  public let frame: Frame
  let edges: NeighborList
  /// The displacement of each pair, in Å.
  var displacements: Buffer<SIMD3<Double>> { edges.displacements }
  /// For each table of the program its entries, for each weight its numbers; those that no
  /// operation names are empty.
  let tables: [Buffer<Int32>], weights: [[Double]]
  /// Normalized frame and atom parameters of each atom, in the order of `edges`.
  let parameters: [Double]
  /// For each of the program's tables for networks, which of them the frame needs.
  let tablesPresent: [[Int]]
  /// Where rows of atoms that are no centers come from; nil if there are none.
  let ghosts: GhostRows?
  /// The tiles of stages, and those of stages that go from atoms to atoms.
  private let tiles: Tiling, tilesOfAtoms: Tiling
  /// For each halo that is used the rows that end at atom k, `rows[starts[k]..<starts[k + 1]]`.
  let reverses: [(starts: [Int32], rows: [Int32])]

  /// Finds the neighbors of `frame` and lays out the tables of `program`, the same on any number of
  /// threads.
  public init(_ frame: Frame, _ program: Program, threads: Int = 1) {
    let search = NeighborSearch(frame, cutoff: program.cutoff)
    var moved = frame
    moved.positions = search.positions
    self.init(
      moved, NeighborList(search, types: frame.types, limit: program.neighborLimit), program,
      emptyType: frame.types.first { $0 >= 0 } ?? 0, threads: threads)
  }

  /// Lays out the tables of `program` for `edges`, whose atoms are numbers of those of `frame`;
  /// empty slots that belong to no type are of `emptyType`.  The rows of atoms that are no centers
  /// come from `ghosts`.
  init(
    _ frame: Frame, _ edges: NeighborList, _ program: Program, emptyType: Int,
    ghosts: GhostRows? = nil, threads: Int
  ) {
    self.frame = frame
    self.edges = edges
    self.ghosts = ghosts
    parameters =
      program.inputs.map { inputs in
        let normalized = inputs.normalized(frame)
        return edges.atoms.prefix(edges.centerCount).flatMap { normalized.ofAtom($0) }
      } ?? []
    let tables = FrameTables(program, edges, emptyType: emptyType, threads: threads)
    truncatedCenters = tables.truncatedCenters
    self.tables = mapItems(below: program.tables.count, workers: threads) { id in
      Buffer(of: program.usedTables.contains(id) ? tables.entries(program.tables[id]) : [])
    }
    weights = mapItems(below: program.weights.count, workers: threads) { id in
      program.usedWeights.contains(id) ? tables.numbers(program.weights[id]) : []
    }
    tablesPresent = mapItems(below: program.networkTables.count, workers: threads) { number in
      guard let types = program.networkTables[number].types else { return [0] }
      return ProgramFrame.distinct(tables.entries(program.tables[types.rows]))
    }
    let rows = mapItems(below: program.spaces.count, workers: threads) { id in
      let space = program.spaces[id]
      let isUsed = program.usedSpaces.contains(id) || space == .atom || !space.isLocal
      return isUsed ? (count: tables.count(space), atoms: tables.atoms(of: space)) : (0, [])
    }
    tiles = Tiling(size: program.tileSize, atoms: edges.centerCount, rows)
    tilesOfAtoms = tiles.joined(tilesOfPairs)
    reverses = program.halos.enumerated().map { number, halo in
      program.usedHalos.contains(number)
        ? ProgramFrame.reverse(
          tables.entries(program.tables[halo.table]), atoms: edges.atoms.count)
        : ([], [])
    }
  }

  /// The smallest distance between two atoms, in Å; nil where none are neighbors.
  var closest: Double? { edges.distances.min() }

  /// Number of atoms that have more neighbors than a list has slots for.
  let truncatedCenters: Int

  /// About how many bytes it takes.
  var memory: Int {
    60 * edges.neighbors.count + 4 * tables.reduce(0) { $0 + $1.capacity }
      + 8 * weights.reduce(0) { $0 + $1.count } + tiles.memory
      + 4 * reverses.reduce(0) { $0 + $1.starts.count + $1.rows.count }
  }

  /// Number of rows of space `space`.
  func count(_ space: SpaceID) -> Int { tiles.rowCount(space) }

  /// The tiles of a stage.
  func tiles(ofAtoms: Bool) -> Tiling { ofAtoms ? tilesOfAtoms : tiles }

  /// The numbers that there are, each once, in order.
  private static func distinct(_ numbers: [Int32]) -> [Int] {
    guard let least = numbers.min(), let most = numbers.max() else { return [] }
    var isThere = Array(repeating: false, count: Int(most - least) + 1)
    for number in numbers { isThere[Int(number - least)] = true }
    return isThere.indices.filter { isThere[$0] }.map { $0 + Int(least) }
  }

  private static func reverse(_ table: [Int32], atoms: Int) -> (starts: [Int32], rows: [Int32]) {
    var starts = Array(repeating: Int32(0), count: atoms + 1)
    for atom in table { starts[Int(atom) + 1] += 1 }
    for k in 0..<atoms { starts[k + 1] += starts[k] }
    var next = starts, rows = Array(repeating: Int32(0), count: table.count)
    for (row, atom) in table.enumerated() {
      rows[Int(next[Int(atom)])] = Int32(row)
      next[Int(atom)] += 1
    }
    return (starts, rows)
  }
}

/// How many tiles of pairs have as many atoms as one of a stage of atoms: enough for rows of atoms
/// to be whole blocks of a product, few enough for some threads to share a small frame.
private let tilesOfPairs = 4
