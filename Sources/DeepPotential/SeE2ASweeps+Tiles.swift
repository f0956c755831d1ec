import Kernels

/// The passes over the atoms of one tile.
extension SeE2ASweeps {
  private var width: Int { matrices.width }

  /// Computes the rows of the tile's neighbors, their embeddings and the embeddings' slopes.
  func embed(
    _ tile: AtomTile, _ embeddings: [KeptEmbeddings<Scalar>], _ parameters: UnsafePointer<Scalar>,
    on tape: NetworkTape<Scalar>
  ) {
    for (type, kept) in embeddings.enumerated() {
      descriptor.collectRows(of: tile, type: type, in: slots, into: &kept.rows)
      let embedding = descriptor.embedding(center: tile.type, neighbor: type)
      kept.embed(by: embedding, parameters, on: tape)
    }
  }

  /// Computes `T` and `D`.
  @specialized(where Scalar == Double, Row == Double)
  @specialized(where Scalar == Float, Row == Float)
  @specialized(where Scalar == Double, Row == Float)
  @specialized(where Scalar == Float, Row == Double)
  func forwardTile(
    _ tile: AtomTile, _ embeddings: [KeptEmbeddings<Scalar>], into rows: FittingRows<Row>
  ) {
    for atom in tile.atoms { matrices.clear(matrices.t(atom)) }
    for kept in embeddings {
      for (k, row) in kept.rows.enumerated() {
        addOuterProduct(
          row.weight * row.row, kept.embedding(k), to: matrices.t(row.atom), width: width,
          stride: matrices.stride)
      }
    }
    for (k, atom) in tile.atoms.enumerated() { matrices.square(atom, into: rows.input(k)) }
  }

  /// Computes `TBar` from `DBar`, then `dE/dd` from
  /// `RBar_c = weight (TBar_c · G + δ_c0 Σ_c R_c TBar_c · G')`.
  @specialized(where Scalar == Double, Row == Double)
  @specialized(where Scalar == Float, Row == Float)
  @specialized(where Scalar == Double, Row == Float)
  @specialized(where Scalar == Float, Row == Double)
  func backwardTile(
    _ tile: AtomTile, _ embeddings: [KeptEmbeddings<Scalar>], _ rows: FittingRows<Row>,
    into pairsBar: Buffer<SIMD3<Double>>
  ) {
    for (k, atom) in tile.atoms.enumerated() { matrices.squareBackward(atom, rows.inputAdjoint(k)) }
    for kept in embeddings {
      for (k, row) in kept.rows.enumerated() {
        guard let pair = row.pair else { continue }
        let tBar = matrices.tBar(row.atom), stride = matrices.stride
        var rowBar = project(kept.embedding(k), on: tBar, width: width, stride: stride)
        rowBar.r0 += (row.row * project(kept.slope(k), on: tBar, width: width, stride: stride))
          .sum()
        pairsBar.base[pair.index] = pair.environment.backward(
          SIMD4<Double>(row.weight * rowBar) / row.deviation)
      }
    }
  }

  /// Computes `TDot = Σ weight (RDot ⊗ G + R ⊗ GDot)`, where `GDot = RDot_0 G'`, and `DDot`.
  @specialized(where Scalar == Double, Row == Double)
  @specialized(where Scalar == Float, Row == Float)
  @specialized(where Scalar == Double, Row == Float)
  @specialized(where Scalar == Float, Row == Double)
  func tangentTile(
    _ tile: AtomTile, _ embeddings: [KeptEmbeddings<Scalar>],
    along pairsDot: Buffer<SIMD3<Double>>, into rows: FittingRows<Row>
  ) {
    for atom in tile.atoms { matrices.clear(matrices.tDot(atom)) }
    for kept in embeddings {
      for (k, row) in kept.rows.enumerated() where row.pair != nil {
        let tDot = matrices.tDot(row.atom), rowDot = row.tangent(along: pairsDot)
        addOuterProduct(
          row.weight * rowDot, kept.embedding(k), to: tDot, width: width, stride: matrices.stride)
        addOuterProduct(
          row.weight * rowDot.r0 * row.row, kept.slope(k), to: tDot, width: width,
          stride: matrices.stride)
      }
    }
    for (k, atom) in tile.atoms.enumerated() {
      matrices.squareTangent(atom, into: rows.inputTangent(k))
    }
  }

  /// Computes `TBarDot`, then `GBarDot = weight (R TBarDot + RDot TBar)` and the gradient of the
  /// embedding nets.
  @specialized(where Scalar == Double, Row == Double)
  @specialized(where Scalar == Float, Row == Float)
  @specialized(where Scalar == Double, Row == Float)
  @specialized(where Scalar == Float, Row == Double)
  func backwardTangentTile(
    _ tile: AtomTile, _ embeddings: [KeptEmbeddings<Scalar>], _ scratch: SeE2AScratch<Scalar>,
    _ parameters: UnsafePointer<Scalar>, _ rows: FittingRows<Row>,
    along pairsDot: Buffer<SIMD3<Double>>, addingTo gradient: UnsafeMutablePointer<Scalar>
  ) {
    for (k, atom) in tile.atoms.enumerated() {
      matrices.squareBackwardTangent(atom, rows.inputAdjoint(k), rows.inputAdjointTangent(k))
    }
    for (type, kept) in embeddings.enumerated() {
      let embedding = descriptor.embedding(center: tile.type, neighbor: type)
      forEachBlock(of: kept.rows, scratch) {
        embedding.forward(parameters, on: scratch.tape, rows: scratch.range, forTraining: true)
        fillOutputAdjoints(scratch)
        embedding.backward(parameters, on: scratch.tape, rows: scratch.range)
        fillInputTangents(scratch, along: pairsDot)
        embedding.tangent(
          parameters, on: scratch.tape, rows: scratch.range, forTraining: true)
        fillOutputAdjointTangents(scratch)
        embedding.backwardTangent(parameters, on: scratch.tape, rows: scratch.range)
        embedding.addGradient(on: scratch.tape, to: gradient)
      }
    }
  }
}
