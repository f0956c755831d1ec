import DeepPotential
import Files
import Foundation
import Models
import Runs
import TestSupport
import Testing

/// Fine-tunings of models whose atoms exchange messages, and inputs for those.
@Suite struct MessageTests {
  /// DPA-3 in an input with three elements, of which the data have two.
  private static func changes(_ typeMap: String = #"["N", "O", "H"]"#) -> [(String, String)] {
    [
      (#"["O", "H"]"#, typeMap), (#""numb_steps": 20"#, #""numb_steps": 2"#),
      (
        #""type": "se_e2_a", "rcut": 4.0, "sel": [6, 10], "neuron": [4, 8], "axis_neuron": 2, "seed": 1"#,
        DescriptorTests.messages
      ),
    ]
  }

  private func write(_ changes: [(String, String)], in folder: URL) throws {
    var text = input
    for (old, new) in changes {
      try #require(text.contains(old))
      text = text.replacingOccurrences(of: old, with: new)
    }
    try text.write(to: folder.appending(path: "input.json"), atomically: true, encoding: .utf8)
  }

  /// Learning rates with which nothing moves.
  private static let still = [("0.001", "1e-300"), ("1e-5", "1e-300")]

  private func train(_ arguments: [String], in folder: URL) throws -> Finished {
    let run = try runTool("dp-train", ["input.json"] + arguments, in: folder)
    #expect(run.exitCode == 0, "\(run.messages)")
    return run
  }

  private func model(_ path: String, in folder: URL) throws -> EnergyModel {
    try Checkpoint.read(folder.appending(path: path).path).model.model
  }

  @Test func `a fine-tuning leaves out the types that it does not name`() throws {
    try withTraining(replacing: Self.changes()) { folder in
      _ = try train(["-o", "old"], in: folder)
      try write(Self.changes(#"["H", "O"]"#) + Self.still, in: folder)
      _ = try train(["--finetune", "old", "--steps", "1", "-o", "new"], in: folder)
      let (old, new) = (
        try model("old/model.ckpt-2.h5", in: folder), try model("new/model.ckpt-1.h5", in: folder)
      )
      #expect(new.typeMap == ["H", "O"] && old.typeMap == ["N", "O", "H"])
      #expect(new.parameterCount(of: .descriptor) < old.parameterCount(of: .descriptor))
      // Forces do not depend on the bias, which is another one.
      func force(_ run: String) throws -> Substring? {
        try runTool("dp-eval", [run, "data.h5#/a"], in: folder).output
          .split(separator: "\n").first { $0.hasPrefix("  force") }
      }
      #expect(try force("new") == force("old"))
    }
  }

  @Test func `"RANDOM" begins with new fitting nets behind the descriptor`() throws {
    try withTraining(replacing: Self.changes()) { folder in
      _ = try train(["-o", "old"], in: folder)
      try write(
        Self.changes() + Self.still + [(#""neuron": [8, 8]"#, #""neuron": [6, 6]"#)], in: folder)
      let arguments = ["--finetune", "old/model.ckpt-2.h5", "--model-branch", "RANDOM"]
      let told = try train(arguments + ["--steps", "1", "-o", "new"], in: folder)
      #expect(told.messages.contains("its descriptor alone, with new fitting nets"))
      let (old, new) = (
        try model("old/model.ckpt-2.h5", in: folder), try model("new/model.ckpt-1.h5", in: folder)
      )
      #expect(new.fitting.options.neuron == [6, 6] && new.descriptor == old.descriptor)
      let count = old.parameterCount(of: .descriptor)
      #expect(new.parameters.float64.prefix(count) == old.parameters.float64.prefix(count))
      let refused = try runTool(
        "dp-train",
        ["input.json", "--init-model", "old", "--model-branch", "RANDOM", "-o", "other"],
        in: folder)
      #expect(refused.exitCode == 64 && refused.messages.contains("needs '--finetune'"))
    }
  }

  @Test func `a descriptor that is not trained keeps every number`() throws {
    let frozen = #""trainable": false, "type": "dpa3""#
    let changes = Self.changes().map { ($0, $1.replacing(#""type": "dpa3""#, with: frozen)) }
    try withTraining(replacing: changes) { folder in
      _ = try train(["-o", "run"], in: folder)
      let trained = try model("run/model.ckpt-2.h5", in: folder)
      var first = EnergyModel(trained.options)
      try write(changes + Self.still, in: folder)
      _ = try train(["--steps", "1", "-o", "still"], in: folder)
      first = try model("still/model.ckpt-1.h5", in: folder)
      let count = trained.parameterCount(of: .descriptor)
      #expect(trained.parameters.float64.prefix(count) == first.parameters.float64.prefix(count))
      #expect(trained.parameters != first.parameters)
    }
  }

  @Test func `the input of DeePMD-kit's example trains and goes on exactly`() throws {
    let parts = [
      (
        #""type": "se_e2_a", "rcut": 4.0, "sel": [6, 10], "neuron": [4, 8], "axis_neuron": 2, "seed": 1"#,
        #"""
        "type": "dpa3", "activation_function": "silut:10.0", "precision": "float32",
        "use_tebd_bias": false, "concat_output_tebd": false, "repflow": {
          "n_dim": 8, "e_dim": 6, "a_dim": 4, "nlayers": 2, "e_rcut": 4.0, "e_rcut_smth": 3.5,
          "e_sel": 16, "a_rcut": 3.0, "a_rcut_smth": 2.5, "a_sel": 10, "axis_neuron": 4,
          "skip_stat": true, "a_compress_rate": 1, "a_compress_e_rate": 2,
          "a_compress_use_split": true, "update_angle": true, "smooth_edge_update": true,
          "edge_init_use_dist": true, "use_exp_switch": true, "update_style": "res_residual",
          "update_residual": 0.1, "update_residual_init": "const"}
        """#
      ),
      (
        #""neuron": [8, 8], "seed": 1"#,
        #""neuron": [8, 8], "seed": 1, "precision": "float32", "activation_function": "silut:10.0""#
      ),
      (#""decay_steps": 5,"#, #""decay_steps": 5, "warmup_steps": 2,"#),
      (
        #""training": {"#,
        #""optimizer": {"type": "AdamW", "weight_decay": 0.001}, "training": {"gradient_max_norm": 5.0, "enable_ema": true,"#
      ),
      (#""numb_steps": 20"#, #""numb_steps": 6"#), (#""save_freq": 10"#, #""save_freq": 3"#),
    ]
    try withTraining(replacing: parts) { folder in
      _ = try train(["-o", "one", "-j", "1"], in: folder)
      try FileManager.default.createDirectory(
        at: folder.appending(path: "two"), withIntermediateDirectories: false)
      for name in ["model.ckpt-3.h5", "lcurve.out"] {
        try FileManager.default.copyItem(
          at: folder.appending(path: "one/\(name)"), to: folder.appending(path: "two/\(name)"))
      }
      _ = try train(["-o", "two", "--restart", "two/model.ckpt-3.h5", "-j", "2"], in: folder)
      for name in ["model.ckpt-6.h5", "model_ema.ckpt-6.h5"] {
        let (one, two) = (
          try StoredModel.read(folder.appending(path: "one/\(name)").path),
          try StoredModel.read(folder.appending(path: "two/\(name)").path)
        )
        #expect(one.model == two.model)
        #expect(one.model.parameters.float32.count > 0)
      }
    }
  }
}
