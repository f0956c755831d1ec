import Atoms
import Kernels
import Measurement

#if canImport(Glibc)
  import Glibc
#endif

/// The passes of `se_e2_a` over one frame, with tables in place of the embedding nets.
///
/// The passes keep no numbers of single neighbors: each pass computes the row and the embedding of
/// a neighbor from its displacement and uses them at once.  The results agree with those of
/// `SeE2ASweeps` to the tolerance of the tables.
/// Source: docs/MATH.md, "Descriptor se_e2_a" and "Embedding table".
final class SeE2ATableSweeps<Scalar: NetworkScalar, Row: NetworkScalar>: DescriptorSweeps,
  @unchecked Sendable
{
  // Unchecked: tiles run on several threads, each writing the rows of its own atoms.
  private(set) var descriptor: SeE2A
  private(set) var slots: NeighborSlots
  private(set) var typePairs: [TypePair<Scalar>] = []
  var displacements: UnsafePointer<SIMD3<Double>> { slots.displacements }
  let tables: [EmbeddingTable<Scalar>]
  /// The parameters that the tables were built from, and the largest input of each table; empty as
  /// long as there are no tables.
  private var tabulated: (parameters: [Scalar], largest: [Double]) = ([], [])
  let matrices: SeE2AMatrices<Scalar, Row>
  private var tiles: [AtomTile] = [], keepsMatrices = false
  private var parameters: ParameterPointers?
  private let threads: Int
  /// Adjoints of the nodes of all tables, for each tile.
  private var nodeAdjoints: [Buffer<Scalar>] = []
  /// Number of nodes of each table that the frame's neighbors use.
  private var nodesUsed: [Int] = []
  /// One worker per thread, with memory for the neighbors of one atom.
  let workers: [TablePairs<Scalar>]

  /// Makes memory for passes of `descriptor` on `threads` threads.
  init(_ descriptor: SeE2A, threads: Int) {
    self.descriptor = descriptor
    self.threads = threads
    slots = NeighborSlots(typeCount: descriptor.typeCount)
    matrices = SeE2AMatrices(descriptor)
    tables = descriptor.makeTables(Scalar.self)
    workers = (0..<threads).map { _ in TablePairs() }
  }

  func prepare(
    _ descriptor: Descriptor, parameters: ParameterPointers, closest: Double
  ) -> Bool {
    guard case .seE2A(let descriptor) = descriptor, descriptor.canBeTabulated else { return false }
    self.parameters = parameters
    if descriptor.hasTables {
      if self.descriptor != descriptor || typePairs.isEmpty {
        typePairs = descriptor.typePairs(Scalar.self)
      }
      self.descriptor = descriptor
      return true
    }
    let needed = descriptor.inputRanges(closest: min(closest, statedClosest))
    nonisolated(unsafe) let base = Scalar.base(of: parameters)  // read only
    if self.descriptor == descriptor, areTabulated(base, upTo: needed) { return true }
    self.descriptor = descriptor
    typePairs = descriptor.typePairs(Scalar.self)
    let ranges = descriptor.inputRanges(closest: statedClosest)
    let built = Buffer<Bool>(tables.count)
    forEachItem(below: tables.count, workers: threads) { net, _ in
      built.base[net] = measure(.tableBuild, tables[net].buildWork) {
        tables[net].build(base, range: ranges[net], largest: needed[net].upperBound)
      }
    }
    guard tables.indices.allSatisfy({ built.base[$0] }) else {
      tabulated = ([], [])
      return false
    }
    let range = descriptor.parameterRange
    tabulated.parameters.removeAll(keepingCapacity: true)
    tabulated.parameters.append(
      contentsOf: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    tabulated.largest = needed.map(\.upperBound)
    return true
  }

  /// Whether the tables were built from `parameters` and cover the inputs `needed`.
  ///
  /// If so they are used again: the tables of a model that does not change are built once.
  private func areTabulated(
    _ parameters: UnsafePointer<Scalar>, upTo needed: [ClosedRange<Double>]
  ) -> Bool {
    guard tabulated.largest.count == needed.count,
      zip(needed, tabulated.largest).allSatisfy({ $0.upperBound <= $1 })
    else { return false }
    return tabulated.parameters.withUnsafeBytes { known in
      guard let start = known.baseAddress else { return false }
      return memcmp(start, parameters + descriptor.parameterRange.lowerBound, known.count) == 0
    }
  }

  @specialized(where Scalar == Double, Row == Double)
  @specialized(where Scalar == Float, Row == Float)
  @specialized(where Scalar == Double, Row == Float)
  @specialized(where Scalar == Float, Row == Double)
  func begin(_ slots: NeighborSlots, types: [Int], forTraining: Bool) {
    self.slots = slots
    tiles = AtomTile.cut(types, typeCount: descriptor.typeCount)
    keepsMatrices = forTraining
    if forTraining && !descriptor.hasTables { findNodesUsed(types) }
    matrices.reserve(forTraining ? types.count : threads * AtomTile.size)
  }

  @specialized(where Scalar == Double, Row == Double)
  @specialized(where Scalar == Float, Row == Float)
  @specialized(where Scalar == Double, Row == Float)
  @specialized(where Scalar == Float, Row == Double)
  func forwardBackward(
    through fitting: FittingSweeps<Row>, into pairsBar: Buffer<SIMD3<Double>>
  ) {
    forEachTile { tile, _, worker in
      guard let rows = fitting.rows(of: tile, worker: worker) else { return }
      measure(.pairsForward, pairWork(.pairsForward, of: tile)) {
        for (k, atom) in tile.atoms.enumerated() {
          forward(atom, of: tile.type, matrices.t(matrix(atom, k, worker)), workers[worker])
        }
      }
      measure(.contractionForward, tile.atoms.count * matrices.squareWork) {
        for (k, atom) in tile.atoms.enumerated() {
          matrices.square(matrix(atom, k, worker), into: rows.input(k))
        }
      }
      fitting.forwardBackward(rows)
      measure(.contractionBackward, 2 * tile.atoms.count * matrices.squareWork) {
        for (k, atom) in tile.atoms.enumerated() {
          matrices.squareBackward(matrix(atom, k, worker), rows.inputAdjoint(k))
        }
      }
      measure(.pairsBackward, pairWork(.pairsBackward, of: tile)) {
        for (k, atom) in tile.atoms.enumerated() {
          backward(
            atom, of: tile.type, matrices.tBar(matrix(atom, k, worker)), workers[worker],
            into: pairsBar)
        }
      }
    }
  }

  @specialized(where Scalar == Double, Row == Double)
  @specialized(where Scalar == Float, Row == Float)
  @specialized(where Scalar == Double, Row == Float)
  @specialized(where Scalar == Float, Row == Double)
  func tangentBackwardTangent(
    through fitting: FittingSweeps<Row>, along pairsDot: Buffer<SIMD3<Double>>,
    addingTo gradient: GradientPointers
  ) {
    let layout = NodeAdjointLayout(tables, nodesUsed), learns = !descriptor.hasTables
    while nodeAdjoints.count < tiles.count { nodeAdjoints.append(Buffer()) }
    let nodeAdjoints = nodeAdjoints
    forEachTile { tile, index, worker in
      if learns { clearAdjoints(of: tile, nodeAdjoints[index], layout) }
      guard let rows = fitting.rows(of: tile, worker: worker) else { return }
      measure(.pairsTangent, pairWork(.pairsTangent, of: tile)) {
        for atom in tile.atoms { tangent(atom, of: tile.type, workers[worker], along: pairsDot) }
      }
      measure(.contractionTangent, 2 * tile.atoms.count * matrices.squareWork) {
        for (k, atom) in tile.atoms.enumerated() {
          matrices.squareTangent(atom, into: rows.inputTangent(k))
        }
      }
      fitting.tangentBackwardTangent(rows)
      guard learns else { return }
      measure(.contractionBackwardTangent, 4 * tile.atoms.count * matrices.squareWork) {
        for (k, atom) in tile.atoms.enumerated() {
          matrices.squareBackwardTangent(atom, rows.inputAdjoint(k), rows.inputAdjointTangent(k))
        }
      }
      measure(.pairsBackwardTangent, pairWork(.pairsBackwardTangent, of: tile)) {
        for atom in tile.atoms {
          backwardTangent(
            atom, of: tile.type, workers[worker], along: pairsDot, nodeAdjoints[index].base,
            layout)
        }
      }
    }
    if learns {
      addTableGradients(layout, to: gradient)
    } else if gradient.replaces {
      let range = descriptor.parameterRange
      clear(Scalar.base(of: gradient) + range.lowerBound, range.count)
    }
  }

  /// Sums the node adjoints over tiles and adds the gradient of the embedding nets that they give.
  private func addTableGradients(_ layout: NodeAdjointLayout, to gradient: GradientPointers) {
    guard let parameters else { preconditionFailure("prepare comes first") }
    nonisolated(unsafe) let from = Scalar.base(of: parameters)  // read only
    nonisolated(unsafe) let to = Scalar.base(of: gradient)  // nets are disjoint
    let replaces = gradient.replaces, nodeAdjoints = nodeAdjoints
    forEachItem(below: tables.count, workers: threads) { net, _ in
      let users = tiles.indices.filter { descriptor.nets(of: tiles[$0].type).contains(net) }
      let parts = users.map { nodeAdjoints[$0].base + layout.first[net] }
      measure(.tableGradient, tables[net].gradientWork(parts: parts.count, points: nodesUsed[net]))
      {
        if let total = sumInTree(parts, count: layout.count(of: net)) {
          tables[net].addGradient(
            from, total, points: nodesUsed[net], to: to, replacing: replaces)
        } else if replaces {
          let range = descriptor.embeddings[net].parameterRange
          clear(to + range.lowerBound, range.count)
        }
      }
    }
  }

  /// Finds the number of nodes of each table that the neighbors of a frame use.
  ///
  /// The nearest neighbor of each type has the largest input; it is the first pair of its type.
  private func findNodesUsed(_ types: [Int]) {
    nodesUsed = tables.map { _ in 0 }
    for (center, centerType) in types.enumerated() where centerType >= 0 {
      for type in 0..<descriptor.typeCount {
        let types = typePairs[centerType * descriptor.typeCount + type]
        let net = descriptor.net(center: centerType, neighbor: type)
        let input = slots.pairs(of: center, type: type).first.map {
          types.input(at: norm(displacements[$0]))
        }
        nodesUsed[net] = max(
          nodesUsed[net], tables[net].nodesUsed(upTo: input ?? types.emptyInput))
      }
    }
  }

  private func clearAdjoints(
    of tile: AtomTile, _ adjoints: Buffer<Scalar>, _ layout: NodeAdjointLayout
  ) {
    adjoints.reserve(layout.count)
    for net in descriptor.nets(of: tile.type) {
      clear(adjoints.base + layout.first[net], layout.count(of: net))
    }
  }

  /// The place of the matrices of `atom`, which is number `k` of its tile.
  ///
  /// Training keeps the matrices of all atoms for sweep 2; a prediction keeps those of one tile per
  /// worker.
  private func matrix(_ atom: Int, _ k: Int, _ worker: Int) -> Int {
    keepsMatrices ? atom : worker * AtomTile.size + k
  }

  private func forEachTile(_ body: @Sendable (AtomTile, _ index: Int, _ worker: Int) -> Void) {
    forEachItem(below: tiles.count, workers: threads) { index, worker in
      body(tiles[index], index, worker)
    }
  }
}

/// The distance in Å from which on the error of a table is measured; every table covers it.
///
/// Bonded atoms are never so close.  For frames with closer pairs, a table gets more nodes, but its
/// spacing does not change.
let statedClosest = 0.6

/// The places of each table's node adjoints in one buffer.
struct NodeAdjointLayout: Sendable {
  /// The first place of each table, then the end of the last table, `[tables + 1]`.
  let first: [Int]

  init<Scalar>(_ tables: [EmbeddingTable<Scalar>], _ nodesUsed: [Int]) {
    first = zip(tables, nodesUsed).reduce(into: [0]) { first, next in
      first.append(first[first.count - 1] + next.0.adjointCount(next.1))
    }
  }

  /// Number of node adjoints of all tables.
  var count: Int { first[first.count - 1] }
  /// Number of node adjoints of one table.
  func count(of net: Int) -> Int { first[net + 1] - first[net] }
}
