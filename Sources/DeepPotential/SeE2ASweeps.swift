import Kernels
import Measurement

/// The passes of `se_e2_a` over one frame, with the embedding net evaluated for every neighbor.
///
/// This is the plain twin of `SeE2ATableSweeps`.  It also serves nets that tables cannot follow
/// closely, and statistics that differ from slot to slot.  Sweep 1 computes the embeddings of a
/// tile and their slopes once, as products over many neighbors; sweep 2 computes them anew, so that
/// memory does not grow with the number of pairs.
/// Source: docs/MATH.md, "Descriptor se_e2_a".
final class SeE2ASweeps<Scalar: NetworkScalar, Row: NetworkScalar>: DescriptorSweeps,
  @unchecked Sendable
{
  // Unchecked: tiles run on several threads, each writing the rows of its own atoms and its
  // worker's scratch.
  private(set) var descriptor: SeE2A
  private(set) var slots: NeighborSlots
  private var parameters: ParameterPointers?
  private var tiles: [AtomTile] = []
  private let workers: [SeE2AScratch<Scalar>]
  let matrices: SeE2AMatrices<Scalar, Row>

  /// Makes memory for passes of `descriptor` on `threads` threads.
  init(_ descriptor: SeE2A, threads: Int) {
    self.descriptor = descriptor
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
    tiles = AtomTile.cut(types, typeCount: descriptor.typeCount, size: 16)
    matrices.reserve(types.count)
  }

  func forwardBackward(
    through fitting: FittingSweeps<Row>, into pairsBar: Buffer<SIMD3<Double>>
  ) {
    forEachTile(fitting) { tile, rows, scratch, parameters, _ in
      measure(.pairsForward) { forwardTile(tile, scratch, parameters, into: rows) }
      fitting.forwardBackward(rows)
      measure(.pairsBackward) { backwardTile(tile, scratch, rows, into: pairsBar) }
    }
  }

  func tangentBackwardTangent(
    through fitting: FittingSweeps<Row>, along pairsDot: Buffer<SIMD3<Double>>,
    addingTo gradient: GradientPointers
  ) {
    let range = descriptor.parameterRange
    let partial = (0..<tiles.count).map { _ in Buffer<Scalar>(range.count) }
    forEachTile(fitting) { tile, rows, scratch, parameters, index in
      measure(.pairsTangent) {
        tangentTile(tile, scratch, parameters, along: pairsDot, into: rows)
      }
      fitting.tangentBackwardTangent(rows)
      measure(.pairsBackwardTangent) {
        backwardTangentTile(
          tile, scratch, parameters, rows, along: pairsDot,
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

  /// Runs `body` for every tile whose atoms have energies, and so rows.
  private func forEachTile(
    _ fitting: FittingSweeps<Row>,
    _ body:
      @Sendable (
        AtomTile, FittingRows<Row>, SeE2AScratch<Scalar>, UnsafePointer<Scalar>, _ index: Int
      ) -> Void
  ) {
    guard let parameters else { preconditionFailure("prepare comes first") }
    forEachItem(below: tiles.count, workers: workers.count) { index, worker in
      guard let rows = fitting.rows(of: tiles[index], worker: worker) else { return }
      body(tiles[index], rows, workers[worker], Scalar.base(of: parameters), index)
    }
  }
}

/// The memory of one worker: the rows of one tile and the activations of one embedding net.
final class SeE2AScratch<Scalar: NetworkScalar>: @unchecked Sendable {
  /// The rows of the tile for one neighbor type.
  var tileRows: [SeE2ARow<Scalar>] = []
  /// Some of them, which go through the net together.
  var rows: [SeE2ARow<Scalar>] = []
  /// The indices of all rows.
  var range: Range<Int> { 0..<rows.count }
  /// Tangents of the rows.
  var rowsDot: [SIMD4<Scalar>] = []
  /// Activations; all embedding nets of a descriptor have the same shape and share the tape.
  let tape: NetworkTape<Scalar>
  /// The rows and embeddings of the tile's neighbors of each type, in sweep 1.
  let kept: [KeptEmbeddings<Scalar>]
  /// One column of numbers, `[M]`.
  let column: Buffer<Scalar>
  /// Makes memory for nets of `descriptor`.
  init(_ descriptor: SeE2A) {
    tape = NetworkTape(descriptor.embeddings[0])
    column = Buffer(descriptor.embeddings[0].outputs)
    kept = (0..<descriptor.typeCount).map { _ in KeptEmbeddings(width: descriptor.width) }
  }
}
