import Kernels
import Measurement

/// The passes of `se_e2_a` over one frame, with the embedding net evaluated for every neighbor.
///
/// This is the plain twin of `SeE2ATableSweeps`.  It also serves nets that tables cannot follow
/// closely, and statistics that differ from slot to slot.  Sweep 1 computes the embeddings of a
/// tile and their slopes once, as products over many neighbors.  Sweep 2 takes them if those of the
/// frame fit into `mostKept` bytes, or else computes them anew, to the same bits.
/// Source: docs/MATH.md, "Descriptor se_e2_a".
final class SeE2ASweeps<Scalar: NetworkScalar, Row: NetworkScalar>: DescriptorSweeps,
  @unchecked Sendable
{
  // Unchecked: tiles run on several threads, each writing the rows of its own atoms, its own kept
  // embeddings and its worker's scratch.
  private(set) var descriptor: SeE2A
  private(set) var slots: NeighborSlots
  private var parameters: ParameterPointers?
  private var tiles: [AtomTile] = []
  private let workers: [SeE2AScratch<Scalar>]
  /// The embeddings of all tiles, `[tiles][types]`, from sweep 1 to sweep 2; empty if they are too
  /// many.
  private var kept: [[KeptEmbeddings<Scalar>]] = []
  private let mostKept: Int
  let matrices: SeE2AMatrices<Scalar, Row>

  /// Makes memory for passes of `descriptor` on `threads` threads, which keep embeddings of up to
  /// `mostKept` bytes.
  init(_ descriptor: SeE2A, threads: Int, mostKept: Int) {
    self.descriptor = descriptor
    self.mostKept = mostKept
    slots = NeighborSlots(typeCount: descriptor.typeCount)
    matrices = SeE2AMatrices(descriptor)
    workers = (0..<threads).map { _ in SeE2AScratch(descriptor) }
  }

  func prepare(
    _ descriptor: Descriptor, parameters: ParameterPointers, closest: Double
  ) -> Bool {
    guard case .seE2A(let descriptor) = descriptor else { return false }
    self.descriptor = descriptor
    self.parameters = parameters
    return true
  }

  func begin(_ slots: NeighborSlots, types: [Int], forTraining: Bool) {
    self.slots = slots
    tiles = AtomTile.cut(types, typeCount: descriptor.typeCount)
    matrices.reserve(types.count)
    let bytes =
      rowCount(atoms: types.count) * KeptEmbeddings<Scalar>.bytesOfRow(width: descriptor.width)
    let used = kept.reduce(0) { $0 + $1.reduce(0) { $0 + $1.bytes } }
    if !forTraining || bytes > mostKept || used > mostKept { kept = [] }
    guard forTraining && bytes <= mostKept else { return }
    while kept.count < tiles.count { kept.append(KeptEmbeddings.ofTypes(descriptor)) }
  }

  /// Rows of neighbors and of empty slots in the frame; where statistics are the same, one stands
  /// for all empty slots of a type.
  private func rowCount(atoms: Int) -> Int {
    descriptor.hasUniformStatistics
      ? slots.pairCount + atoms * descriptor.typeCount : atoms * descriptor.slotCount
  }

  func forwardBackward(
    through fitting: FittingSweeps<Row>, into pairsBar: Buffer<SIMD3<Double>>
  ) {
    forEachTile(fitting) { tile, rows, embeddings, scratch, parameters, _ in
      measure(.pairsForward) {
        forwardTile(tile, embeddings, parameters, on: scratch.tape, into: rows)
      }
      fitting.forwardBackward(rows)
      measure(.pairsBackward) { backwardTile(tile, embeddings, rows, into: pairsBar) }
    }
  }

  func tangentBackwardTangent(
    through fitting: FittingSweeps<Row>, along pairsDot: Buffer<SIMD3<Double>>,
    addingTo gradient: GradientPointers
  ) {
    let range = descriptor.parameterRange
    let partial = (0..<tiles.count).map { _ in Buffer<Scalar>(range.count) }
    let keeps = !kept.isEmpty
    forEachTile(fitting) { tile, rows, embeddings, scratch, parameters, index in
      measure(.pairsTangent) {
        if !keeps { embed(tile, embeddings, parameters, on: scratch.tape) }
        tangentTile(tile, embeddings, along: pairsDot, into: rows)
      }
      fitting.tangentBackwardTangent(rows)
      measure(.pairsBackwardTangent) {
        backwardTangentTile(
          tile, embeddings, scratch, parameters, rows,
          addingTo: partial[index].base - range.lowerBound)
      }
    }
    withExtendedLifetime(partial) {
      let to = Scalar.base(of: gradient) + range.lowerBound
      if gradient.replaces { clear(to, range.count) }
      guard let total = sumInTree(partial.map(\.base), count: range.count) else { return }
      for k in 0..<range.count { to[k] += total[k] }
    }
  }

  /// Runs `body` for every tile whose atoms have energies, and so rows.  Its embeddings are kept,
  /// or else in the scratch.
  private func forEachTile(
    _ fitting: FittingSweeps<Row>,
    _ body:
      @Sendable (
        AtomTile, FittingRows<Row>, [KeptEmbeddings<Scalar>], SeE2AScratch<Scalar>,
        UnsafePointer<Scalar>, _ index: Int
      ) -> Void
  ) {
    guard let parameters else { preconditionFailure("prepare comes first") }
    forEachItem(below: tiles.count, workers: workers.count) { index, worker in
      guard let rows = fitting.rows(of: tiles[index], worker: worker) else { return }
      let scratch = workers[worker]
      body(
        tiles[index], rows, kept.isEmpty ? scratch.embeddings : kept[index], scratch,
        Scalar.base(of: parameters), index)
    }
  }
}

extension SeE2A {
  /// Bytes of embeddings that sweep 1 keeps for sweep 2 where there are no tables: those of 350
  /// atoms of water by nets of float64 that end 100 wide.
  static let mostKept = 1 << 26
}

/// The memory of one worker: the activations of one embedding net and the embeddings of one tile.
final class SeE2AScratch<Scalar: NetworkScalar>: @unchecked Sendable {
  /// Activations; all embedding nets of a descriptor have the same shape and share the tape.
  let tape: NetworkTape<Scalar>
  /// The embeddings of the tile at work, if those of the frame are not kept.
  let embeddings: [KeptEmbeddings<Scalar>]
  /// Makes memory for nets of `descriptor`.
  init(_ descriptor: SeE2A) {
    tape = NetworkTape(descriptor.embeddings[0])
    embeddings = KeptEmbeddings.ofTypes(descriptor)
  }
}
