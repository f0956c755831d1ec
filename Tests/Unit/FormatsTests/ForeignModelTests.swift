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
    ("pt_multitask", 1e-10), ("yaml_se_e2_r", 1e-10), ("pb_se_e2_r_pairs", 1e-10),
    ("pb_type_electrons", 1e-10), ("pt_electrons", 1e-10), ("pb_exclude_compressed", 1e-10),
    ("pb_r_compressed", 1e-10), ("pb_hyb_compressed", 1e-10), ("pt_dpa2", 1e-10),
    ("pt_dpa3", 1e-10), ("pb_small_sel", 1e-10),
  ]) func `a model gives the numbers of the program that wrote it`(
    name: String, tolerance: Double
  ) throws {
    try check(name, in: Self.folder, tolerance)
  }

  @Test func `neighbors of a graph are left out by type, which a file for DeePMD-kit cannot say`()
    throws
  {
    let stored = try StoredModel.read(Self.folder.appending(path: "pb_small_sel.pb").path)
    #expect(stored.model.truncatesByType)
    #expect(stored.model.reordered(to: stored.model.typeMap.reversed()).truncatesByType)
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "model.h5").path
      try stored.write(to: path)
      #expect(try StoredModel.read(path).model == stored.model)
    }
    let notices = Notices.collected { try? stored.requireLayout(of: "x.dp") }.notices
    #expect(notices.contains { $0.contains("the nearest of each type") })
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

  @Test func `a model in YAML is the model that was written`() throws {
    for name in ["pb_two.pb", "pb_float32.pb", "pb_se_e2_r_pairs.pb", "pb_attention.pb"] {
      let stored = try StoredModel.read(Self.folder.appending(path: name).path)
      try withTemporaryFolder { folder in
        let path = folder.appending(path: "model.yaml").path
        try stored.write(to: path)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        // To other readers of YAML 1.1 a number without a point is a text.
        #expect(text.firstMatch(of: /[ -]\d+e-?\d+\n/) == nil)
        let read = try StoredModel.read(path)
        #expect(read.model == stored.model && read.definition == stored.definition)
        #expect(read.minimumDistance == stored.minimumDistance)
        // DeePMD-kit would read nets for pairs as nets for types, were it not for the version.
        #expect(text.contains("'@version': 100\n") == name.contains("pairs"))
      }
    }
  }

  @Test func `names of elements that mean something else in YAML stay names`() throws {
    let names: [JSONValue] = ["No", "Y", "N", "null", "1e5", "O'", "é\n", "", "- a", "a: b", "~"]
    let tree: JSONValue = [
      "model": ["type_map": .array(names), "No": [[[], [:]], [1, -0.0, 1e-300], .null, true]]
    ]
    let text = ForeignModel(tree: tree, arrays: [:]).yaml
    let read = try ForeignModel(Array("'@class': x\n\(text)".utf8), name: "x.yaml")
    #expect(read?.tree["model"] == tree["model"])
  }

  @Test func `a graph with a net for each pair is trained on with these nets`() throws {
    let model = try StoredModel.read(Self.folder.appending(path: "pb_se_e2_r_pairs.pb").path).model
    #expect(model.descriptor.embeddings.count == 4)
    let turned = model.reordered(to: ["H", "O"])
    let frame = try Frame(
      fixture: fixture("foreign/pb_se_e2_r_pairs.json")["configs"]?.elements[0] ?? .null)
    var other = frame
    other.types = frame.types.map { 1 - $0 }
    let energies = try [(frame, model), (other, turned)].map {
      try #require(Evaluator(threads: 1).predict([$0.0], with: $0.1).first).energy
    }
    #expect(abs(energies[0] - energies[1]) < 1e-11)
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
