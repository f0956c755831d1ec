import Datasets
import Files
import Foundation
import Runs
import TestSupport
import Testing

/// dp-stat on good and on bad input, as its users run it.
struct StatTests {
  private static let data = fixtures.appending(path: "train_data.hdf5").path

  /// Writes the sample input to `folder`, naming the fixture data, after `change`.
  private func prepare(
    _ folder: URL, _ change: (inout [String: JSONValue]) -> Void = { _ in }
  ) throws {
    let text = try String(
      contentsOf: fixtures.appending(path: "samples/input.json"), encoding: .utf8)
    let named = text.replacing("FIXTURES", with: fixtures.path)
    guard case .object(var input) = try JSONValue(parsing: named.utf8, at: "input.json") else {
      return
    }
    change(&input)
    try JSONValue.object(input).serialized.write(
      to: folder.appending(path: "input.json"), atomically: false, encoding: .utf8)
  }

  /// Sets `key` of the descriptor in `input` to `value`.
  private func set(_ key: String, _ value: JSONValue, in input: inout [String: JSONValue]) {
    guard case .object(var model)? = input["model"],
      case .object(var descriptor)? = model["descriptor"]
    else { return }
    descriptor[key] = value
    model["descriptor"] = .object(descriptor)
    input["model"] = .object(model)
  }

  /// Runs dp-stat in a folder of its own on the sample input, after `change`.
  private func stat(
    _ arguments: [String], _ change: (inout [String: JSONValue]) -> Void = { _ in },
    check: (Finished, URL) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      try prepare(folder, change)
      try check(runTool("dp-stat", arguments, in: folder), folder)
    }
  }

  @Test func `statistics are written and reported, for DeePMD-kit's fixture as it computes them`()
    throws
  {
    let arguments = ["input.json", Self.data, "-o", "stat.h5", "--json"]
    try stat(arguments) { run, folder in
      #expect(run.exitCode == 0)
      let json = try JSONValue(parsing: run.output.utf8, at: "output")
      let expected = try fixture("stat_parity.json")["cases"]?.elements[0]
      for key in ["davg", "dstd"] {
        let found = json["statistics"]?[key]?.numbers ?? []
        let wanted = expected?["\(key)_slot0"]?.numbers ?? []
        #expect(found.count == 8 && wanted.count == 8)
        #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-12 })
      }
      let bias = json["statistics"]?["out_bias"]?.numbers ?? []
      let wanted = expected?["out_bias"]?.numbers ?? []
      #expect(zip(bias, wanted).allSatisfy { abs($0 - $1) < 1e-11 * abs($1) } && bias.count == 2)
      #expect(json["data"]?["neighbors"]?["max_nbor_size"]?.numbers == [4, 6])
      let file = try readStatistics(at: folder.appending(path: "stat.h5").path)
      #expect(file.statistics.outputBias.values == bias)
    }
  }

  @Test func `the report names systems, compositions, extremes and slots`() throws {
    try stat(["input.json"]) { run, folder in
      #expect(run.exitCode == 0)
      for words in [
        "train_data.hdf5#/a", "5 frames, 6 atoms (O2 H4), periodic", "eV/atom", "rms", "closest",
        "up to 4 O, 6 H within 4 Å", "sel          6 10", "recommended  4 8", "All: 2 systems",
      ] { #expect(run.output.contains(words), "\(words)") }
      let left = try contents(of: folder)
      #expect(left == ["input.json"])
    }
  }

  @Test func `slots of "auto" come from the data`() throws {
    for (rule, slots) in [("auto", [4.0, 8]), ("auto:1.5", [8, 12])] {
      try stat(["input.json", Self.data, "--json"], { set("sel", .string(rule), in: &$0) }) {
        run, _ in
        let json = try JSONValue(parsing: run.output.utf8, at: "output")
        #expect(json["statistics"]?["sel"]?.numbers == slots)
      }
    }
  }

  @Test func `too few slots exit 65, say how many are needed and write nothing`() throws {
    let arguments = ["input.json", Self.data, "-o", "stat.h5"]
    try stat(arguments, { set("sel", [4, 5], in: &$0) }) { run, folder in
      #expect(run.exitCode == 65)
      #expect(run.messages.contains("6 H for 5 slots"))
      #expect(run.messages.contains("\"sel\": [4, 8]"))
      let left = try contents(of: folder)
      #expect(left == ["input.json"])
    }
  }

  @Test func `the same data and settings give the same bytes, on one thread or four`() throws {
    try withTemporaryFolder { folder in
      try prepare(folder)
      var files: [Data] = []
      for jobs in ["1", "4"] {
        let run = try runTool(
          "dp-stat", ["input.json", Self.data, "-o", "stat.h5", "-j", jobs], in: folder)
        #expect(run.exitCode == 0)
        files.append(try Data(contentsOf: folder.appending(path: "stat.h5")))
      }
      // A new number of steps is no reason for other bytes.
      try prepare(folder) { input in
        guard case .object(var training)? = input["training"] else { return }
        training["numb_steps"] = 77
        input["training"] = .object(training)
      }
      let run = try runTool("dp-stat", ["input.json", Self.data, "-o", "stat.h5"], in: folder)
      #expect(run.exitCode == 0)
      files.append(try Data(contentsOf: folder.appending(path: "stat.h5")))
      #expect(files[0] == files[1] && files[0] == files[2])
    }
  }

  @Test func `the settings that matter are printed, and do not change with the steps`() throws {
    var texts: [String] = []
    for steps in [20, 77] {
      let change = { (input: inout [String: JSONValue]) in
        guard case .object(var training)? = input["training"] else { return }
        training["numb_steps"] = .integer(steps)
        input["training"] = .object(training)
      }
      try stat(["--settings", "input.json"], change) { run, _ in
        #expect(run.exitCode == 0)
        texts.append(run.output)
      }
    }
    #expect(texts[0] == texts[1] && texts[0].contains("\"rcut\""))
  }

  @Test func `an element that the model does not know exits 65 and is named`() throws {
    try stat(
      ["input.json", Self.data],
      { input in
        guard case .object(var model)? = input["model"] else { return }
        model["type_map"] = ["O", "D"]
        input["model"] = .object(model)
      }
    ) { run, _ in
      #expect(run.exitCode == 65)
      #expect(run.messages.contains("H") && run.messages.contains("O, D"))
    }
  }

  @Test func `a wrong configuration exits 78`() throws {
    try stat(["input.json", Self.data], { set("rcut", .string("far"), in: &$0) }) { run, _ in
      #expect(run.exitCode == 78)
      #expect(run.messages.contains("model/descriptor/rcut"))
    }
  }

  @Test func `odd data are reported with numbers, and are no error`() throws {
    try withTemporaryFolder { folder in
      try prepare(folder)
      var systems = try readSystems(at: Self.data)
      systems[0].labels["force"]?[0] += 5
      try writeSystems(systems, toHDF5: folder.appending(path: "odd.h5").path)
      let run = try runTool("dp-stat", ["input.json", "odd.h5"], in: folder)
      #expect(run.exitCode == 0)
      #expect(run.output.contains("! forces do not sum to zero"))
      #expect(run.output.contains("(1 frame: 0)"))
      #expect(run.output.contains("1 finding to look at"))
    }
  }
}
