import Atoms
import DeepPotential
import Testing
import Training

private let cell = Cell(SIMD3(2, 0, 0), SIMD3(0, 2, 0), SIMD3(0, 0, 2))

/// A frame of two atoms, labels all zero but where said, and predictions that are off by known
/// amounts.
private func example(
  periodic: Bool = true, energyError: Double = 3, virialError: Double = 4
) -> (prediction: Prediction, frame: Frame, labels: FrameLabels) {
  var labels = FrameLabels()
  labels.energy = -10
  labels.forces = [.zero, SIMD3(1, 1, 1)]
  labels.virial = .zero
  labels.forceWeights = [3, 1]
  let prediction = Prediction(
    energy: -10 + energyError, atomEnergies: [0, 0],
    forces: [SIMD3(1, -2, 0), SIMD3(1, 1, 4)],
    virial: Matrix3(rows: [virialError, 0, 0, 0, -virialError, 0, 0, 0, virialError]))
  let frame = Frame(
    types: [0, 0], positions: [.zero, SIMD3(1, 0, 0)], cell: periodic ? cell : nil)
  return (prediction, frame, labels)
}

private func errors(_ examples: [(Prediction, Frame, FrameLabels)]) -> EvaluationErrors {
  examples.reduce(into: EvaluationErrors(of: .energy)) { $0.add($1.0, of: $1.1, against: $1.2) }
}

@Test func `errors of one frame follow from their definitions`() throws {
  let found = errors([example()]).sums
  #expect(found[.energy]?.meanAbsolute == 3 && found[.energyPerAtom]?.rootMeanSquare == 1.5)
  // Force errors are 1, -2, 0, 0, 0, 3.
  #expect(found[.force]?.meanAbsolute == 1)
  #expect(found[.force]?.rootMeanSquare == (14.0 / 6).squareRoot())
  // Weighted: 3 (1 + 2) + 3 over 3 · 3 + 3.
  #expect(found[.forceWeighted]?.meanAbsolute == 1)
  #expect(found[.forceWeighted]?.rootMeanSquare == 2.0.squareRoot())
  #expect(found[.virial]?.meanAbsolute == 4.0 / 3)
  #expect(found[.virialPerAtom]?.rootMeanSquare == (4.0 / 3).squareRoot())
  // The volume is 8 Å³.
  #expect(found[.stress]?.meanAbsolute == 1.0 / 6)
}

@Test func `errors of forces count for the element of their atom, those of padding for none`() {
  var (prediction, frame, labels) = example()
  frame.types = [1, 0]
  let found = errors([(prediction, frame, labels)]).forcesByType
  #expect(found[1]?.rootMeanSquare == (5.0 / 3).squareRoot())
  #expect(found[0]?.meanAbsolute == 1 && found[0]?.rootMeanSquare == 3.0.squareRoot())
  frame.types = [1, -1]
  #expect(Array(errors([(prediction, frame, labels)]).forcesByType.keys) == [1])
}

@Test func `what has no label or no cell has no error`() {
  var (prediction, frame, labels) = example(periodic: false)
  #expect(errors([(prediction, frame, labels)]).sums[.virial] == nil)
  #expect(errors([(prediction, frame, labels)]).sums[.stress] == nil)
  labels = FrameLabels()
  frame.cell = cell
  prediction.energy = 5
  #expect(errors([(prediction, frame, labels)]).sums.isEmpty)
}

@Test func `errors of two parts merge to the errors of the whole`() {
  let parts = [example(), example(energyError: -1, virialError: 2), example(energyError: 0.5)]
  let merged = errors(Array(parts.prefix(1))) + errors(Array(parts.suffix(2)))
  #expect(merged == errors(parts))
  #expect(merged.sums[.energy]?.meanAbsolute == 1.5)
}

@Test func `equal models do not deviate, and a pair deviates by half its difference`() {
  let one = example().prediction
  let same = ModelDeviation([one, one, one], against: nil, relative: nil)
  #expect(same.force.largest == 0 && same.virial.average == 0 && same.energy == 0)
  var other = one
  other.energy += 4
  other.forces[1] += SIMD3(0, 6, 8)
  other.virial.x.x += 12
  let pair = ModelDeviation([one, other], against: nil, relative: nil)
  #expect(pair.energy == 1)  // 4 over two atoms, half of it
  #expect(pair.atomForces == [0, 5])
  #expect(pair.force.average == 2.5 && pair.force.smallest == 0)
  #expect(pair.virial.largest == 3 && pair.virial.average == 1)
}

@Test func `a relative deviation divides by the mean force plus the level`() {
  let one = example().prediction
  var other = one
  other.forces[0] = SIMD3(5, -2, 0)
  let found = ModelDeviation([one, other], against: nil, relative: 0.5)
  #expect(abs(found.atomForces[0] - 2 / (13.0.squareRoot() + 0.5)) < 1e-15)
}

@Test func `real errors compare with the labels, and what has none is not a number`() {
  var (prediction, _, labels) = example()
  labels.virial = nil
  let found = ModelDeviation([prediction], against: labels, relative: nil)
  #expect(found.energy == 1.5)
  #expect(found.atomForces == [Double(5).squareRoot(), 3])
  #expect(found.virial.largest.isNaN && found.virial.average.isNaN)
  prediction.forces[0] = .zero
  let relative = ModelDeviation([prediction], against: labels, relative: 1)
  #expect(abs(relative.atomForces[1] - 3 / (1 + 3.0.squareRoot())) < 1e-15)
}
