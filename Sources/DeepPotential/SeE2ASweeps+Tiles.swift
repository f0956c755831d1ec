import Kernels

/// The four passes over the atoms of one tile.
extension SeE2ASweeps {
  /// `T` and `D`.
  func forwardTile(_ tile: AtomTile, _ scratch: SeE2AScratch<Scalar>, into rows: Buffer<Double>) {
    for atom in tile.atoms { t.row(atom, 4 * width).update(repeating: 0, count: 4 * width) }
    for type in 0..<descriptor.typeCount {
      guard embed(tile, type, scratch) != nil else { continue }
      for (k, row) in scratch.rows.enumerated() {
        addOuterProduct(
          row.weight * row.row, scratch.tape.output + k * width, to: t.row(row.atom, 4 * width),
          width: width)
      }
    }
    for atom in tile.atoms {
      let t = t.row(atom, 4 * width), d = scratch.square.base
      d.update(repeating: 0, count: width * axis)
      addSquare(t, t, to: d, width: width, axis: axis)
      widen(d, into: rows.row(atom, width * axis))
    }
  }

  /// `TBar` from `DBar`, then `GBar`, `RBar` and `dE/dd`.
  func backwardTile(
    _ tile: AtomTile, _ scratch: SeE2AScratch<Scalar>, _ rowsBar: Buffer<Double>,
    into pairsBar: Buffer<SIMD3<Double>>
  ) {
    for atom in tile.atoms {
      let dBar = dBar.row(atom, width * axis), tBar = tBar.row(atom, 4 * width)
      narrow(rowsBar.row(atom, width * axis), into: dBar)
      tBar.update(repeating: 0, count: 4 * width)
      addSquareAdjoint(dBar, t.row(atom, 4 * width), to: tBar, width: width, axis: axis)
    }
    for type in 0..<descriptor.typeCount {
      guard let embedding = embed(tile, type, scratch) else { continue }
      fillOutputAdjoints(scratch)
      embedding.backward(parameters.base, on: scratch.tape)
      for (k, row) in scratch.rows.enumerated() {
        guard let pair = row.pair else { continue }
        var rowBar =
          row.weight
          * project(
            scratch.tape.output + k * width, on: tBar.row(row.atom, 4 * width), width: width)
        rowBar.x += scratch.tape.inputAdjoint[k]
        pairsBar.base[pair.index] = pair.environment.backward(
          SIMD4<Double>(rowBar) / row.deviation)
      }
    }
  }

  /// `TDot = Σ weight (RDot ⊗ G + R ⊗ GDot)` and `DDot`.
  func tangentTile(
    _ tile: AtomTile, _ scratch: SeE2AScratch<Scalar>, along pairsDot: Buffer<SIMD3<Double>>,
    into rowsDot: Buffer<Double>
  ) {
    for atom in tile.atoms { tDot.row(atom, 4 * width).update(repeating: 0, count: 4 * width) }
    for type in 0..<descriptor.typeCount {
      guard let embedding = embed(tile, type, scratch) else { continue }
      fillInputTangents(scratch, along: pairsDot)
      embedding.tangent(parameters.base, on: scratch.tape)
      for (k, row) in scratch.rows.enumerated() where row.pair != nil {
        let tDot = tDot.row(row.atom, 4 * width), tape = scratch.tape
        addOuterProduct(
          row.weight * scratch.rowsDot[k], tape.output + k * width, to: tDot, width: width)
        addOuterProduct(
          row.weight * row.row, tape.outputTangent + k * width, to: tDot, width: width)
      }
    }
    for atom in tile.atoms {
      let t = t.row(atom, 4 * width), tDot = tDot.row(atom, 4 * width), d = scratch.square.base
      d.update(repeating: 0, count: width * axis)
      addSquare(tDot, t, to: d, width: width, axis: axis)
      addSquare(t, tDot, to: d, width: width, axis: axis)
      widen(d, into: rowsDot.row(atom, width * axis))
    }
  }

  /// `TBarDot`, then `GBarDot = weight (R TBarDot + RDot TBar)` and the gradient of the embedding nets.
  func backwardTangentTile(
    _ tile: AtomTile, _ scratch: SeE2AScratch<Scalar>, _ rowsBarDot: Buffer<Double>,
    along pairsDot: Buffer<SIMD3<Double>>, addingTo gradient: UnsafeMutablePointer<Scalar>
  ) {
    scratch.tBarDot.reserve(tile.atoms.count * 4 * width)
    scratch.tBarDot.clear(tile.atoms.count * 4 * width)
    for (position, atom) in tile.atoms.enumerated() {
      let tBarDot = scratch.tBarDot.row(position, 4 * width), dBarDot = scratch.square.base
      narrow(rowsBarDot.row(atom, width * axis), into: dBarDot)
      addSquareAdjoint(dBarDot, t.row(atom, 4 * width), to: tBarDot, width: width, axis: axis)
      addSquareAdjoint(
        dBar.row(atom, width * axis), tDot.row(atom, 4 * width), to: tBarDot, width: width,
        axis: axis)
    }
    for type in 0..<descriptor.typeCount {
      guard let embedding = embed(tile, type, scratch, forTraining: true) else { continue }
      fillOutputAdjoints(scratch)
      embedding.backward(parameters.base, on: scratch.tape)
      fillInputTangents(scratch, along: pairsDot)
      embedding.tangent(parameters.base, on: scratch.tape)
      fillOutputAdjointTangents(scratch, tile)
      embedding.backwardTangent(parameters.base, on: scratch.tape, addingTo: gradient)
    }
  }
}
