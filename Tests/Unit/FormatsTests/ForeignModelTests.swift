import Atoms
import DeepPotential
import Diagnostics
import Files
import ForeignModels
import Foundation
import Models
import TestSupport
import Testing

/// Models of DeePMD-kit in other files than `.dp`, with the numbers that its programs gave.
struct ForeignModelTests {
  static let folder = fixtures.appending(path: "foreign")
  /// A folder with models of DeePMD-kit's own tests, which are not part of this package.
  static let oldModels = ProcessInfo.processInfo.environment["DP_OLD_MODELS"]

  // The numbers of the compressed model are those of its tables; here its nets are evaluated.
  @Test(arguments: [
    ("pb_two", 1e-10), ("pb_float32", 2e-6), ("pb_attention", 1e-10), ("pth_compressed", 1e-8),
    ("pt_multitask", 1e-10), ("yaml_se_e2_r", 1e-10),
  ]) func `a model gives the numbers of the program that wrote it`(
    name: String, tolerance: Double
  ) throws {
    try check(name, in: Self.folder, tolerance)
  }

  @Test(
    .enabled(if: oldModels != nil, "DP_OLD_MODELS names no folder"),
    arguments: ["pb012_se_e2_a", "pb22_fparam_aparam", "pb22_se_atten"])
  func `an old graph gives the numbers of the program that wrote it`(name: String) throws {
    try check(name, in: URL(filePath: #require(Self.oldModels)), 1e-10)
  }

  private func check(_ name: String, in folder: URL, _ tolerance: Double) throws {
    let record = try JSONDecoder().decode(
      JSONValue.self, from: Data(contentsOf: folder.appending(path: "\(name).json")))
    let file = try #require(record["model"]?.text)
    let choice = ModelChoice(branch: record["branch"]?.text)
    let model = try StoredModel.read(folder.appending(path: file).path, choice).model
    let configurations = record["configs"]?.elements ?? []
    try #require(!configurations.isEmpty)
    for configuration in configurations {
      let frame = try Frame(fixture: configuration)
      let prediction = try #require(Evaluator(threads: 1).predict([frame], with: model).first)
      let out = try #require(configuration["out"]), atoms = Double(frame.types.count)
      let forces = prediction.forces.flatMap { [$0.x, $0.y, $0.z] }
      expectEqual([prediction.energy], out["energy"], tolerance * atoms)
      expectEqual(prediction.atomEnergies, out["atom_energy"], tolerance)
      expectEqual(forces, out["force"], 10 * tolerance)
      if let virial = out["virial"], virial != .null {
        expectEqual(prediction.virial.rows, virial, 100 * tolerance)
      }
    }
  }
}
