import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// Inputs that leave out the number of steps or the elements, and old curves.
struct FirstInputTests {
  private let zero = [("\"numb_steps\": 20", "\"numb_steps\": 0")]

  @Test(arguments: ["Adam", "LKF"])
  func `a training of no steps leaves a checkpoint, the same one again, and dp-freeze takes it`(
    optimizer: String
  ) throws {
    let changes = zero + [("\"loss\":", "\"optimizer\": { \"type\": \"\(optimizer)\" }, \"loss\":")]
    try withTraining(replacing: changes) { folder in
      let run = try runTool("dp-train", ["input.json"], in: folder)
      #expect(run.exitCode == 0 && run.messages.contains("0 steps"), "\(run.messages)")
      let path = folder.appending(path: "run/model.ckpt-0.h5")
      let first = try Data(contentsOf: path)
      #expect(try runTool("dp-train", ["input.json"], in: folder).exitCode == 0)
      #expect(try Data(contentsOf: path) == first)
      #expect(try runTool("dp-freeze", ["run", "-o", "m.h5"], in: folder).exitCode == 0)
      let test = try runTool("dp-eval", ["m.h5", "data.h5#/a", "--json"], in: folder)
      #expect(test.exitCode == 0)
      // It is the model that a longer training starts from.
      let go = ["input.json", "--restart", "run", "--steps", "20", "-o", "on"]
      #expect(try runTool("dp-train", go, in: folder).exitCode == 0)
      let whole = ["input.json", "--steps", "20", "-o", "whole"]
      #expect(try runTool("dp-train", whole, in: folder).exitCode == 0)
      let curves = try ["on", "whole"].map {
        try Data(contentsOf: folder.appending(path: "\($0)/lcurve.out"))
      }
      #expect(curves[0] == curves[1] && curves[0].count > 200)
    }
  }

  @Test func `without a type map that of the data is taken, said once and written down`() throws {
    try withTraining(replacing: [("\"type_map\": [\"O\", \"H\"],", "")] + zero) { folder in
      let run = try runTool("dp-train", ["input.json", "--write-input", "o.json"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      let said = "model/type_map is missing; the data's "
      #expect(run.messages.ranges(of: said).count == 1, "\(run.messages)")
      let written = try JSONValue(
        parsing: Data(contentsOf: folder.appending(path: "o.json")), at: "o.json")
      #expect(written["model"]?["type_map"] == ["O", "H"])
      for arguments in [["dp-stat", "input.json"], ["dp-stat", "input.json", "data.h5#/a"]] {
        let run = try runTool(arguments[0], Array(arguments.dropFirst()), in: folder)
        #expect(run.exitCode == 0 && run.messages.contains(said))
      }
    }
  }

  @Test func `of data with different maps all elements are taken, in the order of the systems`()
    throws
  {
    let changes =
      [
        ("\"type_map\": [\"O\", \"H\"],", ""), ("\"sel\": [6, 10]", "\"sel\": \"auto\""),
        ("\"data.h5#/b\"", "\"other.h5\""),
      ] + zero
    try withTraining(replacing: changes) { folder in
      var system = try readSystems(at: folder.appending(path: "data.h5#/b").path)[0]
      let names = try #require(system.typeNames)
      system.typeNames = names.map { $0 == "O" ? "S" : $0 }
      try writeSystems([system], toHDF5: folder.appending(path: "other.h5").path)
      let run = try runTool("dp-train", ["input.json"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      let said = "the data's are joined, each element where it first appears: O H S\n"
      #expect(run.messages.contains(said), "\(run.messages)")
    }
  }

  @Test func `an empty type map is filled with the data's elements, other inputs are left alone`()
    throws
  {
    let arguments = ["--suggest", "data.h5#/a", "--completing", "input.json"]
    try withTraining { folder in
      let run = try runTool("dp-train", arguments, in: folder)
      #expect(run.exitCode == 0 && run.output == input, "\(run.messages)")
      #expect(
        try runTool("dp-train", ["data.h5#/a"] + arguments.suffix(2), in: folder).exitCode == 64)
      let missing = try runTool("dp-train", arguments.dropLast() + ["no.json"], in: folder)
      #expect(missing.exitCode == 66 && missing.messages.contains("no.json"))
    }
    try withTraining(replacing: [("[\"O\", \"H\"]", "[\n ]")]) { folder in
      let run = try runTool("dp-train", arguments, in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      let completed = try JSONValue(parsing: run.output.utf8, at: "output")
      #expect(completed["model"]?["type_map"] == ["H", "O"])
      let other = try JSONValue(parsing: input.utf8, at: "input")
      for name in ["learning_rate", "loss", "training"] { #expect(completed[name] == other[name]) }
      for name in ["type", "sel", "neuron", "seed"] {
        let found = completed["model"]?["descriptor"]?[name]
        #expect(found != nil && found == other["model"]?["descriptor"]?[name])
      }
      #expect(completed["model"]?["descriptor"]?["rcut"]?.double == 4)
    }
    try withTraining(replacing: [("\"loss\"", "loss")]) { folder in
      let run = try runTool("dp-train", arguments, in: folder)
      #expect(run.exitCode == 78 && run.messages.contains("input.json"), "\(run.messages)")
    }
  }

  @Test func `data without names need a type map in the input`() throws {
    try withTraining(replacing: [("\"type_map\": [\"O\", \"H\"],", "")]) { folder in
      var system = try readSystems(at: folder.appending(path: "data.h5#/b").path)[0]
      system.typeNames = nil
      let data = folder.appending(path: "data.h5").path
      try FileManager.default.removeItem(atPath: data)
      try writeSystems([system], toHDF5: data)
      let text = try String(contentsOf: folder.appending(path: "input.json"), encoding: .utf8)
      try text.replacing("data.h5#/a", with: "data.h5").replacing(", \"data.h5#/b\"", with: "")
        .write(to: folder.appending(path: "input.json"), atomically: true, encoding: .utf8)
      let run = try runTool("dp-train", ["input.json"], in: folder)
      #expect(run.exitCode == 78 && run.messages.contains("names no elements"), "\(run.messages)")
    }
  }

  /// Curves, and the steps and force errors, training or else test, that are in them.
  @Test(arguments: [
    // 0.x: always columns of virials in the header.
    (
      "# batch l2_tst l2_trn l2_e_tst l2_e_trn l2_f_tst l2_f_trn l2_v_tst l2_v_trn lr\n"
        + "0 26 25 0.2 0.3 0.8 0.7 1e-3\n100 6 5 0.2 0.3 0.5 0.4 1e-3\n", [0, 100], [0.7, 0.4]
    ),
    // 1.x
    (
      "# batch rmse_tst rmse_trn rmse_e_tst rmse_e_trn rmse_f_tst rmse_f_trn lr\n"
        + "0 26 25 0.2 0.3 0.8 0.7 1e-3\n", [0], [0.7]
    ),
    // Validation in the header alone.
    (
      "# step rmse_val rmse_trn rmse_f_val rmse_f_trn lr\n# If there is no data, nan\n"
        + "1 2 0.7 1e-3\n2 2 0.6 1e-3\n", [1, 2], [0.7, 0.6]
    ),
    // A restart wrote its header behind half a line, then half a line of its own.
    (
      "# step rmse_trn rmse_f_trn lr\n0 2 0.9 1e-3\n100 2 0.8 1e-3\n200 2 0.7 1e-3\n300 2 0.# step "
        + "rmse_trn rmse_f_trn lr\n100 2 0.6 1e-3\n150 2 0.5 1e-3\n160 2 0.",
      [0, 100, 150], [0.9, 0.6, 0.5]
    ),
    // A restart of another release, with validation.
    (
      "# batch l2_trn l2_f_trn lr\n0 2 0.9 1e-3\n100 2 0.8 1e-3\n# step rmse_val rmse_trn "
        + "rmse_f_val rmse_f_trn lr\n100 2 2 0.7 0.6 1e-3\n200 2 2 nan 0.5 1e-3\n",
      [0, 100, 200], [0.9, 0.6, 0.5]
    ),
    ("# step rmse_f_trn lr\n5 0.5 1e-3\n", [5], [0.5]),
  ])
  func `learning curves of every release are read`(
    text: String, steps: [Double], errors: [Double]
  ) throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "lcurve.out")
      try text.write(to: file, atomically: false, encoding: .utf8)
      let run = try runTool("dp-plot", ["lcurve.out", "--json"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      let json = try JSONValue(parsing: run.output.utf8, at: "output")
      let panels = json["panels"]?.elements ?? []
      let panel = try #require(panels.first { $0["title"]?.text == "Force" })
      let line = try #require(panel["layers"]?.elements.first { $0["name"]?.text == "training" })
      #expect(line["x"]?.numbers == steps && line["y"]?.numbers == errors)
      #expect(!panels.contains { $0["title"]?.text == "Virial" })
    }
  }
}
