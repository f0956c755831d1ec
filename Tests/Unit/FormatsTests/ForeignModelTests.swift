import Atoms
import DeepPotential
import Diagnostics
import Files
import ForeignModels
import Foundation
import HDF5
import Models
import TestSupport
import Testing

/// Models of DeePMD-kit in other files than `.dp`, with the numbers that its programs gave.
struct ForeignModelTests {
  static let folder = fixtures.appending(path: "foreign")
  /// A folder with models of DeePMD-kit's own tests, which are not part of this package.
  static let oldModels = ProcessInfo.processInfo.environment["DP_OLD_MODELS"]

  @Test(arguments: [
    ("pb_two", 1e-10), ("pb_float32", 2e-6), ("pb_attention", 1e-10), ("pth_compressed", 1e-10),
    ("pt_multitask", 1e-10), ("yaml_se_e2_r", 1e-10), ("pb_exclude_compressed", 1e-10),
    ("pb_r_compressed", 1e-10), ("pb_hyb_compressed", 1e-10),
  ]) func `a model gives the numbers of the program that wrote it`(
    name: String, tolerance: Double
  ) throws {
    try check(name, in: Self.folder, tolerance)
  }

  @Test(arguments: ["pb_exclude_compressed.pb", "pb_r_compressed.pb", "pth_compressed.pth"])
  func `tables are kept in a model file, and only nets make it one of DeePMD-kit`(
    name: String
  ) throws {
    let stored = try StoredModel.read(Self.folder.appending(path: name).path)
    let hasNets = name.hasSuffix("pth")
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "model.h5").path
      try stored.write(to: path)
      #expect(try StoredModel.read(path).model == stored.model)
      #expect(stored.model.descriptor.hasTablesAlone == !hasNets)
      let text = try HDF5File(reading: path).stringAttribute("json", of: "/") ?? ""
      let tree = try JSONValue(parsing: text.utf8, at: path)
      let type = tree["model"]?["descriptor"]?["type"]?.text
      #expect(type?.hasSuffix("_tabulated") == !hasNets)
      if hasNets { return try stored.requireLayout(of: "x.dp") }
      let error = #expect(throws: ToolError.self) { try stored.requireLayout(of: "x.dp") }
      #expect(error?.problem.contains("tables in place of its embedding nets") == true)
    }
  }

  @Test func `types in another order have their tables in that order`() throws {
    let model = try StoredModel.read(
      Self.folder.appending(path: "pb_exclude_compressed.pb").path
    ).model
    let record = try JSONDecoder().decode(
      JSONValue.self,
      from: Data(contentsOf: Self.folder.appending(path: "pb_exclude_compressed.json")))
    let turned = model.reordered(to: model.typeMap.reversed())
    #expect(turned.reordered(to: model.typeMap) == model)
    for configuration in record["configs"]?.elements ?? [] {
      var frame = try Frame(fixture: configuration)
      frame.types = frame.types.map { 1 - $0 }
      let energy = Evaluator(threads: 1).predict([frame], with: turned)[0].energy
      expectEqual([energy], configuration["out"]?["energy"], 1e-10)
    }
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
