import Foundation
import Models
import Runs
import TestSupport
import Testing
import Training

private func train(_ arguments: [String], in folder: URL) throws -> Finished {
  try runTool("dp-train", ["input.json"] + arguments, in: folder)
}

private func areEqual(_ a: String, _ b: String, in folder: URL) throws -> Bool {
  let files = try [a, b].map { try Data(contentsOf: folder.appending(path: $0)) }
  return files[0] == files[1]
}

private func write(_ text: String, in folder: URL) throws {
  try text.write(to: folder.appending(path: "input.json"), atomically: true, encoding: .utf8)
}

private func checkpoint(_ path: String, in folder: URL) throws -> Checkpoint {
  try Checkpoint.read(folder.appending(path: path).path)
}

/// Trainings that start from another's model.
@Suite struct FinetuneTests {
  /// A folder with a finished training in `old/`, whose frozen model is `old.h5`.
  private func withTrained(
    replacing changes: [(String, String)] = [], _ body: (URL) throws -> Void
  ) throws {
    try withTraining(replacing: changes) { folder in
      #expect(try train(["-o", "old"], in: folder).exitCode == 0)
      #expect(try runTool("dp-freeze", ["old", "-o", "old.h5"], in: folder).exitCode == 0)
      try body(folder)
    }
  }

  @Test func `a training starts from the parameters of a model, at step 0`() throws {
    try withTrained { folder in
      for (name, option, path) in [
        ("a", "--init-model", "old"), ("b", "--init-model", "old/model.ckpt-20.h5"),
        ("c", "--init-frz-model", "old.h5"), ("d", "--init-frozen", "old.h5"),
      ] {
        let started = try train([option, path, "-o", name], in: folder)
        #expect(started.exitCode == 0, "\(started.messages)")
        #expect(
          started.messages.contains("starts from:     \(path.hasSuffix("h5") ? path : "old/")"))
        #expect(try areEqual("a/lcurve.out", "\(name)/lcurve.out", in: folder))
      }
      // The errors go on where the old training left off, at the first learning rate.
      func rows(_ run: String) throws -> [[Double]] {
        try String(contentsOf: folder.appending(path: "\(run)/lcurve.out"), encoding: .utf8)
          .split(separator: "\n").dropFirst(2)
          .map { $0.split(separator: " ").map { Double($0) ?? .nan } }
      }
      let (old, new) = (try rows("old"), try rows("a"))
      #expect(new[0][0] == 1 && new[0].last == old[0].last)
      #expect(new[0][3] < old[0][3])
      let first = try checkpoint("old/model.ckpt-20.h5", in: folder)
      let second = try checkpoint("a/model.ckpt-20.h5", in: folder)
      #expect(first.model.model.outputBias == second.model.model.outputBias)
      #expect(second.digests["initial model"]?.count == 64)
    }
  }

  @Test func `no step changes nothing of the model but its bias`() throws {
    try withTrained { folder in
      // A learning rate that moves nothing: what is left is what fine-tuning does by itself.
      let still = input.replacingOccurrences(of: "0.001", with: "1e-300")
        .replacingOccurrences(of: "1e-5", with: "1e-300")
      try write(still, in: folder)
      let tuned = try train(
        ["--finetune", "old.h5", "--steps", "1", "-o", "new"], in: folder)
      #expect(tuned.exitCode == 0, "\(tuned.messages)")
      #expect(tuned.messages.contains("energy bias") && tuned.messages.contains("errors, "))
      let found = try checkpoint("new/model.ckpt-1.h5", in: folder).model.model
      let changed = try runTool(
        "dp-freeze",
        [
          "old.h5", "-o", "changed.h5", "--change-bias", "data.h5#/a", "--change-bias",
          "data.h5#/b",
        ],
        in: folder)
      #expect(changed.exitCode == 0)
      let expected = try StoredModel.read(folder.appending(path: "changed.h5").path).model
      #expect(found.parameters == expected.parameters && found.descriptor == expected.descriptor)
      for (a, b) in zip(found.energyBias, expected.energyBias) { #expect(abs(a - b) <= 1e-10) }
    }
  }

  @Test func `types of a fine-tuned model are matched by name, and may be fewer`() throws {
    try withTrained { folder in
      let errors = { (model: String) in
        try runTool("dp-eval", [model, "data.h5#/a"], in: folder).output
      }
      let swapped = input.replacingOccurrences(of: "\"O\", \"H\"", with: "\"H\", \"O\"")
        .replacingOccurrences(of: "[6, 10]", with: "[10, 6]")
        .replacingOccurrences(of: "0.001", with: "1e-300")
        .replacingOccurrences(of: "1e-5", with: "1e-300")
      try write(swapped, in: folder)
      let tuned = try train(["--finetune", "old", "--steps", "1", "-o", "new"], in: folder)
      #expect(tuned.exitCode == 0, "\(tuned.messages)")
      let model = try checkpoint("new/model.ckpt-1.h5", in: folder).model.model
      #expect(model.typeMap == ["H", "O"] && model.descriptor.slots == [10, 6])
      // Forces do not depend on the bias.
      func force(_ text: String) -> Substring? {
        text.split(separator: "\n").first { $0.hasPrefix("  force") }
      }
      #expect(try force(errors("new")) == force(errors("old")))
      let refused = try train(["--init-model", "old", "-o", "other"], in: folder)
      #expect(refused.exitCode == 78 && refused.messages.contains("--finetune"))

      let fewer = swapped.replacingOccurrences(of: "\"H\", \"O\"", with: "\"H\"")
        .replacingOccurrences(of: "[10, 6]", with: "\"auto\"")
        .replacingOccurrences(of: "data.h5#/a\", \"data.h5#/b\"", with: "h.xyz\"")
        .replacingOccurrences(of: "data.h5#/c", with: "h.xyz")
        .replacingOccurrences(of: "\"start_pref_v\": 0.5, \"limit_pref_v\": 1", with: "")
      try write(fewer, in: folder)
      let xyz = """
        2
        Properties=species:S:1:pos:R:3:forces:R:3 energy=-1.5 pbc="F F F"
        H 0 0 0 0.1 0 0
        H 0.8 0 0 -0.1 0 0

        """
      try xyz.write(to: folder.appending(path: "h.xyz"), atomically: true, encoding: .utf8)
      let part = try train(["--finetune", "old", "--steps", "2", "-o", "part"], in: folder)
      #expect(part.exitCode == 0, "\(part.messages)")
      #expect(try checkpoint("part/model.ckpt-2.h5", in: folder).model.model.typeMap == ["H", "O"])
    }
  }

  @Test func `a stopped fine-tuning goes on with the same command, to the same bytes`() throws {
    try withTrained { folder in
      let options = ["--finetune", "old.h5"]
      #expect(try train(options + ["-o", "whole"], in: folder).exitCode == 0)
      for stop in ["3", "10", "17"] {
        #expect(try train(options + ["-o", "parts", "--until", stop], in: folder).exitCode == 75)
      }
      let last = try train(options + ["-o", "parts"], in: folder)
      #expect(last.exitCode == 0 && last.messages.contains("continuing after step 17"))
      #expect(!last.messages.contains("energy bias"))
      for file in ["lcurve.out", "model.ckpt-20.h5"] {
        #expect(try areEqual("whole/\(file)", "parts/\(file)", in: folder))
      }
      // A finished one stays finished.
      #expect(try train(options + ["-o", "parts"], in: folder).exitCode == 0)
      #expect(try areEqual("whole/lcurve.out", "parts/lcurve.out", in: folder))
    }
  }

  @Test func `a changed initial model is noticed, and so is a forgotten one`() throws {
    try withTrained { folder in
      #expect(try train(["--init-model", "old.h5", "-o", "new"], in: folder).exitCode == 0)
      let values = ["old.h5", "-o", "other.h5", "--bias-values", "O=-2"]
      #expect(try runTool("dp-freeze", values, in: folder).exitCode == 0)
      for arguments in [["--init-model", "other.h5"], []] {
        let other = try train(arguments + ["-o", "new"], in: folder)
        #expect(other.exitCode == 73 && other.messages.contains("different initial model"))
      }
      let tuned = try train(["--finetune", "old.h5", "-o", "new"], in: folder)
      #expect(tuned.exitCode == 73 && tuned.messages.contains("pre-trained model"))
      let restarted = try train(["--restart", "new", "-o", "new", "--steps", "25"], in: folder)
      #expect(restarted.exitCode == 0 && !restarted.messages.contains("initial model"))
    }
  }

  @Test func `the model section may be left to the pre-trained model`() throws {
    try withTrained { folder in
      let bare = """
        {
          "model": {
            "type_map": ["O", "H"], "descriptor": { "trainable": false, "neuron": [3] }
          },
          "learning_rate": { "start_lr": 0.001 },
          "training": { "training_data": { "systems": "data.h5" }, "numb_steps": 5 }
        }
        """
      try write(bare, in: folder)
      let refused = try train(["--finetune", "old.h5"], in: folder)
      #expect(refused.exitCode == 78)
      let tuned = try train(["--finetune", "old.h5", "--use-pretrain-script"], in: folder)
      #expect(tuned.exitCode == 0, "\(tuned.messages)")
      let model = try checkpoint("run/model.ckpt-5.h5", in: folder).model.model
      let old = try StoredModel.read(folder.appending(path: "old.h5").path).model
      #expect(model.fitting.options == old.fitting.options)
      // What is not trainable stays: all nets of the descriptor come first.
      #expect(model.parameters != old.parameters)
      #expect(model.parameters.float64[0..<4] == old.parameters.float64[0..<4])
    }
  }

  @Test(arguments: [
    (["--init-model", "x", "--restart", "y"], Int32(64), "exclude each other"),
    (["--init-frz-model", "x", "--finetune", "y"], 64, "exclude each other"),
    (["--use-pretrain-script"], 64, "--finetune"), (["--finetune", "none.h5"], 66, "none.h5"),
  ])
  func `options that do not go together are 64, a missing model is 66`(
    arguments: [String], code: Int32, text: String
  ) throws {
    try withTraining { folder in
      let finished = try train(arguments, in: folder)
      #expect(finished.exitCode == code && finished.messages.contains(text), "\(finished.messages)")
    }
  }

  @Test(arguments: [
    ("[8, 8]", "[8, 9]", "model/fitting_net/neuron"), ("4.0", "3.5", "model/descriptor/rcut"),
    ("[6, 10]", "[6, 12]", "model/descriptor/sel"), ("\"O\", \"H\"", "\"O\", \"C\"", "elements C"),
  ])
  func `a model section that does not fit is named`(old: String, new: String, text: String) throws {
    try withTrained { folder in
      try write(input.replacingOccurrences(of: old, with: new), in: folder)
      for option in ["--init-model", "--finetune"] {
        let finished = try train([option, "old.h5", "-o", "new"], in: folder)
        #expect(finished.exitCode == 78 && finished.messages.contains(text), "\(finished.messages)")
      }
    }
  }
}
