import Kernels

/// What the gradient of the embedding nets starts from.
extension SeE2ASweeps {
  private var width: Int { matrices.width }

  /// Writes the inputs of a block's rows to the tape, with tangents of 1, and the adjoints of the
  /// outputs.  The gradient is that of `Σ (GBarDot · G + RDot_0 GBar · G')` with
  /// `GBar = weight Σ_c R_c TBar_c`, `GBarDot = weight Σ_c (R_c TBarDot_c + RDot_c TBar_c)`.
  @specialized(where Scalar == Double, Row == Double)
  @specialized(where Scalar == Float, Row == Float)
  @specialized(where Scalar == Double, Row == Float)
  @specialized(where Scalar == Float, Row == Double)
  func setInputsAndAdjoints(
    _ tape: NetworkTape<Scalar>, _ kept: KeptEmbeddings<Scalar>, _ block: Range<Int>
  ) {
    tape.prepare(rows: block.count)
    let x = tape.input, xDot = tape.inputTangent
    let gBar = tape.outputAdjoint, gBarDot = tape.outputAdjointTangent
    withUnsafeTemporaryAllocation(of: ColumnFactors<Scalar>.self, capacity: block.count) { memory in
      guard let factors = memory.baseAddress else { return }
      kept.forEachRun(of: block) { atom, run in
        let first = run.lowerBound - block.lowerBound
        for (n, row) in kept.rows[run].enumerated() {
          (x[first + n], xDot[first + n]) = (row.row.r0, 1)
          let rowDot = row.weight * kept.rowsDot[run.lowerBound + n]
          let weighted = row.weight * row.row
          factors[n] = ColumnFactors(rowDot.r0 * row.row, rowDot, weighted)
        }
        combineColumns(
          of: matrices.tBar(atom), matrices.tBarDot(atom), by: factors, count: run.count,
          width: width, stride: matrices.stride, into: gBar + first * width,
          gBarDot + first * width)
      }
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
