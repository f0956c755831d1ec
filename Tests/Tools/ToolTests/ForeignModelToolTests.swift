import DeepPotential
import Files
import Foundation
import Models
import TestSupport
import Testing

/// Models of DeePMD-kit in other files than `.dp`, given to the tools as they are.
struct ForeignModelToolTests {
  private static let folder = fixtures.appending(path: "foreign")
  private static let data = fixtures.appending(path: "train_data.hdf5").path

  private static func path(_ name: String) -> String { folder.appending(path: name).path }

  private func errors(_ model: String, _ options: [String], in folder: URL) throws -> String {
    let run = try runTool(
      "dp-eval", [model, Self.data, "--json", "-j", "1"] + options, in: folder)
    #expect(run.exitCode == 0, "\(run.messages)")
    return run.output
  }

  @Test(arguments: [
    ("pb_two.pb", []), ("pth_compressed.pth", []), ("yaml_se_e2_r.yaml", []),
    ("pt2_se_e2_a.pt2", []), ("pt_electrons.pt", []), ("pb_exclude_compressed.pb", []),
    ("pt_multitask.pt", ["--model-branch", "beta"]),
  ]) func `a model is evaluated as it is, and after it was frozen, with the same result`(
    name: String, options: [String]
  ) throws {
    try withTemporaryFolder { folder in
      let frozen = try runTool(
        "dp-freeze", [Self.path(name), "-o", "model.h5"] + options, in: folder)
      #expect(frozen.exitCode == 0, "\(frozen.messages)")
      let direct = try errors(Self.path(name), options, in: folder)
      // A hint names the model, and the head of one of several.
      let model = direct.replacingOccurrences(of: Self.path(name), with: "model.h5")
        .replacingOccurrences(of: "model.h5 --head beta", with: "model.h5")
      #expect(model == (try errors("model.h5", [], in: folder)))
      let info = try runTool("dp-freeze", ["--info", Self.path(name)] + options, in: folder)
      #expect(info.exitCode == 0 && info.output.contains("O H"), "\(info.output)")
    }
  }

  @Test func `dp convert-backend writes a graph as dp, and says what it cannot write`() throws {
    try withTemporaryFolder { folder in
      let run = try runTool(
        "dp", ["convert-backend", Self.path("pb_two.pb"), "model.dp"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      let model = try StoredModel.read(folder.appending(path: "model.dp").path).model
      #expect(model == (try StoredModel.read(Self.path("pb_two.pb")).model))
      for name in ["model.pb", "model.pth", "model.pt2"] {
        let refused = try runTool("dp", ["convert-backend", "model.dp", name], in: folder)
        #expect(refused.exitCode == 64 && refused.messages.contains("cannot be written"))
      }
      let named = try runTool("dp-freeze", ["model.dp", "-o", "model.pb"], in: folder)
      #expect(named.exitCode == 0 && named.messages.contains("in spite of its name"))
    }
  }

  @Test func `dp convert-backend writes YAML and reads it back`() throws {
    try withTemporaryFolder { folder in
      for words in [[Self.path("pth_compressed.pth"), "m.yaml"], ["m.yaml", "back.dp"]] {
        let run = try runTool("dp", ["convert-backend"] + words, in: folder)
        #expect(run.exitCode == 0, "\(run.messages)")
      }
      let text = try String(contentsOf: folder.appending(path: "m.yaml"), encoding: .utf8)
      #expect(text.contains("\nmodel:\n  '@class': Model\n") && !text.contains("{\""))
      let model = try StoredModel.read(folder.appending(path: "back.dp").path).model
      #expect(model == (try StoredModel.read(Self.path("pth_compressed.pth")).model))
    }
  }

  @Test func `a model of a multi-task checkpoint is taken by every command that takes a model`()
    throws
  {
    let path = Self.path("pt_multitask.pt"), head = ["--head", "beta"]
    let commands: [(tool: String, words: [String])] = [
      ("dp", ["freeze", "-c", path, "-o", "beta.pb"]),
      ("dp", ["test", "-m", path, "-s", Self.data]),
      ("dp", ["model-devi", "-m", path, path, "-s", Self.data]),
      ("dp", ["eval-desc", "-m", path, "-s", Self.data]),
      ("dp", ["compress", "-i", path, "-o", "c.h5"]),
      ("dp", ["change-bias", path, "-s", Self.data, "-o", "b.h5"]),
      ("dp", ["convert-backend", path, "m.yaml"]),
      ("dp-profile", [path, Self.data, "--steps", "2", "-n", "1"]),
      ("dp-eval", [path, Self.data]), ("dp-freeze", [path, "-o", "f.h5"]),
    ]
    try withTemporaryFolder { folder in
      for (tool, words) in commands {
        let refused = try runTool(tool, words, in: folder)
        #expect(refused.exitCode == 65, "\(words)")
        #expect(refused.messages.contains("name one of them: --head alpha"), "\(words)")
        let option = tool == "dp" ? head : ["--model-branch", "beta"]
        let run = try runTool(tool, words + option, in: folder)
        #expect(run.exitCode == 0, "\(words): \(run.messages)")
      }
      let show = try runTool("dp", ["show", path, "model-branch", "type-map"], in: folder)
      #expect(show.messages.contains("Available model branches are ['alpha', 'beta']"))
      #expect(show.messages.contains("The type_map of branch beta is ['O', 'H']"))
      let client = try runTool("dp-ipi", [path, "--structure", "x.xyz"], in: folder)
      #expect(client.exitCode == 65 && client.messages.contains("holds 2 models"))
      let info = try runTool("dp-freeze", ["--info", path], in: folder)
      #expect(info.exitCode == 0 && info.output.contains("one for each task: alpha, beta"))
    }
  }

  @Test func `dp compress, test, and show take a graph as it is`() throws {
    try withTemporaryFolder { folder in
      let graph = Self.path("pb_two.pb")
      let run = try runTool("dp", ["compress", "-i", graph, "-o", "c.dp"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      #expect(
        try StoredModel.read(folder.appending(path: "c.dp").path).model
          == StoredModel.read(graph).model)
      let test = try runTool("dp", ["test", "-m", graph, "-s", Self.data], in: folder)
      #expect(test.exitCode == 0, "\(test.messages)")
      for part in ["descriptor", "serialization-tree"] {
        let show = try runTool("dp", ["show", graph, part], in: folder)
        #expect(show.exitCode == 0 && show.messages.contains("DEEPMD INFO"), "\(show.messages)")
      }
    }
  }

  @Test(arguments: [
    ("pt_multitask.pt", ["--model-branch", "beta"]), ("pb_two.pb", []), ("pth_compressed.pth", []),
  ]) func `a training starts from a model that another program wrote`(
    name: String, options: [String]
  ) throws {
    try withTraining { folder in
      let run = try runTool(
        "dp-train",
        ["input.json", "--finetune", Self.path(name), "--use-pretrain-script", "-o", "run"]
          + options, in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      let model = try readModel(at: folder.appending(path: "run").path) { _ in }
      let old = try runTool(
        "dp-freeze", [Self.path(name), "-o", "old.h5"] + options, in: folder)
      #expect(old.exitCode == 0)
      let first = try StoredModel.read(folder.appending(path: "old.h5").path).model
      #expect(model.typeMap == first.typeMap && model.parameters != first.parameters)
    }
  }

  @Test(arguments: ["--init-model", "--init-frz-model"])
  func `a training goes on from the parameters of a graph`(option: String) throws {
    try withTraining { folder in
      let run = try runTool(
        "dp-train",
        [
          "input.json", option, Self.path("pb_se_e2_r_pairs.pb"), "--use-pretrain-script", "-o",
          "run",
        ], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      let model = try readModel(at: folder.appending(path: "run").path) { _ in }
      #expect(model.descriptor.embeddings.count == 4)
    }
  }

  private static let compressed = path("pb_exclude_compressed.pb")

  @Test func `the fitting net of a model with tables alone is trained, its descriptor is not`()
    throws
  {
    try withTraining { folder in
      let options = ["--use-pretrain-script", "-o", "run"]
      let start = ["input.json", "--finetune", Self.compressed] + options
      let run = try runTool("dp-train", start, in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      let model = try readModel(at: folder.appending(path: "run").path) { _ in }
      let first = try StoredModel.read(Self.compressed).model
      #expect(model.descriptor == first.descriptor && model.parameters != first.parameters)
      // A restart needs the checkpoint alone.
      let text = try String(contentsOf: folder.appending(path: "input.json"), encoding: .utf8)
      var input = try JSONValue(
        parsing: text.replacingOccurrences(of: #""numb_steps": 20"#, with: #""numb_steps": 25"#)
          .utf8, at: "input.json")
      let stored = try StoredModel.read(folder.appending(path: "run/model.ckpt-20.h5").path)
      input.set(["model"], to: ModelSummary(stored).definition)
      try input.serialized.write(
        to: folder.appending(path: "more.json"), atomically: true, encoding: .utf8)
      let more = try runTool(
        "dp-train", ["more.json", "--restart", "run", "-o", "more"], in: folder)
      #expect(more.exitCode == 0, "\(more.messages)")
      let last = try readModel(at: folder.appending(path: "more").path) { _ in }
      #expect(last.descriptor == first.descriptor && last.parameters != model.parameters)
    }
  }

  @Test func `training the descriptor of a model with tables alone is refused with the reason`()
    throws
  {
    try withTraining(replacing: [(#""type": "se_e2_a""#, #""type": "se_e2_a", "trainable": true"#)])
    { folder in
      for option in ["--finetune", "--init-frozen"] {
        let run = try runTool(
          "dp-train",
          ["input.json", option, Self.compressed, "--use-pretrain-script", "-o", "run"],
          in: folder)
        #expect(run.exitCode == 78 && run.messages.contains("tables in place of its embedding"))
        #expect(run.messages.contains(#"write "trainable": false"#))
      }
    }
  }

  @Test func `a model with tables alone is not converted to dp, and says why`() throws {
    try withTemporaryFolder { folder in
      let run = try runTool("dp", ["convert-backend", Self.compressed, "m.dp"], in: folder)
      #expect(run.exitCode == 65 && run.messages.contains("compressed"), "\(run.messages)")
      let info = try runTool("dp-freeze", ["--info", Self.compressed], in: folder)
      #expect(info.output.contains("4 tables 1-8"), "\(info.output)")
      #expect(info.output.contains("those of a compressed model"))
      let compress = try runTool(
        "dp", ["compress", "-i", Self.compressed, "-o", "c.h5"], in: folder)
      #expect(compress.exitCode == 0 && compress.messages.contains("it is compressed already"))
      #expect(
        try StoredModel.read(folder.appending(path: "c.h5").path).model
          == StoredModel.read(Self.compressed).model)
    }
  }

  @Test func `a bad file is one sentence, and what to do`() throws {
    try withTemporaryFolder { folder in
      let several = try runTool("dp-eval", [Self.path("pt_multitask.pt"), Self.data], in: folder)
      #expect(several.exitCode == 65 && several.messages.contains("holds 2 models: alpha, beta"))
      let chosen = try runTool(
        "dp-eval", [Self.path("pb_two.pb"), Self.data, "--model-branch", "beta"], in: folder)
      #expect(chosen.exitCode == 65 && chosen.messages.contains("single model"))
      let pointer = folder.appending(path: "graph.pb")
      try Data("version https://git-lfs.github.com/spec/v1\noid sha256:0\n".utf8).write(to: pointer)
      let lfs = try runTool("dp-freeze", ["--info", "graph.pb"], in: folder)
      #expect(lfs.exitCode == 65 && lfs.messages.contains("hint: fetch the model"))
    }
  }
}
