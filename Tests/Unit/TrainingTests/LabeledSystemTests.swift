import Atoms
import DeepPotential
import Diagnostics
import TestSupport
import Testing
import Training

/// One frame of H, O, H with labels whose numbers tell which atom they belong to.
private func system() -> AtomicSystem {
  AtomicSystem(
    place: "w", typeNames: ["H", "O"], types: [0, 1, 0], isPeriodic: true, frameCount: 2,
    positions: (0..<18).map(Double.init),
    cells: [3, 0, 0, 0, 3, 0, 0, 0, 3, 4, 0, 0, 0, 4, 0, 0, 0, 4],
    labels: [
      "energy": [-1, -2], "force": (0..<18).map { -Double($0) },
      "virial": (0..<18).map(Double.init),
      "aparam": (0..<12).map(Double.init), "fparam": [7, 8], "atom_ener": [0, 1, 2, 3, 4, 5],
      "drdq": (0..<36).map(Double.init),
    ])
}

@Test func `atoms and all their labels are sorted by the model's types together`() throws {
  let labeled = try LabeledSystem(
    system(), typeMap: ["O", "H"], inputs: ModelInputs(frameParameters: 1, atomParameters: 2))
  let (found, order) = try labeled.orderedFrame(1)
  let (frame, labels) = (found.frame, found.labels)
  #expect(order == [1, 0, 2])
  #expect(frame.types == [0, 1, 1])
  #expect(frame.positions == [[12, 13, 14], [9, 10, 11], [15, 16, 17]])
  #expect(labels.forces == [[-12, -13, -14], [-9, -10, -11], [-15, -16, -17]])
  #expect(frame.cell?.rows == [4, 0, 0, 0, 4, 0, 0, 0, 4])
  #expect(frame.frameParameters == [8])
  #expect(frame.atomParameters == [8, 9, 6, 7, 10, 11])
  #expect(labels.atomEnergies == [4, 3, 5])
  #expect(
    labels.generalizedDirections == [24..<30, 18..<24, 30..<36].flatMap { $0.map(Double.init) })
  #expect(labels.energy == -2)
  #expect(labels.virial == Matrix3(rows: (9..<18).map(Double.init)))
  #expect(labels.forceWeights == nil && labels.atomEnergyCoefficients == nil)
  #expect(labeled.has("force") && !labeled.has("atom_pref"))
}

@Test func `evaluation keeps the order of the file`() throws {
  let labeled = try LabeledSystem(system(), typeMap: ["O", "H"], sortingAtoms: false)
  #expect(try labeled.frame(0).frame.types == [1, 0, 1])
  #expect(try labeled.frame(0).frame.positions[1] == [3, 4, 5])
  #expect(try labeled.frame(0).frame.frameParameters.isEmpty)  // a model that takes none gets none
}

@Test func `parameters that the model takes must be there`() throws {
  var bare = system()
  bare.labels = [:]
  #expect(
    fails(as: .data) {
      try LabeledSystem(bare, typeMap: ["O", "H"], inputs: ModelInputs(frameParameters: 1))
    })
  #expect(
    fails(as: .data) {
      try LabeledSystem(bare, typeMap: ["O", "H"], inputs: ModelInputs(atomParameters: 2))
    })
  #expect(
    fails(as: .data) {
      try LabeledSystem(system(), typeMap: ["O", "H"], inputs: ModelInputs(frameParameters: 2))
    })
  #expect(try LabeledSystem(bare, typeMap: ["O", "H"]).frame(0).labels == FrameLabels())
}

@Test func `padding atoms come last, with labels of zero`() throws {
  let mixed = AtomicSystem(
    place: "m", typeNames: ["H", "O"], types: [0, 0, 0], frameTypes: [-1, 0, 1, 1, 0, 0],
    isPeriodic: false, frameCount: 2, positions: (0..<18).map(Double.init), cells: [],
    labels: ["force": (1...18).map(Double.init), "atom_ener": [9, 1, 2, 3, 4, 5]])
  let labeled = try LabeledSystem(mixed, typeMap: ["O", "H"])
  let (frame, labels) = (try labeled.frame(0).frame, try labeled.frame(0).labels)
  #expect(frame.types == [0, 1, -1])
  #expect(frame.positions.last == [0, 1, 2])
  #expect(labels.forces == [[7, 8, 9], [4, 5, 6], .zero])
  #expect(labels.atomEnergies == [2, 1, 0])
  #expect(try labeled.frame(1).frame.types == [0, 1, 1])
}
