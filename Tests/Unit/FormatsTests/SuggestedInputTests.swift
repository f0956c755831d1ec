import Atoms
import Configuration
import Foundation
import Testing

/// What is suggested for data of every size; docs/PIPELINE.md has the rule.
struct SuggestedInputTests {
  private func describe(
    _ frames: Int, _ atoms: Int, elements: [String] = ["Al"],
    labels: Set<String> = ["energy", "force"], validation: Int = 1
  ) -> DataDescription {
    DataDescription(
      elements: elements, parts: [.init(frames: frames, atoms: atoms)], labels: labels,
      validationFrames: validation)
  }

  @Test func `ten frames get small networks and many epochs`() {
    let tiny = SuggestedInput(for: describe(10, 6))
    #expect(tiny.embedding == [10, 20, 40] && tiny.axis == 8 && tiny.fitting == [64, 64, 64])
    #expect(tiny.steps == 10_000 && tiny.decaySteps == 50)
    #expect(tiny.startRate == "0.005" && tiny.stopRate == "1e-4")
  }

  @Test func `data of middle size get what lies between`() {
    // 5000 batches of one frame, fifty times, as a round number.
    let middle = SuggestedInput(for: describe(5000, 64))
    #expect(middle.embedding == [25, 50, 100] && middle.fitting == [120, 120, 120])
    #expect(middle.steps == 400_000 && middle.decaySteps == 2000)
    #expect(SuggestedInput(for: describe(700, 100)).steps == 40_000)
  }

  @Test func `ten thousand frames of a hundred atoms get DeePMD-kit's networks and rate`() {
    let large = SuggestedInput(for: describe(10_000, 100))
    #expect(large.fitting == [240, 240, 240] && large.axis == 16)
    #expect(large.steps == 400_000)
    #expect(large.startRate == "0.001" && large.stopRate == "3.5e-8")
  }

  @Test func `many elements get more atoms a step, and a number of steps is taken as given`() {
    let alloy = SuggestedInput(
      for: describe(100, 10, elements: ["Al", "Cu", "Fe", "Mg", "Ni", "Zn"]))
    #expect(alloy.batchAtoms == 48)
    let given = SuggestedInput(for: describe(100, 10), steps: 7)
    #expect(given.steps == 7 && given.decaySteps == 1)
  }

  @Test(
    arguments: [
      Set(["energy"]), ["energy", "force"], ["energy", "force", "virial"], ["force"],
    ], [0, 1, 50])
  func `the text is an input whose terms are those of the labels`(
    labels: Set<String>, validation: Int
  ) throws {
    let data = describe(30, 8, elements: ["H", "O"], labels: labels, validation: validation)
    for steps in [nil, 1, 150] {
      let text = SuggestedInput(for: data, steps: steps).text(
        training: ["a \"b\".h5"], validation: ["v.h5"])
      let input = try TrainingInput(Data(text.utf8), place: "input.json")
      #expect(input.model.typeMap == ["H", "O"])
      #expect(input.trainingData.systems == ["a \"b\".h5"])
      #expect(Set((input.loss.energy?.activeTerms ?? []).map { "\($0)" }) == labels)
      #expect((input.validationData == nil) == (validation == 0))
      #expect((input.validating == nil) == (validation == 0))
    }
  }

  @Test func `elements are those of the atoms, and data without labels are refused`() throws {
    var system = AtomicSystem(
      place: "x", typeNames: ["O", "H", "Na"], types: [0, 1, 1], isPeriodic: false, frameCount: 2,
      positions: Array(repeating: 0, count: 18), cells: [], labels: ["energy": [1, 2]])
    let found = try DataDescription([OpenSystem(system)], validationFrames: 0)
    #expect(found.elements == ["H", "O"] && found.labels == ["energy"] && found.frames == 2)
    #expect(found.numbersToLearn == 2)
    system.labels = [:]
    #expect(throws: (any Error).self) {
      try DataDescription([OpenSystem(system)], validationFrames: 0)
    }
    system.typeNames = nil
    #expect(throws: (any Error).self) {
      try DataDescription([OpenSystem(system)], validationFrames: 0)
    }
  }
}
