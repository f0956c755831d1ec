import Atoms
import DeepPotential
import Diagnostics
import TestSupport
import Testing
import Training

@Test func `the frame's value is a sum, a mean over real atoms, or none`() {
  let types = smallFrame.types
  #expect(OutputDefinition.energy.frameValue(of: [1, 2, 0], types: types) == [3])
  #expect(dipole.frameValue(of: [1, 2, 3, 4, 5, 6, 0, 0, 0], types: types) == [5, 7, 9])
  #expect(gap.frameValue(of: [1, 10, 2, 20, 0, 0], types: types) == [1.5, 15])
  #expect(charge.frameValue(of: [1, 2, 0], types: types).isEmpty)
}

@Test(arguments: [OutputDefinition.energy, dipole, gap])
func `a dependence on the frame's value is one on those of its atoms`(output: OutputDefinition) {
  // <slopes, frame value of y> = <adjoint, y> for any y of real atoms.
  let slopes = (0..<output.width).map { 1.5 - Double($0) }
  var adjoint = PredictionAdjoint(of: output, atoms: 3)
  adjoint.addFrameSlopes(slopes, of: output, types: smallFrame.types)
  for place in 0..<2 * output.width {
    var values = Array(repeating: 0.0, count: 3 * output.width)
    values[place] = 1
    let value = output.frameValue(of: values, types: smallFrame.types)
    #expect(adjoint.atomValues[place] == zip(slopes, value).reduce(0) { $0 + $1.0 * $1.1 })
  }
  #expect(adjoint.atomValues.suffix(output.width).allSatisfy { $0 == 0 })
  #expect(adjoint.forces.count == (output == .energy ? 3 : 0))
}

@Test func `data are read for the labels of the output, atoms' values in the atoms' order`() throws
{
  let system = AtomicSystem(
    place: "s", typeNames: ["H", "O"], types: [0, 1], isPeriodic: false, frameCount: 2,
    positions: (0..<12).map(Double.init), cells: [],
    labels: [
      "energy": [1, 2], "force": (0..<12).map(Double.init), "atom_charge": [10, 11, 20, 21],
      "gap": [5, 6, 7, 8],
    ])
  func labels(_ output: OutputDefinition) throws -> FrameLabels {
    try LabeledSystem(system, typeMap: ["O", "H"], output: output).frame(1).labels
  }
  #expect(try labels(charge) == FrameLabels(["atom_charge": [21, 20]]))
  #expect(try labels(gap) == FrameLabels(["gap": [7, 8]]))
  #expect(try labels(dipole) == FrameLabels())
  let energy = try labels(.energy)
  #expect(energy.values == ["energy": [2]] && energy.forces == [[9, 10, 11], [6, 7, 8]])
}

@Test func `labels of another width than the output's are refused`() throws {
  let system = AtomicSystem(
    place: "s", typeNames: ["O"], types: [0, 0], isPeriodic: false, frameCount: 1,
    positions: (0..<6).map(Double.init), cells: [], labels: ["gap": [1, 2, 3]])
  let error = #expect(throws: ToolError.self) {
    try LabeledSystem(system, typeMap: ["O"], output: gap)
  }
  #expect(error?.kind == .data && error?.problem.contains("gap has 3 numbers") == true)
}

@Test func `values of single atoms are compared of real atoms, and not divided`() {
  var errors = EvaluationErrors(of: charge)
  let prediction = Prediction(of: charge, atomValues: [1, 2, 9], types: smallFrame.types)
  errors.add(prediction, of: smallFrame, against: FrameLabels(["atom_charge": [0, 4, 0]]))
  errors.add(prediction, of: smallFrame, against: FrameLabels())
  #expect(errors.frameCount == 2 && errors.rows.map(\.quantity.key) == ["atom_charge"])
  #expect(errors.rows[0].sum.meanAbsolute == 1.5 && errors.rows[0].sum.weight == 2)
  #expect(errors.rows[0].sum.rootMeanSquare == 2.5.squareRoot())
  #expect(errors.forcesByType.isEmpty)
}

@Test func `a mean over atoms is compared as it is`() {
  var errors = EvaluationErrors(of: gap)
  let prediction = Prediction(of: gap, atomValues: [1, 5, 3, 9, 0, 0], types: smallFrame.types)
  errors.add(prediction, of: smallFrame, against: FrameLabels(["gap": [1, 10]]))
  #expect(errors.rows.map(\.quantity.key) == ["gap"])
  // The predicted means are 2 and 7.
  #expect(errors.rows[0].sum.meanAbsolute == 2 && errors.rows[0].quantity.unit.isEmpty)
}

@Test func `sums and their parts are both compared, energies of atoms are not`() {
  #expect(
    dipole.errorQuantities.map(\.key) == ["dipole", "dipole_per_atom", "atomic_dipole"])
  #expect(
    OutputDefinition.energy.errorQuantities.map(\.key) == [
      "energy", "energy_per_atom", "force", "force_weighted", "virial", "virial_per_atom",
      "stress",
    ])
}
