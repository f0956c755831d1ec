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
      try require(prediction.frameValue)
      results.place(k, atoms: request.atoms).put(prediction)
      warn()
    }
  }

  /// Answers for all frames with one neighbor list, which holds for each of them.
  func answer(_ request: Request, _ list: NeighborList, into results: Results) throws {
    let own = request.atoms - request.ghosts
    let ghosts = passesMessages ? try list.ghostSwaps(own: own, count: request.atoms) : nil
    // With other processes a process without atoms takes part, too.
    let none = ghosts.map { _ in ListedAtoms.none }
    guard let positions = request.coordinates ?? none?.positions,
      let types = request.types ?? none?.types
    else {
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
        atoms.ghosts = ghosts
        if k == 0 && request.listIsNew { try atoms.checkLists() }
        try put(atoms, into: results.place(k, atoms: request.atoms))
      }
    }
  }

  /// Throws `.data` if the last call predicted `frameValue`, and that is no number.
  func require(_ frameValue: [Double]) throws {
    try evaluator.requireReach(of: model, at: name)
    guard frameValue.allSatisfy(\.isFinite) else { throw ToolError.noNumbers(at: name) }
  }

  /// Copies the results of one frame to the places that the caller gave.
  private func put(_ atoms: ListedAtoms, into results: Results) throws {
    var places = ListedPrediction()
    places.forces = results.forces
    places.atomValues = results.atomValues
    places.atomVirials = results.atomVirials
    let sums = evaluator.predict(atoms, with: model, into: places)
    results.put(sums)
    try require(sums.frameValue)
    let ghosts = atoms.count - atoms.ownCount
    let width = results.width
    results.atomValues?.advanced(by: width * atoms.ownCount).update(
      repeating: 0, count: width * ghosts)
    warn()
  }
}

extension ListedAtoms {
  /// Memory for no atoms.
  static var none: (positions: UnsafePointer<Double>, types: UnsafePointer<Int32>) {
    (UnsafePointer(noPosition), UnsafePointer(noType))
  }
}

// Unsafe: nobody reads or writes it.
nonisolated(unsafe) private let noPosition = UnsafeMutablePointer<Double>.allocate(capacity: 1)
nonisolated(unsafe) private let noType = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

extension Results {
  fileprivate func put(_ prediction: Prediction) {
    putFrame(prediction.frameValue)
    put(prediction.atomValues, at: atomValues)
    put(prediction.virial.rows, at: virials)
    for (k, force) in prediction.forces.enumerated() {
      for axis in 0..<3 { forces?[3 * k + axis] = force[axis] }
      if let atomVirials { put(prediction.atomVirials[k].rows, at: atomVirials + 9 * k) }
    }
  }

  fileprivate func put(_ sums: ListedSums) {
    putFrame(sums.frameValue)
    put(sums.virial.rows, at: virials)
  }

  /// Writes the value of a frame: zeros if there is none.
  private func putFrame(_ value: [Double]) {
    put(value.isEmpty ? Array(repeating: 0, count: width) : value, at: frameValues)
  }

  private func put(_ numbers: [Double], at place: UnsafeMutablePointer<Double>?) {
    guard let place else { return }
    for (k, value) in numbers.enumerated() { place[k] = value }
  }
}
