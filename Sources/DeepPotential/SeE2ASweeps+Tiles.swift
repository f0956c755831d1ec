import Kernels

/// The passes over the atoms of one tile.
extension SeE2ASweeps {
  private var width: Int { atoms.width }

  /// `T` and `D`.
  func forwardTile(
    _ tile: AtomTile, _ scratch: SeE2AScratch<Scalar>, _ parameters: UnsafePointer<Scalar>,
    into rows: AtomRows<Row>
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
    for atom in tile.atoms {
      if let row = rows.pointers[atom] { atoms.square(atom, into: row) }
    }
  }

  /// `TBar` from `DBar`, then `GBar`, `RBar` and `dE/dd`.
  func backwardTile(
    _ tile: AtomTile, _ scratch: SeE2AScratch<Scalar>, _ parameters: UnsafePointer<Scalar>,
    _ rowsBar: AtomRows<Row>, into pairsBar: Buffer<SIMD3<Double>>
  ) {
    for atom in tile.atoms {
      if let rowBar = rowsBar.pointers[atom] { atoms.squareBackward(atom, rowBar) }
    }
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
        rowBar.x += scratch.tape.inputAdjoint[k]
        pairsBar.base[pair.index] = pair.environment.backward(
          SIMD4<Double>(rowBar) / row.deviation)
      }
    }
  }

  /// `TDot = Σ weight (RDot ⊗ G + R ⊗ GDot)` and `DDot`.
  func tangentTile(
    _ tile: AtomTile, _ scratch: SeE2AScratch<Scalar>, _ parameters: UnsafePointer<Scalar>,
    along pairsDot: Buffer<SIMD3<Double>>, into rowsDot: AtomRows<Row>
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
    for atom in tile.atoms {
      if let rowDot = rowsDot.pointers[atom] { atoms.squareTangent(atom, into: rowDot) }
    }
  }

  /// `TBarDot`, then `GBarDot = weight (R TBarDot + RDot TBar)` and the gradient of the embedding nets.
  func backwardTangentTile(
    _ tile: AtomTile, _ scratch: SeE2AScratch<Scalar>, _ parameters: UnsafePointer<Scalar>,
    _ rowsBar: AtomRows<Row>, _ rowsBarDot: AtomRows<Row>, along pairsDot: Buffer<SIMD3<Double>>,
    addingTo gradient: UnsafeMutablePointer<Scalar>
  ) {
    scratch.tBarDot.reserve(tile.atoms.count * atoms.size)
    for (position, atom) in tile.atoms.enumerated() {
      guard let rowBar = rowsBar.pointers[atom], let rowBarDot = rowsBarDot.pointers[atom] else {
        continue
      }
      atoms.squareBackwardTangent(
        atom, rowBar, rowBarDot, into: scratch.tBarDot.row(position, atoms.size))
    }
    for type in 0..<descriptor.typeCount {
      guard let embedding = embed(tile, type, scratch, parameters, forTraining: true) else {
        continue
      }
      fillOutputAdjoints(scratch)
      embedding.backward(parameters, on: scratch.tape, rows: scratch.range)
      fillInputTangents(scratch, along: pairsDot)
      embedding.tangent(parameters, on: scratch.tape, rows: scratch.range)
      fillOutputAdjointTangents(scratch, tile)
      embedding.backwardTangent(parameters, on: scratch.tape, rows: scratch.range)
      embedding.addGradient(on: scratch.tape, to: gradient)
    }
  }
}
