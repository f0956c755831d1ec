import Atoms
import DeepPotential
import Diagnostics

extension LoadedModel {
  /// Answers for all frames, which have no list; results of a frame follow those of the one before.
  func answer(_ request: Request, into results: Results) throws {
    for k in 0..<request.frames {
      let frame = try request.frame(k, for: model)
      let wantsVirials = results.atomVirials != nil
      let prediction =
        wantsVirials
        ? evaluator.predictWithAtomVirials([frame], with: model)[0]
        : evaluator.predict([frame], with: model)[0]
      results.place(k, atoms: request.atoms).put(prediction)
      warnOfTruncation()
    }
  }

  /// Answers for one frame with a list.
  func answer(_ request: Request, _ list: NeighborList, into results: Results) throws {
    let own = request.atoms - request.ghosts
    guard request.frames == 1, own >= 0, request.ghosts >= 0 else {
      throw ToolError(
        .usage, at: "atoms",
        "\(counted(request.frames, "frame")) of \(counted(request.atoms, "atom")), \(request.ghosts) of them ghosts, were given with "
          + "a neighbor list, which is for one frame")
    }
    guard let positions = request.coordinates, let types = request.types else {
      return results.put(ListedSums())
    }
    let parameters = try request.parameters(of: 0, atoms: own, for: model)
    try list.withLists(own: own) { lists, counts in
      var atoms = ListedAtoms(
        ownCount: own, count: request.atoms, positions: positions, types: types, lists: lists,
        listCounts: counts, mask: list.mask)
      (atoms.frameParameters, atoms.atomParameters) = parameters
      if request.listIsNew { try atoms.checkLists() }
      var places = ListedPrediction()
      places.forces = results.forces
      places.atomEnergies = results.atomEnergies
      places.atomVirials = results.atomVirials
      results.put(evaluator.predict(atoms, with: model, into: places))
      results.atomEnergies?.advanced(by: own).update(repeating: 0, count: request.ghosts)
    }
    warnOfTruncation()
  }
}

extension Results {
  fileprivate func put(_ prediction: Prediction) {
    energies?.pointee = prediction.energy
    if let virials { put(prediction.virial, at: virials) }
    for (k, force) in prediction.forces.enumerated() {
      for axis in 0..<3 { forces?[3 * k + axis] = force[axis] }
      atomEnergies?[k] = prediction.atomEnergies[k]
      if let atomVirials { put(prediction.atomVirials[k], at: atomVirials + 9 * k) }
    }
  }

  fileprivate func put(_ sums: ListedSums) {
    energies?.pointee = sums.energy
    if let virials { put(sums.virial, at: virials) }
  }

  private func put(_ matrix: Matrix3, at place: UnsafeMutablePointer<Double>) {
    for (k, value) in matrix.rows.enumerated() { place[k] = value }
  }
}
