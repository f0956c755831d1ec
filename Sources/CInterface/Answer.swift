import DeepPotential
import Diagnostics

extension LoadedModel {
  /// Answers for all frames without a neighbor list; the results of the frames follow one another.
  func answer(_ request: Request, into results: Results) throws {
    for k in 0..<request.frames {
      let frame = try request.frame(k, for: model)
      let wantsVirials = results.atomVirials != nil
      let prediction =
        wantsVirials
        ? evaluator.predictWithAtomVirials([frame], with: model)[0]
        : evaluator.predict([frame], with: model)[0]
      results.place(k, atoms: request.atoms).put(prediction)
      warn()
    }
  }

  /// Answers for all frames with one neighbor list, which holds for each of them.
  func answer(_ request: Request, _ list: NeighborList, into results: Results) throws {
    try requireNoMessages()
    let own = request.atoms - request.ghosts
    guard let positions = request.coordinates, let types = request.types else {
      for k in 0..<request.frames { results.place(k, atoms: 0).put(ListedSums(of: model.output)) }
      return
    }
    try list.withLists(own: own) { lists, counts in
      for k in 0..<request.frames {
        var atoms = ListedAtoms(
          ownCount: own, count: request.atoms, positions: positions + 3 * k * request.atoms,
          types: types, lists: lists, listCounts: counts, mask: list.mask)
        (atoms.frameParameters, atoms.atomParameters) = try request.parameters(
          of: k, atoms: own, for: model)
        if k == 0 && request.listIsNew { try atoms.checkLists() }
        put(atoms, into: results.place(k, atoms: request.atoms))
      }
    }
  }

  /// Throws if atoms of the model exchange messages, for which the atoms of one process and their
  /// ghosts do not suffice.
  func requireNoMessages() throws {
    if model.descriptor.messages == nil { return }
    throw ToolError(
      .data, at: name,
      "atoms exchange messages in \(model.descriptor.options.name), which is not supported with a "
        + "neighbor list of another program",
      remedy: "use it without one: by ASE, i-PI, or dp-eval")
  }

  /// Copies the results of one frame to the places that the caller gave.
  private func put(_ atoms: ListedAtoms, into results: Results) {
    var places = ListedPrediction()
    places.forces = results.forces
    places.atomValues = results.atomValues
    places.atomVirials = results.atomVirials
    results.put(evaluator.predict(atoms, with: model, into: places))
    let ghosts = atoms.count - atoms.ownCount
    let width = results.width
    results.atomValues?.advanced(by: width * atoms.ownCount).update(
      repeating: 0, count: width * ghosts)
    warn()
  }
}

extension Results {
  fileprivate func put(_ prediction: Prediction) {
    put(prediction.frameValue, at: frameValues)
    put(prediction.atomValues, at: atomValues)
    put(prediction.virial.rows, at: virials)
    for (k, force) in prediction.forces.enumerated() {
      for axis in 0..<3 { forces?[3 * k + axis] = force[axis] }
      if let atomVirials { put(prediction.atomVirials[k].rows, at: atomVirials + 9 * k) }
    }
  }

  fileprivate func put(_ sums: ListedSums) {
    put(sums.frameValue, at: frameValues)
    put(sums.virial.rows, at: virials)
  }

  private func put(_ numbers: [Double], at place: UnsafeMutablePointer<Double>?) {
    guard let place else { return }
    for (k, value) in numbers.enumerated() { place[k] = value }
  }
}
