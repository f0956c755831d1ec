import Kernels
import Measurement

/// The passes of `se_e2_a` over one frame, with the embedding net evaluated directly for every neighbor.
///
/// The plain twin of `SeE2ATableSweeps`, and the way for nets that no table follows and for statistics that differ
/// from slot to slot.  Embeddings are computed anew in each pass, tile by tile, so that memory does not grow with the
/// number of pairs.  Source: docs/MATH.md, "Descriptor se_e2_a".
final class SeE2ASweeps<Scalar: NetworkScalar, Row: NetworkScalar>: DescriptorSweeps,
  @unchecked Sendable
{
  // Unchecked: tiles run on several threads, each writing the rows of its own atoms and its worker's scratch.
  private(set) var descriptor: SeE2A
  private(set) var slots: NeighborSlots
  private var parameters: ParameterPointers?
  private var tiles: [AtomTile] = []
  private let workers: [SeE2AScratch<Scalar>]
  let atoms: SeE2AAtoms<Scalar, Row>

  /// Memory for passes of `descriptor` on `threads` threads.
  init(_ descriptor: SeE2A, threads: Int) {
    self.descriptor = descriptor
    slots = NeighborSlots(typeCount: descriptor.typeCount)
    atoms = SeE2AAtoms(descriptor)
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

  func begin(_ slots: NeighborSlots, types: [Int]) {
    self.slots = slots
    tiles = AtomTile.cut(types, typeCount: descriptor.typeCount, size: 8)
    atoms.reserve(types.count)
  }

  func forward(into rows: AtomRows<Row>) {
    forEachTile(.pairsForward, rows) { tile, scratch, parameters, _ in
      forwardTile(tile, scratch, parameters, into: rows)
    }
  }

  func backward(_ rowsBar: AtomRows<Row>, into pairsBar: Buffer<SIMD3<Double>>) {
    forEachTile(.pairsBackward, rowsBar) { tile, scratch, parameters, _ in
      backwardTile(tile, scratch, parameters, rowsBar, into: pairsBar)
    }
  }

  func tangent(along pairsDot: Buffer<SIMD3<Double>>, into rowsDot: AtomRows<Row>) {
    forEachTile(.pairsTangent, rowsDot) { tile, scratch, parameters, _ in
      tangentTile(tile, scratch, parameters, along: pairsDot, into: rowsDot)
    }
  }

  func backwardTangent(
    _ rowsBar: AtomRows<Row>, _ rowsBarDot: AtomRows<Row>, along pairsDot: Buffer<SIMD3<Double>>,
    addingTo gradient: GradientPointers
  ) {
    let range = descriptor.parameterRange
    let partial = (0..<tiles.count).map { _ in Buffer<Scalar>(range.count) }
    forEachTile(.pairsBackwardTangent, rowsBar) { tile, scratch, parameters, index in
      backwardTangentTile(
        tile, scratch, parameters, rowsBar, rowsBarDot, along: pairsDot,
        addingTo: partial[index].base - range.lowerBound)
    }
    withExtendedLifetime(partial) {
      let to = Scalar.base(of: gradient) + range.lowerBound
      if gradient.replaces { clear(to, range.count) }
      guard let total = sumInTree(partial.map(\.base), count: range.count) else { return }
      for k in 0..<range.count { to[k] += total[k] }
    }
  }

  /// Runs `body` for every tile whose atoms have rows.
  private func forEachTile(
    _ pass: Phase, _ rows: AtomRows<Row>,
    _ body: @Sendable (AtomTile, SeE2AScratch<Scalar>, UnsafePointer<Scalar>, Int) -> Void
  ) {
    guard let parameters else { preconditionFailure("prepare comes first") }
    forEachItem(below: tiles.count, workers: workers.count) { index, worker in
      let tile = tiles[index]
      guard tile.atoms.allSatisfy({ rows.pointers[$0] != nil }) else { return }
      measure(pass) { body(tile, workers[worker], Scalar.base(of: parameters), index) }
    }
  }
}

/// One worker's memory: the rows of one tile and the activations of one embedding net.
final class SeE2AScratch<Scalar: NetworkScalar>: @unchecked Sendable {
  /// The batch of inputs.
  var rows: [SeE2ARow<Scalar>] = []
  /// All rows.
  var range: Range<Int> { 0..<rows.count }
  /// Tangents of the inputs.
  var rowsDot: [SIMD4<Scalar>] = []
  /// Activations; all embedding nets of a descriptor have one shape.
  let tape: NetworkTape<Scalar>
  /// One column of numbers, `[M]`.
  let column: Buffer<Scalar>
  /// `TBarDot` of the tile's atoms.
  let tBarDot = Buffer<Scalar>()

  /// Memory for nets of `descriptor`.
  init(_ descriptor: SeE2A) {
    tape = NetworkTape(descriptor.embeddings[0])
    column = Buffer(descriptor.embeddings[0].outputs)
  }
}
