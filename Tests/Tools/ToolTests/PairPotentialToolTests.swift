import Files
import Foundation
import Kernels
import Models
import Runs
import TestSupport
import Testing

/// Models with tables of pair energies, and models that add up several, from the input to
/// predictions.
@Suite struct PairPotentialToolTests {
  private static let descriptor =
    #""type": "se_e2_a", "rcut": 4.0, "sel": [6, 10], "neuron": [4, 8], "axis_neuron": 2, "seed": 1"#
  private static let mixed =
    #""type": "se_atten", "rcut": 4.0, "sel": 16, "neuron": [4, 8], "attn_layer": 0"#
  private static let tableKeys =
    #""type_map": ["O", "H"], "use_srtab": "zbl.txt", "sw_rmin": 0.7, "sw_rmax": 1.9,"#
  private static let short = [
    (#""numb_steps": 20"#, #""numb_steps": 4"#), (#""disp_freq": 5"#, #""disp_freq": 1"#),
    (#""save_freq": 10"#, #""save_freq": 2"#),
  ]
  /// Inputs with a table in place of nets at short range, behind a mixed descriptor and another.
  static let blended = [mixed, descriptor].map { descriptor in
    [(Self.descriptor, descriptor), (#""type_map": ["O", "H"],"#, tableKeys)]
  }
  /// An input that adds up two nets and a table.
  static let added = [
    (
      #""type_map": ["O", "H"],"#,
      #"""
      "type": "linear_ener", "type_map": ["O", "H"], "weights": [0.5, 0.4, 1], "models": [
        {"descriptor": {\#(mixed), "seed": 3}, "fitting_net": {"neuron": [5], "seed": 2}},
        {"type_map": ["O", "H"], "descriptor": {"type": "se_e3_tebd", "rcut": 3.0, "sel": "auto",
         "neuron": [2, 4], "tebd_dim": 4}, "fitting_net": {"neuron": [6]}},
        {"type": "pairtab", "tab_file": "zbl.txt", "rcut": 2.5, "sel": 20}]
      },
      "_old": {
      """#
    )
  ]
  static let inputs = blended + [added]

  /// Runs `body` in a folder with data, an input and a table.
  private func withInput<Result>(
    _ changes: [(String, String)], _ body: (URL) throws -> Result
  ) throws -> Result {
    try withTraining(replacing: changes + Self.short) { folder in
      let run = try runTool("dp-synth", ["--zbl", "zbl.txt", "--types", "O,H"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      return try body(folder)
    }
  }

  @Test(arguments: inputs)
  func `a training gives the same bytes on other threads and after a stop`(
    changes: [(String, String)]
  ) throws {
    try withInput(changes) { folder in
      let (whole, _) = try checkThreadsAndResume(in: folder)
      #expect(whole.model.model.pairPotentials.count == 1)
    }
  }

  @Test(arguments: inputs)
  func `a trained model is frozen, described, evaluated, and starts another training`(
    changes: [(String, String)]
  ) throws {
    try withInput(changes) { folder in
      for (tool, arguments) in [
        ("dp-train", ["--check", "input.json"]), ("dp-stat", ["input.json", "-o", "stat.h5"]),
        ("dp-train", ["input.json", "-o", "run", "--statistics", "stat.h5"]),
        ("dp-freeze", ["run", "-o", "model.h5"]),
        ("dp-eval", ["model.h5", "data.h5", "--predictions", "out.h5"]),
        ("dp", ["test", "-m", "model.h5", "-s", "data.h5#/a", "-n", "2"]),
        ("dp", ["show", "model.h5", "descriptor", "fitting-net"]),
        ("dp-profile", ["input.json", "--steps", "2"]),
        ("dp-train", ["input.json", "-o", "again", "--init-model", "model.h5"]),
        ("dp-train", ["input.json", "-o", "tuned", "--finetune", "model.h5"]),
      ] {
        let run = try runTool(tool, arguments, in: folder)
        #expect(run.exitCode == 0, "\(tool) \(arguments): \(run.messages)")
      }
      let info = try runTool("dp-freeze", ["--info", "model.h5"], in: folder)
      #expect(info.output.contains("table from 0.005 to "), "\(info.output)")
      let program = try runProgram(
        CProgram.check.get().path, [folder.appending(path: "model.h5").path, "summary"])
      #expect(program.output.contains("tables: "), "\(program.output)")
    }
  }

  @Test func `a table that begins above sw_rmin is warned of`() throws {
    try withInput(Self.blended[0]) { folder in
      func checked() throws -> String {
        let run = try runTool("dp-train", ["--check", "input.json"], in: folder)
        #expect(run.exitCode == 0, "\(run.messages)")
        return run.messages
      }
      #expect(!(try checked()).contains("above sw_rmin"))
      let rows = (16...50).map { "\(Double($0) / 20) 1 1 1\n" }.joined()
      try (rows + "2.55 0 0 0\n").write(
        to: folder.appending(path: "zbl.txt"), atomically: true, encoding: .utf8)
      #expect(try checked().contains("zbl.txt: begins at 0.8 Å, above sw_rmin, 0.7 Å"))
    }
  }

  @Test func `another table is another training`() throws {
    try withInput(Self.blended[0]) { folder in
      func train(_ arguments: [String]) throws -> Finished {
        try runTool("dp-train", ["input.json", "-o"] + arguments, in: folder)
      }
      #expect(try train(["run"]).exitCode == 0)
      #expect(try runTool("dp-freeze", ["run", "-o", "model.h5"], in: folder).exitCode == 0)
      let table = ["--zbl", "zbl.txt", "--types", "O,H", "--outer", "2.5"]
      let refused = try runTool("dp-synth", table, in: folder)
      #expect(refused.exitCode == 73 && refused.messages.contains("--force"), "\(refused.messages)")
      #expect(try runTool("dp-synth", table + ["--force"], in: folder).exitCode == 0)
      let other = try train(["run"])
      #expect(other.exitCode == 73 && other.messages.contains("different table of pair energies"))
      let start = try train(["new", "--init-model", "model.h5"])
      #expect(start.exitCode == 78 && start.messages.contains("model/use_srtab: is another table"))
      // The model has its own; its file need not be there any more.
      try FileManager.default.removeItem(at: folder.appending(path: "zbl.txt"))
      let own = try train(["new", "--init-model", "model.h5", "--use-pretrain-script"])
      #expect(own.exitCode == 0, "\(own.messages)")
      #expect(try runTool("dp-eval", ["model.h5", "data.h5"], in: folder).exitCode == 0)
    }
  }

  @Test(arguments: [
    ("0.1 1 2\n0.2 1 2\n", "zbl.txt, line 1: has 3 columns, expected 4"),
    ("# r\n0.1 1 2 3\n\n0.2 1 x 3\n", "zbl.txt, line 4: 'x' found, expected numbers"),
    ("0.1 1 2 3\n0.2 1 2 inf\n", "zbl.txt, line 2: has a number that is not finite"),
    ("0.1 1 2 3\n", "has 1 row, expected two or more"), ("", "has 0 rows, expected two or more"),
    ("0.1 1 2 3\n0.2 1 2 3\n0.35 1 2 3\n", "line 3: has the distance 0.35 Å, expected 0.3"),
    ("0.1 1 2 3\n0.1 1 2 3\n", "line 1: has the distance 0.1 Å, not above that before it"),
    ("-0.1 1 2 3\n0.1 1 2 3\n", "line 1: has the distance -0.1 Å, below 0"),
    ("4.5 1 2 3\n4.6 1 2 3\n", "begins at 4.5 Å, but the cutoff (rcut) is 4.0 Å"),
  ])
  func `a table that is none is an error with its line`(text: String, problem: String) throws {
    try withInput(Self.blended[0]) { folder in
      try text.write(to: folder.appending(path: "zbl.txt"), atomically: true, encoding: .utf8)
      let run = try runTool("dp-train", ["--check", "input.json"], in: folder)
      #expect(run.exitCode == 78 && run.messages.contains("model/use_srtab: "), "\(run.messages)")
      #expect(run.messages.contains(problem), "\(run.messages)")
    }
  }

  @Test func `how a table ends is noted`() throws {
    for (last, notice) in [("0.3 1 2 3", "are continued by a cubic"), ("0.3 0 0 0", "")] {
      try withInput(Self.blended[0]) { folder in
        try "0.1 5 5 5\n0.2 3 3 3\n\(last)\n".write(
          to: folder.appending(path: "zbl.txt"), atomically: true, encoding: .utf8)
        let run = try runTool("dp-train", ["--check", "input.json"], in: folder)
        #expect(run.exitCode == 0, "\(run.messages)")
        let isTold = run.messages.contains(notice.isEmpty ? "zbl.txt" : notice)
        #expect(isTold != notice.isEmpty, "\(run.messages)")
      }
    }
  }

  @Test(arguments: [
    (#""sw_rmin": 0.7, "#, "", "model/sw_rmin: is missing"),
    (#""sw_rmin": 0.7"#, #""sw_rmin": 2.7"#, "found 2.7, expected less than sw_rmax, 1.9"),
    (#""use_srtab": "zbl.txt", "#, "", "model/sw_rmin: is of a table in place of the nets"),
    (#""zbl.txt""#, #""nowhere.txt""#, "nowhere.txt: no such file"),
    (#""zbl.txt""#, "3", "model/use_srtab: found 3, expected a text"),
    (#""sw_rmax": 1.9"#, #""sw_rmax": 1.9, "smin_alpha": 0"#, "expected a number above 0"),
    (
      #""fitting_net": {"#, #""fitting_net": {"type": "dipole","#,
      "is a table of energies, but the fitting net is of type \"dipole\""
    ),
  ])
  func `keys that do not fit are errors with their place`(
    old: String, new: String, problem: String
  ) throws {
    try withInput(Self.blended[0] + [(old, new)]) { folder in
      let run = try runTool("dp-train", ["--check", "input.json"], in: folder)
      #expect(run.exitCode == 78 && run.messages.contains(problem), "\(run.messages)")
    }
  }

  @Test(arguments: [
    (#""weights": [0.5, 0.4, 1]"#, #""weights": [1, 2]"#, "or a list of 3 numbers"),
    (#""weights": [0.5, 0.4, 1]"#, #""weights": "all""#, "expected \"mean\", \"sum\""),
    (#""type": "pairtab""#, #""type": "frozen""#, "model type \"frozen\" is not supported"),
    (#""sel": 20"#, #""sel": "auto""#, "models[2]/sel: found \"auto\""),
    (#""type": "se_e3_tebd""#, #""type": "se_e3""#, "models[1]/descriptor"),
    (#"{"neuron": [6]}"#, #"{"neuron": [6], "type": "dos"}"#, "is not \"ener\""),
    (#"{"neuron": [6]}"#, #"{"neuron": [6], "numb_fparam": 1}"#, "not supported in a linear"),
    (#"{"type_map": ["O", "H"], "d"#, #"{"type_map": ["H", "O"], "d"#, "models[1]/type_map"),
    (#""tebd_dim": 4}"#, #""tebd_dim": 4, "precision": "float32"}"#, "that of the first part"),
  ])
  func `models that cannot be added up are errors with their place`(
    old: String, new: String, problem: String
  ) throws {
    try withInput(Self.added + [(old, new)]) { folder in
      let run = try runTool("dp-train", ["--check", "input.json"], in: folder)
      #expect(run.exitCode == 78 && run.messages.contains(problem), "\(run.messages)")
    }
  }

  @Test func `atoms closer than the table begins are an error, never an energy`() throws {
    try withInput(Self.blended[0]) { folder in
      // The table begins beyond the closest atoms of the data.
      let rows = (0..<40).map { "\(1.6 + 0.05 * Double($0)) 1 1 1\n" }.joined() + "3.6 0 0 0\n"
      try rows.write(to: folder.appending(path: "zbl.txt"), atomically: true, encoding: .utf8)
      let train = try runTool("dp-train", ["input.json", "-o", "run"], in: folder)
      #expect(train.exitCode == 65, "\(train.messages)")
      #expect(train.messages.contains("table of pair energies begins at 1.6 Å"))
      #expect(train.messages.contains(", frame "))
      let model = folder.appending(path: "model.h5").path
      var stored = try StoredModel.read(
        fixtures.appending(path: "descriptors/train_zbl.dp").path)
      #expect(stored.model.smallestDistance == 0.02)
      stored.model.pairPotentials[0].table = try PairTable(
        contentsOf: folder.appending(path: "zbl.txt").path, typeMap: ["O", "H"], cutoff: 4)
      try stored.write(to: model)
      let eval = try runTool("dp-eval", ["model.h5", "data.h5"], in: folder)
      #expect(eval.exitCode == 65, "\(eval.messages)")
      #expect(eval.messages.contains("table of pair energies begins at 1.6 Å"))
    }
  }

  @Test(arguments: [
    (["--zbl", "t.txt"], 64, "'--zbl' needs '--types'"),
    (["--types", "O"], 64, "'--types' needs '--zbl'"),
    (["--zbl", "t.txt", "--types", "O,Hx"], 64, "'Hx' is no element"),
    (["--zbl", "t.txt", "--types", "O", "--inner", "3"], 64, "--inner below --outer"),
    (["--zbl", "t.txt", "--types", "O", "--spacing", "1e-6"], 64, "more than 100000 rows"),
    (["--zbl", "t.txt", "--types", "O", "water", "raw"], 64, "makes no data"),
    (["--zbl", "nowhere/t.txt", "--types", "O"], 73, "nowhere"),
  ])
  func `a table of no elements is refused`(
    arguments: [String], code: Int32, problem: String
  ) throws {
    try withTemporaryFolder { folder in
      let run = try runTool("dp-synth", arguments, in: folder)
      #expect(run.exitCode == code && run.messages.contains(problem), "\(run.messages)")
    }
  }
}
