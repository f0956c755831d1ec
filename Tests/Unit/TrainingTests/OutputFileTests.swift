import Atoms
import DeepPotential
import Files
import Logs
import Runs
import TestSupport
import Testing
import Training

/// The detail files of `predictions` for `smallFrame`, by suffix.
private func details(
  _ output: OutputDefinition, _ predictions: [(Prediction, FrameLabels)]
) -> [String: [String]] {
  var text = DetailText(of: output)
  for (prediction, labels) in predictions {
    text.add(prediction, of: smallFrame, against: labels, system: "s")
  }
  return Dictionary(
    uniqueKeysWithValues: text.files.map { suffix, content in
      (suffix, String(decoding: content, as: UTF8.self).split(separator: "\n").map(String.init))
    })
}

/// The numbers of a row as detail files have them.
private func row(_ values: [Double]) -> String {
  var text = NumberText()
  text.appendRow(values)
  return String(decoding: text.bytes.dropLast(), as: UTF8.self)
}

@Test func `details of energies have a row a frame and a row an atom, missing labels are zero`() {
  let prediction = Prediction(
    energy: 6, atomEnergies: [2, 4, 0], forces: [SIMD3(1, 2, 3), .zero, .zero], virial: .zero)
  let files = details(.energy, [(prediction, FrameLabels(["energy": [4]])), (prediction, .init())])
  // Without a label of the virial there are rows of virials, but none of stresses.
  #expect(
    files.keys.sorted() == [".e.out", ".e_peratom.out", ".f.out", ".v.out", ".v_peratom.out"])
  #expect(files[".e.out"] == ["# s: data_e pred_e", row([4, 6]), row([0, 6])])
  #expect(files[".e_peratom.out"] == ["# s: data_e pred_e", row([2, 3]), row([0, 3])])
  #expect(files[".f.out"]?.count == 7)
  #expect(files[".f.out"]?[1] == row([0, 0, 0, 1, 2, 3]))
}

@Test func `details of atoms have a row an atom, and those of means no parts`() {
  let q = Prediction(of: charge, atomValues: [1, 2, 0], types: smallFrame.types)
  #expect(
    details(charge, [(q, FrameLabels(["atom_charge": [3, 4, 0]]))]) == [
      ".aq.out": ["# s: data_q pred_q", row([3, 1]), row([4, 2]), row([0, 0])]
    ])
  let means = Prediction(of: gap, atomValues: [1, 5, 3, 9, 0, 0], types: smallFrame.types)
  #expect(
    details(gap, [(means, .init())]) == [
      ".gap.out": ["# s: data_gap0 data_gap1 pred_gap0 pred_gap1", row([0, 0, 2, 7])]
    ])
}

@Test func `predictions stand for the labels of their output`() {
  let system = AtomicSystem(
    place: "s", typeNames: ["O", "H"], types: [1, 0], isPeriodic: true, frameCount: 2,
    positions: (0..<12).map(Double.init), cells: (0..<18).map(Double.init),
    labels: ["energy": [1, 2], "fparam": [7, 8], "gap": [1, 2, 3, 4]])
  func predicted(_ output: OutputDefinition, _ prediction: Prediction) -> [String: [Double]] {
    var gathered = PredictedSystem(system, frameCount: 1, of: output)
    gathered.add(prediction)
    return gathered.result.labels
  }
  let types = system.types
  #expect(
    predicted(charge, Prediction(of: charge, atomValues: [1, 2], types: types))
      == ["atom_charge": [1, 2], "fparam": [7]])
  #expect(
    predicted(gap, Prediction(of: gap, atomValues: [1, 2, 3, 4], types: types))
      == ["gap": [2, 3], "fparam": [7]])
  let energy = Prediction(
    energy: 5, atomEnergies: [2, 3], forces: [[1, 2, 3], [4, 5, 6]],
    virial: Matrix3(rows: (0..<9).map(Double.init)))
  #expect(
    predicted(.energy, energy) == [
      "energy": [5], "force": [1, 2, 3, 4, 5, 6], "virial": (0..<9).map(Double.init),
      "fparam": [7],
    ])
}

@Test func `the table and the JSON of errors have the rows of the output`() throws {
  var systems = ["a", "b"].map { EvaluatedSystem(place: $0, atomCount: 2, of: gap) }
  let prediction = Prediction(of: gap, atomValues: [1, 5, 3, 9, 0, 0], types: smallFrame.types)
  systems[0].errors.add(prediction, of: smallFrame, against: FrameLabels(["gap": [1, 10]]))
  let text = EvaluatedSystem.text(systems)
  let rows = text.split(separator: "\n").filter { $0.hasPrefix("  gap") }
  #expect(rows == Array(repeating: "  gap             2.000000e+00    2.236068e+00", count: 2))
  #expect(!text.contains("force") && text.contains("  no labels\n"))
  let json = EvaluatedSystem.json(systems, typeMap: ["O", "H"])
  let mae = json["overall"]?["errors"]?["gap"]?["mae"]
  #expect(mae?.double == 2 && json["overall"]?["errors"]?["energy"] == nil)
}
