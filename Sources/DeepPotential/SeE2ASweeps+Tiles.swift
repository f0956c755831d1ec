import Kernels

/// The passes over the atoms of one tile.
extension SeE2ASweeps {
  private var width: Int { atoms.width }

  /// `T` and `D`.
  func forwardTile(
    _ tile: AtomTile, _ scratch: SeE2AScratch<Scalar>, _ parameters: UnsafePointer<Scalar>,
    into rows: FittingRows<Row>
  ) {
    for atom in tile.atoms { atoms.clear(atoms.t(atom)) }
    for type in 0..<descriptor.typeCount {
      guard embed(tile, type, scratch, parameters) != nil else { continue }
      for (k, row) in scratch.rows.enumerated() {
        addOuterProduct(
          row.weight * row.row, scratch.tape.output + k * width,
          to: atoms.t(row.atom), width: width, stride: atoms.stride)
      }
    }
    for (k, atom) in tile.atoms.enumerated() { atoms.square(atom, into: rows.input(k)) }
  }

  /// `TBar` from `DBar`, then `GBar`, `RBar` and `dE/dd`.
  func backwardTile(
    _ tile: AtomTile, _ scratch: SeE2AScratch<Scalar>, _ parameters: UnsafePointer<Scalar>,
    _ rows: FittingRows<Row>, into pairsBar: Buffer<SIMD3<Double>>
  ) {
    for (k, atom) in tile.atoms.enumerated() { atoms.squareBackward(atom, rows.inputAdjoint(k)) }
    for type in 0..<descriptor.typeCount {
      guard let embedding = embed(tile, type, scratch, parameters) else { continue }
      fillOutputAdjoints(scratch)
      embedding.backward(parameters, on: scratch.tape, rows: scratch.range)
      for (k, row) in scratch.rows.enumerated() {
        guard let pair = row.pair else { continue }
        var rowBar =
          row.weight
          * project(
            scratch.tape.output + k * width, on: atoms.tBar(row.atom),
            width: width, stride: atoms.stride)
        rowBar.r0 += scratch.tape.inputAdjoint[k]
        pairsBar.base[pair.index] = pair.environment.backward(
          SIMD4<Double>(rowBar) / row.deviation)
      }
    }
  }

  /// `TDot = Σ weight (RDot ⊗ G + R ⊗ GDot)` and `DDot`.
  func tangentTile(
    _ tile: AtomTile, _ scratch: SeE2AScratch<Scalar>, _ parameters: UnsafePointer<Scalar>,
    along pairsDot: Buffer<SIMD3<Double>>, into rows: FittingRows<Row>
  ) {
    for atom in tile.atoms { atoms.clear(atoms.tDot(atom)) }
    for type in 0..<descriptor.typeCount {
      guard let embedding = embed(tile, type, scratch, parameters) else { continue }
      fillInputTangents(scratch, along: pairsDot)
      embedding.tangent(parameters, on: scratch.tape, rows: scratch.range)
      for (k, row) in scratch.rows.enumerated() where row.pair != nil {
        let tDot = atoms.tDot(row.atom), tape = scratch.tape
        addOuterProduct(
          row.weight * scratch.rowsDot[k], tape.output + k * width, to: tDot, width: width,
          stride: atoms.stride)
        addOuterProduct(
          row.weight * row.row, tape.outputTangent + k * width, to: tDot, width: width,
          stride: atoms.stride)
      }
    }
    for (k, atom) in tile.atoms.enumerated() {
      atoms.squareTangent(atom, into: rows.inputTangent(k))
    }
  }

  /// `TBarDot`, then `GBarDot = weight (R TBarDot + RDot TBar)` and the gradient of the embedding nets.
  func backwardTangentTile(
    _ tile: AtomTile, _ scratch: SeE2AScratch<Scalar>, _ parameters: UnsafePointer<Scalar>,
    _ rows: FittingRows<Row>, along pairsDot: Buffer<SIMD3<Double>>,
    addingTo gradient: UnsafeMutablePointer<Scalar>
  ) {
    for (k, atom) in tile.atoms.enumerated() {
      atoms.squareBackwardTangent(atom, rows.inputAdjoint(k), rows.inputAdjointTangent(k))
    }
    for type in 0..<descriptor.typeCount {
      guard let embedding = embed(tile, type, scratch, parameters, forTraining: true) else {
        continue
      }
      fillOutputAdjoints(scratch)
      embedding.backward(parameters, on: scratch.tape, rows: scratch.range)
      fillInputTangents(scratch, along: pairsDot)
      embedding.tangent(parameters, on: scratch.tape, rows: scratch.range)
      fillOutputAdjointTangents(scratch)
      embedding.backwardTangent(parameters, on: scratch.tape, rows: scratch.range)
      embedding.addGradient(on: scratch.tape, to: gradient)
    }
  }
}
