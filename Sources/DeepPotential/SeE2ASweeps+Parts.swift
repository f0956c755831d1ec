import Kernels

/// What the passes over a tile share.
extension SeE2ASweeps {
  /// Collects the tile's rows of neighbors of `type` and embeds them; nil when there are none.
  func embed(
    _ tile: AtomTile, _ type: Int, _ scratch: SeE2AScratch<Scalar>, forTraining: Bool = false
  ) -> DenseNetwork? {
    descriptor.collectRows(of: tile, type: type, in: slots, into: &scratch.rows)
    guard !scratch.rows.isEmpty else { return nil }
    let tape = scratch.tape
    tape.prepare(rows: scratch.rows.count)
    for (k, row) in scratch.rows.enumerated() { tape.input[k] = row.row.x }
    let embedding = descriptor.embedding(center: tile.type, neighbor: type)
    embedding.forward(parameters.base, on: tape, forTraining: forTraining)
    return embedding
  }

  /// `GBar = weight Σ_c R_c TBar_c`.
  func fillOutputAdjoints(_ scratch: SeE2AScratch<Scalar>) {
    for (k, row) in scratch.rows.enumerated() {
      combineColumns(
        of: tBar.row(row.atom, 4 * width), by: row.weight * row.row,
        into: scratch.tape.outputAdjoint + k * width, width: width)
    }
  }

  /// `RDot = J dDot / dstd`, and its radial part as the net's input tangent; zero for empty slots.
  func fillInputTangents(
    _ scratch: SeE2AScratch<Scalar>, along pairsDot: Buffer<SIMD3<Double>>
  ) {
    scratch.rowsDot.removeAll(keepingCapacity: true)
    for (k, row) in scratch.rows.enumerated() {
      let rowDot = row.pair.map {
        $0.environment.tangent(pairsDot.base[$0.index]) / row.deviation
      }
      scratch.rowsDot.append(SIMD4<Scalar>(rowDot ?? .zero))
      scratch.tape.inputTangent[k] = scratch.rowsDot[k].x
    }
  }

  /// `GBarDot = weight Σ_c (R_c TBarDot_c + RDot_c TBar_c)`.
  func fillOutputAdjointTangents(_ scratch: SeE2AScratch<Scalar>, _ tile: AtomTile) {
    let tape = scratch.tape, column = scratch.column.base
    var position = 0
    for (k, row) in scratch.rows.enumerated() {
      while tile.atoms[position] != row.atom { position += 1 }
      let gBarDot = tape.outputAdjointTangent + k * width
      combineColumns(
        of: scratch.tBarDot.row(position, 4 * width), by: row.weight * row.row, into: gBarDot,
        width: width)
      guard row.pair != nil else { continue }
      combineColumns(
        of: tBar.row(row.atom, 4 * width), by: row.weight * scratch.rowsDot[k], into: column,
        width: width)
      for m in 0..<width { gBarDot[m] += column[m] }
    }
  }

  /// Copies a descriptor row to float64.
  func widen(_ d: UnsafePointer<Scalar>, into row: UnsafeMutablePointer<Double>) {
    for k in 0..<width * axis { row[k] = Double(d[k]) }
  }

  /// Copies a float64 row to the descriptor's precision.
  func narrow(_ row: UnsafePointer<Double>, into d: UnsafeMutablePointer<Scalar>) {
    for k in 0..<width * axis { d[k] = Scalar(row[k]) }
  }
}

extension SeE2A {
  /// The places of all embedding nets in the flat parameter vector of their precision.
  public var parameterRange: Range<Int> {
    embeddings[0].parameterRange
      .lowerBound..<embeddings[embeddings.count - 1].parameterRange.upperBound
  }
}
