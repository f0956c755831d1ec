import Kernels

/// The four passes of `se_e2_a` over one frame, with the embedding net evaluated directly for every pair.
///
/// For each atom `T = Σ weight R ⊗ G` `[4][M]` and `D = Tᵀ T_<` `[M][axis]`.  Only `T`, its tangent and adjoints are
/// kept between passes; embeddings are computed anew in each, tile by tile, so that memory does not grow with
/// the number of pairs.  Source: docs/MATH.md, "Descriptor se_e2_a".
final class SeE2ASweeps<Scalar: NetworkScalar>: DescriptorSweeps, @unchecked Sendable {
  // Unchecked: tiles run on several threads, each writing the rows of its own atoms and its worker's scratch.
  private(set) var descriptor: SeE2A
  private(set) var parameters: Buffer<Scalar>
  private(set) var slots: NeighborSlots
  private(set) var tiles: [AtomTile] = []
  let workers: [SeE2AScratch<Scalar>]
  /// The last width of the embedding nets, M.
  let width: Int
  let axis: Int
  /// `[atoms][4][M]`.
  let t = Buffer<Scalar>(), tBar = Buffer<Scalar>(), tDot = Buffer<Scalar>()
  /// `[atoms][M][axis]`.
  let dBar = Buffer<Scalar>()

  /// Memory for passes of `descriptor` on `threads` threads.
  init(_ descriptor: SeE2A, threads: Int) {
    self.descriptor = descriptor
    parameters = Buffer()
    slots = NeighborSlots(typeCount: descriptor.typeCount)
    width = descriptor.embeddings[0].outputs
    axis = descriptor.options.axisWidth
    workers = (0..<threads).map { _ in SeE2AScratch(descriptor) }
  }

  func begin(
    _ descriptor: Descriptor, parameters: ParameterBuffers, slots: NeighborSlots, types: [Int]
  ) {
    guard case .seE2A(let descriptor) = descriptor else { preconditionFailure("not se_e2_a") }
    self.descriptor = descriptor
    self.parameters = Scalar.buffer(in: parameters)
    self.slots = slots
    tiles = AtomTile.cut(types, typeCount: descriptor.typeCount, size: 8)
    for buffer in [t, tBar, tDot] { buffer.reserve(types.count * 4 * width) }
    dBar.reserve(types.count * width * axis)
  }

  func forward(into rows: Buffer<Double>) {
    forEachTile { tile, scratch, _ in forwardTile(tile, scratch, into: rows) }
  }

  func backward(_ rowsBar: Buffer<Double>, into pairsBar: Buffer<SIMD3<Double>>) {
    forEachTile { tile, scratch, _ in backwardTile(tile, scratch, rowsBar, into: pairsBar) }
  }

  func tangent(along pairsDot: Buffer<SIMD3<Double>>, into rowsDot: Buffer<Double>) {
    forEachTile { tile, scratch, _ in
      tangentTile(tile, scratch, along: pairsDot, into: rowsDot)
    }
  }

  func backwardTangent(
    _ rowsBarDot: Buffer<Double>, along pairsDot: Buffer<SIMD3<Double>>,
    addingTo gradient: ParameterBuffers
  ) {
    let range = descriptor.parameterRange
    let partial = (0..<tiles.count).map { _ in Buffer<Scalar>(range.count) }
    forEachTile { tile, scratch, index in
      backwardTangentTile(
        tile, scratch, rowsBarDot, along: pairsDot,
        addingTo: partial[index].base - range.lowerBound)
    }
    guard let total = sumInTree(partial, count: range.count) else { return }
    let gradient = Scalar.buffer(in: gradient).base + range.lowerBound
    for k in 0..<range.count { gradient[k] += total.base[k] }
  }

  private func forEachTile(_ body: @Sendable (AtomTile, SeE2AScratch<Scalar>, Int) -> Void) {
    forEachItem(below: tiles.count, workers: workers.count) { index, worker in
      body(tiles[index], workers[worker], index)
    }
  }
}

/// One worker's memory: the rows of one tile and the activations of one embedding net.
final class SeE2AScratch<Scalar: NetworkScalar>: @unchecked Sendable {
  /// The batch of inputs.
  var rows: [SeE2ARow<Scalar>] = []
  /// Tangents of the inputs.
  var rowsDot: [SIMD4<Scalar>] = []
  /// Activations; all embedding nets of a descriptor have one shape.
  let tape: NetworkTape<Scalar>
  /// The descriptor of one atom or its adjoint, `[M][axis]`, and one column of numbers, `[M]`.
  let square: Buffer<Scalar>, column: Buffer<Scalar>
  /// `TBarDot` of the tile's atoms, `[atoms][4][M]`.
  let tBarDot = Buffer<Scalar>()

  /// Memory for nets of `descriptor`.
  init(_ descriptor: SeE2A) {
    tape = NetworkTape(descriptor.embeddings[0])
    square = Buffer(descriptor.outputs)
    column = Buffer(descriptor.embeddings[0].outputs)
  }
}
