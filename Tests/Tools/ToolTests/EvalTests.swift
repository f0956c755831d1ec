import Datasets
import Files
import Foundation
import Models
import TestSupport
import Testing

/// dp-eval against what `dp test` and `dp model-devi` printed for the same models and data.
struct EvalTests {
  /// Runs dp-eval where the fixtures are, so that systems have their short names.
  private func eval(_ arguments: [String]) throws -> Finished {
    try runTool("dp-eval", arguments, in: fixtures)
  }

  private func sample(_ name: String) throws -> String {
    try String(contentsOf: fixtures.appending(path: "samples/\(name)"), encoding: .utf8)
  }

  /// The errors that `dp test` logged, block by block: "Energy MAE" and so on, without units.
  private func logged() throws -> [[Double]] {
    try sample("dp_test.log").split(separator: "\n").reduce(into: []) { blocks, line in
      if line.contains("testing system") || line.contains("weighted average") { blocks.append([]) }
      guard let match = line.firstMatch(of: /(?:MAE|RMSE)[^:]*: ([0-9.e+-]+) eV/),
        let value = Double(match.1)
      else { return }
      blocks[blocks.count - 1].append(value)
    }
  }

  @Test func `errors are those of dp test, per system and overall`() throws {
    let run = try eval(["se_e2_a_oneside.dp", "train_data.hdf5", "--json"])
    #expect(run.exitCode == 0)
    let json = try JSONValue(parsing: run.output.utf8, at: "output")
    let found = (json["systems"]?.elements ?? []) + [json["overall"] ?? .null]
    let expected = try logged()
    #expect(found.count == 4 && expected.count == 4)
    let names = ["energy", "energy_per_atom", "force", "virial", "virial_per_atom", "stress"]
    for (system, values) in zip(found, expected) {
      let errors = names.compactMap { system["errors"]?[$0] }
      let numbers = errors.flatMap { error -> [Double] in
        [error["mae"]?.double ?? 0, error["rmse"]?.double ?? 0]
      }
      #expect(numbers.count == values.count)
      // The log has seven digits.
      for (number, value) in zip(numbers, values) { #expect(abs(number - value) <= 6e-7 * value) }
    }
  }

  @Test func `the table has the numbers of dp test in its digits`() throws {
    let run = try eval(["se_e2_a_oneside.dp", "train_data.hdf5"])
    #expect(run.exitCode == 0)
    let tables = run.output.matches(of: /([0-9.]+e[+-][0-9]+) +([0-9.]+e[+-][0-9]+)/)
    let numbers = tables.flatMap { [String($0.1), String($0.2)] }
    let expected = try logged().flatMap(\.self).map { String(format: "%.6e", $0) }
    #expect(numbers == expected)
  }

  @Test func `detail files are those of dp test`() throws {
    try withTemporaryFolder { folder in
      let prefix = folder.appending(path: "detail").path
      let run = try eval(["se_e2_a_oneside.dp", "train_data.hdf5", "--detail", prefix])
      #expect(run.exitCode == 0)
      let kinds = ["e", "e_peratom", "f", "s", "v", "v_peratom"]
      let names = try contents(of: folder)
      #expect(names == kinds.map { "detail.\($0).out" })
      for kind in kinds {
        let name = "detail.\(kind).out"
        let found = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        expectSame(found, try sample(name), within: 1e-12)
      }
    }
  }

  @Test(arguments: [
    ("model_devi.out", []), ("model_devi_relative.out", ["--relative", "1"]),
    ("model_devi_atomic_realerror.out", ["--atomic", "--real-error"]),
  ])
  func `model deviations are those of dp model-devi`(name: String, options: [String]) throws {
    let run = try eval(
      ["se_e2_a_oneside.dp", "data/a", "--frequency", "10"] + options + ["-m", "train_init.dp"])
    #expect(run.exitCode == 0)
    // Seven digits are printed; the last one may be rounded the other way.
    expectSame(run.output, try sample(name), within: 2e-6)
    let columns = zip(run.output.split(separator: "\n"), try sample(name).split(separator: "\n"))
    for (line, expected) in columns.dropFirst() { #expect(line.count == expected.count) }
  }

  /// Expects the same lines, numbers to `tolerance` of themselves or of 0.1, and their header but
  /// for the folder.
  private func expectSame(_ found: String, _ expected: String, within tolerance: Double) {
    let lines = found.split(separator: "\n")
    let wanted = expected.replacing("FIXTURES/", with: "").split(separator: "\n")
    #expect(lines.count == wanted.count)
    for (line, other) in zip(lines, wanted) {
      if other.hasPrefix("#") {
        #expect(line == other)
        continue
      }
      let numbers = line.split(separator: " ").compactMap { Double($0) }
      let values = other.split(separator: " ").compactMap { Double($0) }
      #expect(numbers.count == values.count && !values.isEmpty)
      for (x, y) in zip(numbers, values) { #expect(abs(x - y) <= tolerance * max(abs(y), 0.1)) }
    }
  }

  @Test func `predictions are a dataset on which the model makes no error`() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "predictions.h5").path
      let first = try eval(
        ["se_e2_a_oneside.dp", "train_data.hdf5", "-n", "2", "--predictions", path])
      #expect(first.exitCode == 0)
      let run = try eval(["se_e2_a_oneside.dp", path, "--json"])
      let json = try JSONValue(parsing: run.output.utf8, at: "output")
      #expect(json["overall"]?["frames"]?.int == 6)
      guard case .object(let errors)? = json["overall"]?["errors"] else { return }
      #expect(errors.count == 6)
      #expect(errors.values.allSatisfy { $0["rmse"]?.double == 0 })
    }
  }

  @Test func `atoms with more neighbors than slots are counted and reported`() throws {
    let run = try eval(["se_e2_a_smallsel.dp", "data/a", "--json"])
    #expect(run.exitCode == 0)
    #expect(run.messages.contains("more neighbors than the model has slots"))
    let json = try JSONValue(parsing: run.output.utf8, at: "output")
    #expect((json["overall"]?["truncated_atoms"]?.int ?? 0) > 0)
    let enough = try eval(["se_e2_a_oneside.dp", "data/a", "--json"])
    let none = try JSONValue(parsing: enough.output.utf8, at: "output")
    #expect(none["overall"]?["truncated_atoms"] == 0)
  }

  @Test func `an element that the model does not know exits 65 and is listed`() throws {
    try withTemporaryFolder { folder in
      var systems = try readSystems(at: fixtures.appending(path: "data/b").path)
      systems[0].typeNames = systems[0].typeNames?.map { $0 == "H" ? "Xe" : $0 }
      let path = folder.appending(path: "xenon.h5").path
      try writeSystems(systems, toHDF5: path)
      let run = try eval(["se_e2_a_oneside.dp", path])
      #expect(run.exitCode == 65)
      #expect(run.messages.contains("Xe"))
      #expect(run.output.isEmpty)
    }
  }

  @Test func `a damaged model and data that are none exit 65`() throws {
    try withTemporaryFolder { folder in
      let model = folder.appending(path: "model.dp")
      try FileManager.default.copyItem(
        at: fixtures.appending(path: "se_e2_a_oneside.dp"), to: model)
      let handle = try FileHandle(forWritingTo: model)
      try handle.truncate(atOffset: 9000)
      try handle.close()
      let damaged = try eval([model.path, "data/a"])
      #expect(damaged.exitCode == 65)
      let swapped = try eval(["train_data.hdf5", "se_e2_a_oneside.dp"])
      #expect(swapped.exitCode == 65)
      #expect(swapped.messages.contains("is an HDF5 file but no model"))
    }
  }

  @Test func `options that contradict each other exit 64`() throws {
    for arguments in [
      ["se_e2_a_oneside.dp"], ["a.dp", "data/a", "-n", "-1"], ["a.dp", "data/a", "--atomic"],
      ["a.dp", "data/a", "--predictions", "data/a"],
      ["a.dp", "data/a", "--models", "b.dp", "--frequency", "0"],
    ] {
      let run = try eval(arguments)
      #expect(run.exitCode == 64, "\(arguments)")
      #expect(run.output.isEmpty)
    }
  }

  @Test func `models of different type maps are not compared`() throws {
    try withTemporaryFolder { folder in
      var other = try StoredModel.read(fixtures.appending(path: "train_init.dp").path)
      other.model.typeMap = ["O", "D"]
      let path = folder.appending(path: "other.h5").path
      try other.write(to: path)
      let run = try eval(["se_e2_a_oneside.dp", "data/a", "--models", path])
      #expect(run.exitCode == 65)
      #expect(run.messages.contains("O D"))
    }
  }
}
