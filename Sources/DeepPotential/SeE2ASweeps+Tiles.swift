import Kernels

/// The passes over the atoms of one tile.
extension SeE2ASweeps {
  private var width: Int { matrices.width }

  /// Computes the rows of the tile's neighbors, their embeddings and the embeddings' slopes, and
  /// calls `use` with some rows after the other, while their embeddings are in the caches.
  func embed(
    _ tile: AtomTile, _ embeddings: [KeptEmbeddings<Scalar>], _ parameters: UnsafePointer<Scalar>,
    on tape: NetworkTape<Scalar>,
    _ use: (KeptEmbeddings<Scalar>, Range<Int>) -> Void = { _, _ in }
  ) {
    for (type, kept) in embeddings.enumerated() {
      descriptor.collectRows(of: tile, type: type, in: slots, into: &kept.rows)
      let embedding = descriptor.embedding(center: tile.type, neighbor: type)
      kept.embed(by: embedding, parameters, on: tape) { use(kept, $0) }
    }
  }

  /// Computes embeddings, `T` and `D`.
  @specialized(where Scalar == Double, Row == Double)
  @specialized(where Scalar == Float, Row == Float)
  @specialized(where Scalar == Double, Row == Float)
  @specialized(where Scalar == Float, Row == Double)
  func forwardTile(
    _ tile: AtomTile, _ embeddings: [KeptEmbeddings<Scalar>], _ parameters: UnsafePointer<Scalar>,
    on tape: NetworkTape<Scalar>, into rows: FittingRows<Row>
  ) {
    for atom in tile.atoms { matrices.clear(matrices.t(atom)) }
    let most = DenseNetwork.rowsOfBlock
    withUnsafeTemporaryAllocation(of: SIMD4<Scalar>.self, capacity: most) { memory in
      guard let factors = memory.baseAddress else { return }
      embed(tile, embeddings, parameters, on: tape) { kept, range in
        kept.forEachRun(of: range) { atom, run in
          for (n, row) in kept.rows[run].enumerated() { factors[n] = row.weight * row.row }
          addOuterProducts(
            factors, kept.embedding(run.lowerBound), gRow: width, count: run.count,
            to: matrices.t(atom), width: width, stride: matrices.stride)
        }
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
    forEachRunOfPairs(embeddings) { kept, atom, run, ofEmbeddings, ofSlopes in
      project(
        kept.embedding(run.lowerBound), kept.slope(run.lowerBound), gRow: width, count: run.count,
        on: matrices.tBar(atom), width: width, stride: matrices.stride, into: ofEmbeddings,
        ofSlopes)
      for (n, row) in kept.rows[run].enumerated() {
        guard let pair = row.pair else { continue }
        var rowBar = ofEmbeddings[n]
        rowBar.r0 += (row.row * ofSlopes[n]).sum()
        pairsBar.base[pair.index] = pair.environment.backward(
          SIMD4<Double>(row.weight * rowBar) / row.deviation)
      }
    }
  }

  /// Calls `body` with one run after the other of pairs of one atom in one block, and room for two
  /// rows of four numbers for each.
  @inline(__always)
  private func forEachRunOfPairs(
    _ embeddings: [KeptEmbeddings<Scalar>],
    _ body: (
      KeptEmbeddings<Scalar>, _ atom: Int, Range<Int>, UnsafeMutablePointer<SIMD4<Scalar>>,
      UnsafeMutablePointer<SIMD4<Scalar>>
    ) -> Void
  ) {
    let most = DenseNetwork.rowsOfBlock
    withUnsafeTemporaryAllocation(of: SIMD4<Scalar>.self, capacity: 2 * most) { memory in
      guard let rows = memory.baseAddress else { return }
      for kept in embeddings {
        kept.forEachRun(of: 0..<kept.rows.count, ofPairs: true) { atom, run in
          body(kept, atom, run, rows, rows + most)
        }
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
      kept.rowsDot.removeAll(keepingCapacity: true)
      kept.rowsDot.reserveCapacity(kept.rows.count)
      for row in kept.rows { kept.rowsDot.append(row.tangent(along: pairsDot)) }
    }
    forEachRunOfPairs(embeddings) { kept, atom, run, ofEmbeddings, ofSlopes in
      for (n, row) in kept.rows[run].enumerated() {
        ofEmbeddings[n] = row.weight * kept.rowsDot[run.lowerBound + n]
        ofSlopes[n] = ofEmbeddings[n].r0 * row.row
      }
      let tDot = matrices.tDot(atom)
      for (factors, g) in [
        (ofEmbeddings, kept.embedding(run.lowerBound)), (ofSlopes, kept.slope(run.lowerBound)),
      ] {
        addOuterProducts(
          factors, g, gRow: width, count: run.count, to: tDot, width: width,
          stride: matrices.stride)
      }
    }
    for (k, atom) in tile.atoms.enumerated() {
      matrices.squareTangent(atom, into: rows.inputTangent(k))
    }
  }

  /// Computes `TBarDot` and the gradient of the embedding nets.
  @specialized(where Scalar == Double, Row == Double)
  @specialized(where Scalar == Float, Row == Float)
  @specialized(where Scalar == Double, Row == Float)
  @specialized(where Scalar == Float, Row == Double)
  func backwardTangentTile(
    _ tile: AtomTile, _ embeddings: [KeptEmbeddings<Scalar>], _ scratch: SeE2AScratch<Scalar>,
    _ parameters: UnsafePointer<Scalar>, _ rows: FittingRows<Row>,
    addingTo gradient: UnsafeMutablePointer<Scalar>
  ) {
    for (k, atom) in tile.atoms.enumerated() {
      matrices.squareBackwardTangent(atom, rows.inputAdjoint(k), rows.inputAdjointTangent(k))
    }
    for (type, kept) in embeddings.enumerated() {
      let embedding = descriptor.embedding(center: tile.type, neighbor: type)
      kept.forEachBlock { block in
        setInputsAndAdjoints(scratch.tape, kept, block)
        embedding.addGradient(
          parameters, on: scratch.tape, outputs: kept.embedding(block.lowerBound),
          tangents: kept.slope(block.lowerBound), to: gradient)
      }
    }
  }
}
