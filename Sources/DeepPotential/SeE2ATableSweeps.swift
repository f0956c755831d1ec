import Kernels
import Measurement

/// The passes of `se_e2_a` over one frame, through tables of the embedding nets.
///
/// Nothing is kept for a neighbor: each pass computes its row and embedding from its displacement and uses them at
/// once.  The same numbers as `SeE2ASweeps` gives, to the tables' tolerance.
/// Source: docs/MATH.md, "Descriptor se_e2_a" and "Embedding table".
final class SeE2ATableSweeps<Scalar: NetworkScalar, Row: NetworkScalar>: DescriptorSweeps,
  @unchecked Sendable
{
  // Unchecked: tiles run on several threads, each writing the rows of its own atoms.
  private(set) var descriptor: SeE2A
  private(set) var slots: NeighborSlots
  private(set) var sections: [PairSection<Scalar>] = []
  var displacements: UnsafePointer<SIMD3<Double>> { slots.displacements }
  let tables: [EmbeddingTable<Scalar>]
  let atoms: SeE2AAtoms<Scalar, Row>
  private var tiles: [AtomTile] = []
  private var parameters: ParameterPointers?
  private let threads: Int
  /// Adjoints of the nodes of all tables, for each tile of the last pass.
  private var nodeAdjoints: [Buffer<Scalar>] = []
  /// What each thread works out of an atom's neighbors.
  let workers: [TablePairs<Scalar>]

  /// Memory for passes of `descriptor` on `threads` threads.
  init(_ descriptor: SeE2A, threads: Int) {
    self.descriptor = descriptor
    self.threads = threads
    slots = NeighborSlots(typeCount: descriptor.typeCount)
    atoms = SeE2AAtoms(descriptor)
    tables = descriptor.embeddings.map { EmbeddingTable($0) }
    workers = (0..<threads).map { _ in TablePairs() }
  }

  func prepare(
    _ descriptor: Descriptor, parameters: ParameterPointers, closest: Double
  ) -> Bool {
    guard case .seE2A(let descriptor) = descriptor, descriptor.canBeTabulated else { return false }
    self.descriptor = descriptor
    self.parameters = parameters
    sections = descriptor.sections(Scalar.self)
    let ranges = descriptor.inputRanges(closest: statedClosest)
    let needed = descriptor.inputRanges(closest: min(closest, statedClosest))
    nonisolated(unsafe) let base = Scalar.base(of: parameters)  // read only
    let built = Buffer<Bool>(tables.count)
    forEachItem(below: tables.count, workers: threads) { net, _ in
      built.base[net] = measure(.tableBuild, tables[net].buildWork) {
        tables[net].build(base, range: ranges[net], largest: needed[net].upperBound)
      }
    }
    return tables.indices.allSatisfy { built.base[$0] }
  }

  func begin(_ slots: NeighborSlots, types: [Int]) {
    self.slots = slots
    tiles = AtomTile.cut(types, typeCount: descriptor.typeCount, size: 32)
    atoms.reserve(types.count)
  }

  func forward(into rows: AtomRows<Row>) {
    forEachTile(.pairsForward) { tile, _, worker in
      for atom in tile.atoms {
        guard let row = rows.pointers[atom] else { continue }
        forward(atom, of: tile.type, worker)
        measure(.contractionForward, atoms.squareWork) { atoms.square(atom, into: row) }
      }
    }
  }

  func backward(_ rowsBar: AtomRows<Row>, into pairsBar: Buffer<SIMD3<Double>>) {
    forEachTile(.pairsBackward) { tile, _, worker in
      for atom in tile.atoms {
        guard let rowBar = rowsBar.pointers[atom] else { continue }
        measure(.contractionBackward, 2 * atoms.squareWork) { atoms.squareBackward(atom, rowBar) }
        backward(atom, of: tile.type, worker, into: pairsBar)
      }
    }
  }

  func tangent(along pairsDot: Buffer<SIMD3<Double>>, into rowsDot: AtomRows<Row>) {
    forEachTile(.pairsTangent) { tile, _, worker in
      for atom in tile.atoms {
        guard let rowDot = rowsDot.pointers[atom] else { continue }
        tangent(atom, of: tile.type, worker, along: pairsDot)
        measure(.contractionTangent, 2 * atoms.squareWork) {
          atoms.squareTangent(atom, into: rowDot)
        }
      }
    }
  }

  func backwardTangent(
    _ rowsBar: AtomRows<Row>, _ rowsBarDot: AtomRows<Row>, along pairsDot: Buffer<SIMD3<Double>>,
    addingTo gradient: GradientPointers
  ) {
    guard let parameters else { preconditionFailure("prepare comes first") }
    let layout = NodeAdjointLayout(tables)
    while nodeAdjoints.count < tiles.count { nodeAdjoints.append(Buffer()) }
    let nodeAdjoints = nodeAdjoints
    forEachTile(.pairsBackwardTangent) { tile, index, worker in
      let adjoints = nodeAdjoints[index], nets = descriptor.nets(of: tile.type)
      adjoints.reserve(layout.count)
      for net in nets {
        clear(adjoints.base + layout.first[net], tables[net].adjointCount)
      }
      withUnsafeTemporaryAllocation(of: Scalar.self, capacity: atoms.size) {
        guard let tBarDot = $0.baseAddress else { return }
        for atom in tile.atoms {
          guard let rowBar = rowsBar.pointers[atom], let rowBarDot = rowsBarDot.pointers[atom]
          else { continue }
          measure(.contractionBackwardTangent, 4 * atoms.squareWork) {
            atoms.squareBackwardTangent(atom, rowBar, rowBarDot, into: tBarDot)
          }
          backwardTangent(
            atom, of: tile.type, worker, tBarDot, along: pairsDot, adjoints.base, layout)
        }
      }
    }
    nonisolated(unsafe) let from = Scalar.base(of: parameters)  // read only
    nonisolated(unsafe) let to = Scalar.base(of: gradient)  // nets are disjoint
    let replaces = gradient.replaces
    forEachItem(below: tables.count, workers: threads) { net, _ in
      let users = tiles.indices.filter { descriptor.nets(of: tiles[$0].type).contains(net) }
      let parts = users.map { nodeAdjoints[$0].base + layout.first[net] }
      measure(.tableGradient, tables[net].gradientWork(parts: parts.count)) {
        if let total = sumInTree(parts, count: tables[net].adjointCount) {
          tables[net].addGradient(from, total, to: to, replacing: replaces)
        } else if replaces {
          let range = descriptor.embeddings[net].parameterRange
          clear(to + range.lowerBound, range.count)
        }
      }
    }
  }

  private func forEachTile(
    _ pass: Phase, _ body: @Sendable (AtomTile, _ index: Int, TablePairs<Scalar>) -> Void
  ) {
    forEachItem(below: tiles.count, workers: threads) { index, worker in
      measure(pass, pairWork(pass, of: tiles[index])) {
        body(tiles[index], index, workers[worker])
      }
    }
  }
}

/// The distance in Å down to which tables are always built and their error is watched: closer than bonded atoms
/// ever come.  Frames with closer pairs only add nodes.
private let statedClosest = 0.6

/// Where each table's node adjoints stand in one buffer.
struct NodeAdjointLayout: Sendable {
  /// The first number of each table.
  let first: [Int]
  /// All numbers.
  let count: Int

  init<Scalar>(_ tables: [EmbeddingTable<Scalar>]) {
    first = tables.indices.map { tables[..<$0].reduce(0) { $0 + $1.adjointCount } }
    count = tables.reduce(0) { $0 + $1.adjointCount }
  }
}
