import Kernels

/// Steps that several passes over a tile share.
extension SeE2ASweeps {
  private var width: Int { matrices.width }

  /// Calls `body` with one block of `rows` after the other in the scratch, and their inputs of the
  /// embedding net on its tape.
  @specialized(where Scalar == Double, Row == Double)
  @specialized(where Scalar == Float, Row == Float)
  @specialized(where Scalar == Double, Row == Float)
  @specialized(where Scalar == Float, Row == Double)
  func forEachBlock(
    of rows: [SeE2ARow<Scalar>], _ scratch: SeE2AScratch<Scalar>, _ body: () -> Void
  ) {
    let count = rows.count, size = DenseNetwork.rowsOfBlock, tape = scratch.tape
    for start in stride(from: 0, to: count, by: size) {
      scratch.rows.removeAll(keepingCapacity: true)
      scratch.rows += rows[start..<min(start + size, count)]
      tape.prepare(rows: scratch.rows.count)
      let input = tape.input
      for (k, row) in scratch.rows.enumerated() { input[k] = row.row.r0 }
      body()
    }
  }

  /// Computes `GBar = weight Σ_c R_c TBar_c`.
  @specialized(where Scalar == Double, Row == Double)
  @specialized(where Scalar == Float, Row == Float)
  @specialized(where Scalar == Double, Row == Float)
  @specialized(where Scalar == Float, Row == Double)
  func fillOutputAdjoints(_ scratch: SeE2AScratch<Scalar>) {
    let gBar = scratch.tape.outputAdjoint
    for (k, row) in scratch.rows.enumerated() {
      combineColumns(
        of: matrices.tBar(row.atom), by: row.weight * row.row,
        into: gBar + k * width, width: width, stride: matrices.stride)
    }
  }

  /// Computes `RDot` and sets the net's input tangent to its radial component.
  @specialized(where Scalar == Double, Row == Double)
  @specialized(where Scalar == Float, Row == Float)
  @specialized(where Scalar == Double, Row == Float)
  @specialized(where Scalar == Float, Row == Double)
  func fillInputTangents(
    _ scratch: SeE2AScratch<Scalar>, along pairsDot: Buffer<SIMD3<Double>>
  ) {
    scratch.rowsDot.removeAll(keepingCapacity: true)
    let inputDot = scratch.tape.inputTangent
    for (k, row) in scratch.rows.enumerated() {
      scratch.rowsDot.append(row.tangent(along: pairsDot))
      inputDot[k] = scratch.rowsDot[k].r0
    }
  }

  /// Computes `GBarDot = weight Σ_c (R_c TBarDot_c + RDot_c TBar_c)`.
  @specialized(where Scalar == Double, Row == Double)
  @specialized(where Scalar == Float, Row == Float)
  @specialized(where Scalar == Double, Row == Float)
  @specialized(where Scalar == Float, Row == Double)
  func fillOutputAdjointTangents(_ scratch: SeE2AScratch<Scalar>) {
    let gBarsDot = scratch.tape.outputAdjointTangent, column = scratch.column.base
    for (k, row) in scratch.rows.enumerated() {
      let gBarDot = gBarsDot + k * width
      combineColumns(
        of: matrices.tBarDot(row.atom), by: row.weight * row.row,
        into: gBarDot, width: width, stride: matrices.stride)
      guard row.pair != nil else { continue }
      combineColumns(
        of: matrices.tBar(row.atom), by: row.weight * scratch.rowsDot[k], into: column,
        width: width, stride: matrices.stride)
      for m in 0..<width { gBarDot[m] += column[m] }
    }
  }
}

extension SeE2A {
  /// The places of all embedding nets in the parameter vector of their precision.
  public var parameterRange: Range<Int> {
    guard let first = embeddings.first, let last = embeddings.last else { return 0..<0 }
    return first.parameterRange.lowerBound..<last.parameterRange.upperBound
  }
}
