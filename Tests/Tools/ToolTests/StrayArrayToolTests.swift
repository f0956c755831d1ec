import Atoms
import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// Tools beside arrays that they do not need.
struct StrayArrayToolTests {
  /// Runs `body` in a folder with an input, a model and the system `raw`, whose set has `extra`.
  private func withArray(
    _ extra: (name: String, shape: [Int]), _ body: (_ folder: URL) throws -> Void
  ) throws {
    let change = ("\"data.h5#/a\", \"data.h5#/b\"", "\"raw\"")
    try withTraining(replacing: [change]) { folder in
      try FileManager.default.copyItem(
        at: fixtures.appending(path: "data/a"), to: folder.appending(path: "raw"))
      try FileManager.default.copyItem(
        at: fixtures.appending(path: "se_e2_a_oneside.dp"),
        to: folder.appending(path: "model.dp"))
      let values = [Double](repeating: 1, count: extra.shape.reduce(1, *))
      try writeWhole(
        encodeNPY(NumericArray(shape: extra.shape, values: values)),
        to: folder.appending(path: "raw/set.000/\(extra.name).npy").path)
      try body(folder)
    }
  }

  private static let commands = [
    ["dp-train", "input.json"], ["dp-stat", "input.json", "raw", "-o", "out.h5"],
    ["dp-eval", "model.dp", "raw"], ["dp-convert", "raw", "out.h5"],
    ["dp-convert", "--check", "raw"],
  ]
  private static let extras: [(name: String, shape: [Int])] = [
    ("aparam", [5, 1]), ("aparam", [5]), ("aparam", [1, 6]), ("dipole", [5, 6]), ("ids", [6]),
  ]

  @Test(arguments: commands, extras)
  func `an array that no part of the model uses does not stop a tool, and is named once`(
    command: [String], extra: (name: String, shape: [Int])
  ) throws {
    try withArray(extra) { folder in
      let run = try runTool(command[0], Array(command.dropFirst()), in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      let warning = "\(command[0]): warning: "
      let lines = run.messages.split(separator: "\n").filter { $0.contains("\(extra.name).npy") }
      #expect(lines.count == 1, "\(run.messages)")
      #expect(lines.first?.hasPrefix(warning) == true, "\(run.messages)")
      #expect(lines.first?.contains("raw/set.000/\(extra.name).npy: has shape ") == true)
    }
  }

  @Test(arguments: commands)
  func `a label that they use stops all of them with 65`(command: [String]) throws {
    try withArray(("force", [30, 3])) { folder in
      let run = try runTool(command[0], Array(command.dropFirst()), in: folder)
      #expect(run.exitCode == 65)
      #expect(
        run.messages.contains("raw/set.000/force.npy: has shape 30 × 3, expected 5 × 18"),
        "\(run.messages)")
      #expect(run.messages.contains("reshape it to (5, 18)"))
    }
  }

  @Test func `a model with atom parameters says that they are not there`() throws {
    try withArray(("aparam", [5, 1])) { folder in
      let model = fixtures.appending(path: "ener_fparam_aparam.dp").path
      let run = try runTool("dp-eval", [model, "raw"], in: folder)
      #expect(run.exitCode == 65)
      #expect(run.messages.contains("aparam.npy: has shape 5 × 1, expected 5 × a multiple of"))
    }
  }

  @Test func `dp-convert names the filter, and how to rewrite the file`() throws {
    let file = fixtures.appending(path: "lzf.h5").path
    let run = try runTool("dp-convert", ["--check", file])
    #expect(run.exitCode == 65)
    #expect(run.messages.contains("energy.npy: is compressed with lzf (filter 32000)"))
    #expect(run.messages.contains("h5repack -f GZIP=4"))
    #expect(!run.messages.contains("damaged"))
  }

  /// What DeePMD-kit's examples/fparam/train/input.json has, with smaller networks and fewer steps.
  private static let withFrameParameter = """
    {"_comment1": " model parameters",
     "model": {"type_map": ["O", "H"], "data_stat_nbatch": 1,
      "descriptor": {"type": "se_a", "sel": [20, 20], "rcut_smth": 1.80, "rcut": 4.00,
       "neuron": [4, 8], "resnet_dt": false, "axis_neuron": 2, "type_one_side": true,
       "precision": "float64", "seed": 1},
      "fitting_net": {"neuron": [8, 8], "resnet_dt": true, "numb_fparam": 1,
       "precision": "float64", "seed": 1}},
     "loss": {"start_pref_e": 0.02, "limit_pref_e": 1, "start_pref_f": 1000, "limit_pref_f": 1,
      "start_pref_v": 0, "limit_pref_v": 0},
     "learning_rate": {"start_lr": 0.001, "stop_lr": 1e-8, "decay_steps": 5000},
     "training": {"training_data": {"systems": ["raw/"], "set_prefix": "set", "batch_size": 1},
      "stop_batch": 2, "seed": 1, "_comment3": " display and restart",
      "disp_file": "lcurve.out", "disp_freq": 1, "save_freq": 1000, "save_ckpt": "model.ckpt",
      "disp_training": true, "time_training": true, "profiling": false,
      "profiling_file": "timeline.json"}}
    """

  // The example's data have one number a frame in both files: right for fparam, no aparam at all.
  @Test(arguments: ["dp-train", "dp"])
  func `DeePMD-kit's example with frame parameters trains`(tool: String) throws {
    try withArray(("aparam", [5, 1])) { folder in
      let temperatures = NumericArray(shape: [5], values: [0.3, 0.8, 0.3, 0.8, 0.5])
      try writeWhole(
        encodeNPY(temperatures), to: folder.appending(path: "raw/set.000/fparam.npy").path)
      try Data(Self.withFrameParameter.utf8).write(to: folder.appending(path: "input.json"))
      let run = try runTool(tool, (tool == "dp" ? ["train"] : []) + ["input.json"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      #expect(run.messages.contains("aparam.npy: has shape 5 × 1"))
      let model = "\(tool == "dp" ? "" : "run/")model.ckpt-2.h5"
      // The parameter is one of the model's inputs: without it the same data are refused.
      let evaluated = try runTool("dp-eval", [model, "raw"], in: folder)
      #expect(evaluated.exitCode == 0, "\(evaluated.messages)")
      try FileManager.default.removeItem(at: folder.appending(path: "raw/set.000/fparam.npy"))
      let refused = try runTool("dp-eval", [model, "raw"], in: folder)
      #expect(refused.exitCode == 65)
      #expect(refused.messages.contains("fparam"), "\(refused.messages)")
    }
  }
}
