import Atoms
import DeepPotential
import Files
import Foundation
import Models
import TestSupport
import Testing

/// Every energy model recorded from DeePMD-kit 3.2, in every configuration.
@Suite struct ParityTests {
  static let models = [
    "se_e2_a_oneside", "se_e2_a_twoside", "se_e2_a_resnetdt", "se_e2_a_fitshortcut",
    "se_e2_a_exclude", "se_e2_a_exclude_ptnets", "se_e2_a_exclude_oneside", "se_e2_a_envprot",
    "se_e2_a_slotstat", "se_e2_a_smallsel", "se_e2_a_float32", "se_e2_a_pairexcl",
    "se_e2_a_davgzero", "ener_fparam_aparam", "ener_atom_ener",
  ]

  @Test(arguments: models + descriptorFixtures + messageFixtures)
  func `predictions are DeePMD-kit's`(name: String) throws {
    let model = try StoredModel.read(fixtures.appending(path: name + ".dp").path).model
    let isSingle = name.hasSuffix("_float32")
    let energyTolerance = isSingle ? 1e-6 : 1e-9, forceTolerance = isSingle ? 1e-5 : 1e-8
    let configurations = try fixture(name + ".json")["configs"]?.elements ?? []
    #expect(configurations.count >= 3)
    for configuration in configurations {
      let frame = try Frame(fixture: configuration)
      let prediction = try #require(Evaluator(threads: 2).predict([frame], with: model).first)
      let out = try #require(configuration["out"])
      let atoms = Double(frame.types.count)
      expectEqual([prediction.energy], out["energy"], energyTolerance * atoms)
      expectEqual(prediction.atomEnergies, out["atom_energy"], energyTolerance)
      expectEqual(prediction.forces.flatMap { [$0.x, $0.y, $0.z] }, out["force"], forceTolerance)
      expectEqual(prediction.virial.rows, out["virial"], forceTolerance)
    }
  }

  @Test func `centers with more neighbors than slots are counted`() throws {
    let model = try StoredModel.read(fixtures.appending(path: "se_e2_a_smallsel.dp").path).model
    let first = try #require(try fixture("se_e2_a_smallsel.json")["configs"]?.elements.first)
    let evaluator = Evaluator(threads: 1)
    _ = evaluator.predict([try Frame(fixture: first)], with: model)
    #expect(evaluator.truncatedCenters > 0)
  }
}
