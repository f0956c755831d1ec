import Foundation
import ForeignModels
import Models
import Runs
import TestSupport
import Testing

private func train(_ arguments: [String], in folder: URL) throws -> Finished {
  try runTool("dp-train", arguments, in: folder)
}

private func checkpoint(_ path: String, in folder: URL) throws -> Checkpoint {
  try Checkpoint.read(folder.appending(path: path).path)
}

/// The models of trainings of several tasks, one by one.
@Suite struct TaskHeadsTests {
  @Test func `heads are listed, frozen and evaluated`() throws {
    try withTasks { folder in
      #expect(try train(["tasks.json"], in: folder).exitCode == 0)
      for (tool, words) in [
        ("dp-freeze", ["run", "-o", "m.h5"]),
        ("dp-freeze", ["run/model.ckpt-20.h5", "-o", "m.h5"]),
        ("dp-eval", ["run", "data.h5#/c"]), ("dp", ["freeze", "-c", "run", "-o", "m.pb"]),
        ("dp", ["test", "-m", "run/model.ckpt-20.h5", "-s", "data.h5"]),
      ] {
        let refused = try runTool(tool, words, in: folder)
        #expect(refused.exitCode == 65, "\(words) \(refused.messages)")
        // No older checkpoint would answer the question.
        #expect(!refused.messages.contains("older checkpoint"), "\(refused.messages)")
        #expect(refused.messages.contains("holds 2 models: left, right"), "\(refused.messages)")
        let wrong = try runTool(tool, words + ["--head", "middle"], in: folder)
        #expect(wrong.exitCode == 65 && wrong.messages.contains("holds no model 'middle'"))
        let right = try runTool(tool, words + ["--head", "right"], in: folder)
        #expect(right.exitCode == 0, "\(words): \(right.messages)")
      }
      let info = try runTool("dp-freeze", ["--info", "run"], in: folder)
      #expect(info.exitCode == 0 && info.output.contains("2 heads, one for each task: left, right"))
      #expect(info.output.contains("Head left\n") && info.output.contains("Head right\n"))
      let show = try runTool("dp", ["show", "run/model.ckpt-20.h5", "model-branch"], in: folder)
      #expect(show.messages.contains("Available model branches are ['left', 'right']"))
      // The frozen model is the head, by itself: the same errors, and only its own nets.
      let frozen = try runTool("dp-eval", ["m.h5", "data.h5#/c"], in: folder)
      let direct = try runTool("dp-eval", ["run", "data.h5#/c", "--head", "right"], in: folder)
      let hint = "dp-freeze run --head right"
      #expect(frozen.exitCode == 0 && direct.output.contains(hint))
      #expect(
        frozen.output == direct.output.replacingOccurrences(of: hint, with: "dp-freeze m.h5"))
      let model = try StoredModel.read(folder.appending(path: "m.h5").path).model
      #expect(model.parameters.float64.count == model.tensors.reduce(0) { $0 + $1.count })
      let other = try StoredModel.read(
        folder.appending(path: "run/model.ckpt-20.h5").path, ModelChoice(branch: "left")
      ).model
      #expect(other.descriptor == model.descriptor && other.fitting != model.fitting)
    }
  }

  @Test func `a training starts from a head, or from the descriptor alone`() throws {
    try withTasks { folder in
      #expect(try train(["tasks.json", "-o", "old"], in: folder).exitCode == 0)
      let old = try checkpoint("old/model.ckpt-20.h5", in: folder)
      for (name, words) in [
        ("option", ["--finetune", "old", "--head", "left"]),
        ("branch", ["--finetune", "old/model.ckpt-20.h5", "--model-branch", "left"]),
      ] {
        let run = try train(["input.json", "-o", name, "--steps", "0"] + words, in: folder)
        #expect(run.exitCode == 0, "\(run.messages)")
        let tuned = try checkpoint("\(name)/model.ckpt-0.h5", in: folder).model.model
        #expect(tuned.parameters == old.models[0].model.parameters)
      }
      let key = input.replacingOccurrences(
        of: "\"type_map\"", with: "\"finetune_head\": \"left\", \"type_map\"")
      try key.write(to: folder.appending(path: "key.json"), atomically: true, encoding: .utf8)
      let named = try train(
        ["key.json", "--finetune", "old", "-o", "key", "--steps", "0"], in: folder)
      #expect(named.exitCode == 0, "\(named.messages)")
      let tuned = try checkpoint("key/model.ckpt-0.h5", in: folder).model.model
      #expect(tuned.parameters == old.models[0].model.parameters)
      let missing = try train(["input.json", "--finetune", "old", "-o", "no"], in: folder)
      #expect(missing.exitCode == 65 && missing.messages.contains("holds 2 models: left, right"))
      let random = try train(
        ["input.json", "--finetune", "old", "--head", "RANDOM", "-o", "new", "--steps", "0"],
        in: folder)
      #expect(random.exitCode == 0, "\(random.messages)")
      let anew = try checkpoint("new/model.ckpt-0.h5", in: folder).model.model
      #expect(anew.descriptor == old.models[0].model.descriptor)
      #expect(anew.parameters != old.models[0].model.parameters)
    }
  }

  @Test func `tasks start from heads: a named one, that of their name, or none`() throws {
    try withTasks { folder in
      #expect(try train(["tasks.json", "-o", "old"], in: folder).exitCode == 0)
      let old = try checkpoint("old/model.ckpt-20.h5", in: folder).models.map(\.model)
      let text = tasksInput.replacingOccurrences(of: "\"right\"", with: "\"other\"")
        .replacingOccurrences(
          of: "\"fitting_net\": { \"neuron\": [6], \"seed\": 2 }",
          with: "\"finetune_head\": \"left\", \"fitting_net\": { \"neuron\": [8, 8], \"seed\": 2 }")
      try text.write(to: folder.appending(path: "new.json"), atomically: true, encoding: .utf8)
      let run = try train(
        ["new.json", "--finetune", "old", "-o", "new", "--steps", "0"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      let new = try checkpoint("new/model.ckpt-0.h5", in: folder)
      #expect(new.names == ["left", "other"])
      // The first task goes on as it was; the second has the same nets, and a bias for its data.
      #expect(new.models[0].model == old[0])
      #expect(new.models[1].model.parameters == old[0].parameters)
      #expect(new.models[1].model.outputBias != old[0].outputBias)
      let again = try train(
        ["new.json", "--finetune", "old", "-o", "new", "--steps", "0"], in: folder)
      #expect(again.exitCode == 0, "\(again.messages)")
      let wrong = text.replacingOccurrences(of: "\"left\",", with: "\"middle\",")
      try wrong.write(to: folder.appending(path: "new.json"), atomically: true, encoding: .utf8)
      let refused = try train(["new.json", "--finetune", "old", "-o", "no"], in: folder)
      #expect(refused.exitCode == 65 && refused.messages.contains("holds no model 'middle'"))
      let option = try train(
        ["tasks.json", "--finetune", "old", "--head", "left", "-o", "no"], in: folder)
      #expect(option.exitCode == 64 && option.messages.contains("finetune_head"))
    }
  }
}
