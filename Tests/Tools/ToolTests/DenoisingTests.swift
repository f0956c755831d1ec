import DeepPotential
import Files
import Foundation
import Models
import Runs
import TestSupport
import Testing

/// Pre-training by mending damaged frames, from deepmd-pytorch's inputs.
@Suite struct DenoisingTests {
  /// deepmd-pytorch's example `dpa1-denoise` with small nets, other data, and hidden types.
  private static let example = """
    {
      "_comment": "that's all",
      "model": {
        "type_map": ["O", "H", "MASKED_TOKEN"],
        "descriptor": {
          "type": "dpa1", "sel": 30, "rcut_smth": 0.5, "rcut": 4.0, "neuron": [4, 8], "axis_neuron": 2,
          "attn": 6, "attn_layer": 2, "attn_dotr": true, "attn_mask": false, "post_ln": true,
          "ffn": false, "ffn_embed_dim": 1024, "activation": "tanh", "scaling_factor": 1.0,
          "head_num": 1, "normalize": true, "temperature": 1.0
        },
        "_comment": " that's all"
      },
      "learning_rate": {
        "type": "exp", "decay_steps": 5000, "start_lr": 0.003, "stop_lr": 3.51e-08,
        "_comment": "that's all"
      },
      "loss": {
        "type": "denoise", "noise_type": "uniform", "noise": 1.0, "noise_mode": "fix_num",
        "mask_num": 2, "mask_prob": 0.15, "mask_coord": true, "mask_type": true, "same_mask": false,
        "max_fail_num": 10, "masked_token_loss": 1.0, "masked_coord_loss": 1.0, "norm_loss": 0.0,
        "use_l1": true, "beta": 1.0, "mask_loss_coord": true, "mask_loss_token": true,
        "_comment": " that's all"
      },
      "training": {
        "training_data": {
          "systems": ["data.h5#/a", "data.h5#/b"], "batch_size": 2, "_comment": "that's all"
        },
        "validation_data": { "systems": ["data.h5#/c"], "batch_size": 1, "numb_btch": 3 },
        "wandb_config": {
          "wandb_enabled": false, "entity": "dp_model_engineering", "project": "DPA"
        },
        "numb_steps": 4, "seed": 10, "disp_file": "lcurve.out", "disp_freq": 1, "save_freq": 2,
        "_comment": "that's all"
      }
    }
    """

  /// Runs `body` in a folder with this input, after replacements.
  private func withExample(
    replacing changes: [(String, String)] = [], _ body: (URL) throws -> Void
  ) throws {
    try withTraining { folder in
      var text = Self.example
      for (old, new) in changes {
        try #require(text.contains(old), "\(old)")
        text = text.replacingOccurrences(of: old, with: new)
      }
      try text.write(
        to: folder.appending(path: "input.json"), atomically: true, encoding: .utf8)
      try body(folder)
    }
  }

  private func run(_ tool: String, _ arguments: String..., in folder: URL) throws -> Finished {
    let run = try runTool(tool, arguments, in: folder)
    #expect(run.exitCode == 0, "\(tool) \(arguments): \(run.messages)")
    return run
  }

  private func curve(_ path: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }

  @Test func `an input of deepmd-pytorch trains, with the same bytes on threads and after a stop`()
    throws
  {
    try withExample { folder in
      let (end, _) = try checkThreadsAndResume(in: folder)
      #expect(end.model.model.output == .denoising(types: 2))
      let text = try curve("one/lcurve.out", in: folder)
      let header = try #require(text.split(separator: "\n").first)
      for column in ["coord_l1_error_trn", "token_error_trn", "token_error_val"] {
        #expect(header.contains(column))
      }
      #expect(!text.split(separator: "\n").dropFirst(2).contains { $0.contains("nan") })
      #expect(try curve("later/lcurve.out", in: folder) == text)
    }
  }

  @Test func `settings beside the data are those in the loss`() throws {
    let inLoss = #""noise": 1.0, "#
    try withExample { folder in
      _ = try run("dp-train", "input.json", "-o", "loss", in: folder)
      let moved = Self.example.replacingOccurrences(of: inLoss, with: "")
        .replacingOccurrences(
          of: #""batch_size": 2"#,
          with: #""batch_size": 2, "noise_settings": {"noise": 1.0, "mask_type_idx": 2}"#)
      try moved.write(
        to: folder.appending(path: "input.json"), atomically: true, encoding: .utf8)
      _ = try run("dp-train", "input.json", "-o", "data", in: folder)
      #expect(try curve("data/lcurve.out", in: folder) == curve("loss/lcurve.out", in: folder))
    }
  }

  @Test func `types and positions are learned`() throws {
    try withExample(replacing: [
      (#""numb_steps": 4"#, #""numb_steps": 600"#), (#""save_freq": 2"#, #""save_freq": 600"#),
      (#""start_lr": 0.003, "stop_lr": 3.51e-08"#, #""start_lr": 0.01, "stop_lr": 1e-3"#),
      (#""noise": 1.0"#, #""noise": 0.2"#),
    ]) { folder in
      _ = try run("dp-train", "input.json", "-o", "run", in: folder)
      let rows = try curve("run/lcurve.out", in: folder).split(separator: "\n").filter {
        !$0.hasPrefix("#")
      }.map { $0.split(separator: " ").compactMap { Double($0) } }
      // step, coord_l1_error of validation and training, token_error of both, rate
      func mean(_ rows: ArraySlice<[Double]>, _ column: Int) -> Double {
        rows.reduce(0) { $0 + $1[column] } / Double(rows.count)
      }
      #expect(mean(rows.suffix(50), 4) < 0.8 * mean(rows.prefix(20), 4))
      #expect(mean(rows.suffix(50), 2) < 0.6 * mean(rows.prefix(20), 2))
    }
  }

  @Test func `energies are learned from its descriptor`() throws {
    try withExample { folder in
      _ = try run("dp-train", "input.json", "-o", "first", in: folder)
      _ = try run("dp-freeze", "first", "-o", "first.h5", in: folder)
      let energy = Self.example
        .replacingOccurrences(of: #", "MASKED_TOKEN""#, with: "")
        .replacingOccurrences(
          of: #""temperature": 1.0"#, with: #""temperature": 1.0, "trainable": false"#
        )
        .replacingOccurrences(
          of: #""_comment": " that's all"\#n  },\#n  "learning_rate""#,
          with: #""fitting_net": {"neuron": [6]}\#n  },\#n  "learning_rate""#)
      let start = try #require(energy.range(of: #""loss": {"#))
      let end = try #require(energy.range(of: #""training": {"#))
      let loss = #""loss": {"type": "ener"}, "#
      let text = String(energy[..<start.lowerBound]) + loss + energy[end.lowerBound...]
      try text.write(
        to: folder.appending(path: "energy.json"), atomically: true, encoding: .utf8)
      for (source, target) in [("first", "from-run"), ("first.h5", "from-file")] {
        let tuned = try run(
          "dp-train", "energy.json", "--finetune", source, "-o", target, in: folder)
        #expect(tuned.messages.contains("its descriptor alone"))
      }
      let old = try Checkpoint.read(folder.appending(path: "first/model.ckpt-4.h5").path)
        .model.model
      for target in ["from-run", "from-file"] {
        let new = try Checkpoint.read(folder.appending(path: "\(target)/model.ckpt-4.h5").path)
          .model.model
        #expect(new.output == .energy && new.typeMap == ["O", "H"])
        let theirs = Dictionary(uniqueKeysWithValues: old.tensors.map { ($0.name, $0) })
        for tensor in new.tensors
        where tensor.name.part == .descriptor && !tensor.name.place.hasPrefix("type_embedding") {
          let from = try #require(theirs[tensor.name])
          #expect(
            new.parameters[tensor.precision, tensor.range]
              == old.parameters[from.precision, from.range])
        }
      }
    }
  }

  @Test func `what such a model is for is said where it is asked for more`() throws {
    try withExample { folder in
      _ = try run("dp-train", "input.json", "-o", "run", in: folder)
      let info = try run("dp-freeze", "--info", "run", in: folder).output
      #expect(info.contains("denoise, 5 numbers"))
      let evaluated = try runTool("dp-eval", ["run", "data.h5"], in: folder)
      #expect(evaluated.exitCode == 65 && evaluated.messages.contains("--finetune"))
      let frozen = try runTool("dp-freeze", ["run", "-o", "model.dp"], in: folder)
      #expect(frozen.exitCode == 65 && frozen.messages.contains("denoise"))
    }
  }

  @Test(arguments: [
    (#", "MASKED_TOKEN""#, "", "MASKED_TOKEN"),
    (#""mask_coord": true, "mask_type": true"#, #""mask_coord": false"#, "nothing is damaged"),
    (#""norm_loss": 0.0"#, #""norm_loss": 0.01"#, "backbone"),
    (#""use_l1": true"#, #""use_l1": false"#, "use_l1"),
    (#""noise_type": "uniform""#, #""noise_type": "laplace""#, "trunc_normal"),
    (#""batch_size": 2"#, #""batch_size": 2, "noise_settings": {"noise": 2.0}"#, "noise_settings"),
    (
      #""masked_token_loss": 1.0, "masked_coord_loss": 1.0"#,
      #""masked_token_loss": 0, "masked_coord_loss": 0"#, "no term"
    ),
  ])
  func `what does not go together is refused by name`(old: String, new: String, word: String)
    throws
  {
    try withExample(replacing: [(old, new)]) { folder in
      let done = try runTool("dp-train", ["input.json", "--check"], in: folder)
      #expect(done.exitCode == 78 && done.messages.contains(word), "\(done.messages)")
    }
  }

  @Test func `a descriptor without rows of pairs is refused`() throws {
    let start = try #require(Self.example.range(of: #""type": "dpa1""#))
    let end = try #require(Self.example.range(of: #""temperature": 1.0"#))
    let old = String(Self.example[start.lowerBound..<end.upperBound])
    try withExample(replacing: [
      (old, #""type": "se_e2_a", "rcut": 4.0, "sel": [9, 9, 9], "neuron": [4, 8]"#)
    ]) { folder in
      let done = try runTool("dp-train", ["input.json", "--check"], in: folder)
      #expect(done.exitCode == 78 && done.messages.contains("rows of pairs"), "\(done.messages)")
    }
  }
}
