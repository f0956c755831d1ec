import Foundation
import ForeignModels
import Models
import Runs
import TestSupport
import Testing

/// Whether some MPI is there to start processes.
private let isLauncherThere = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(
  separator: ":"
)
.contains { FileManager.default.isExecutableFile(atPath: "\($0)/mpirun") }

private func train(_ arguments: [String], in folder: URL) throws -> Finished {
  try runTool("dp-train", arguments, in: folder)
}

private func text(_ path: String, in folder: URL) throws -> String {
  try String(contentsOf: folder.appending(path: path), encoding: .utf8)
}

private func areEqual(_ a: String, _ b: String, in folder: URL) throws -> Bool {
  let files = try [a, b].map { try Data(contentsOf: folder.appending(path: $0)) }
  return files[0] == files[1]
}

private func checkpoint(_ path: String, in folder: URL) throws -> Checkpoint {
  try Checkpoint.read(folder.appending(path: path).path)
}

/// Trainings of several tasks.
@Suite struct TasksTests {
  @Test func `a name of a task may begin as comments do`() throws {
    let changes = [
      ("\"left\":", "\"_left\":"), ("\"model_prob\": {", "\"model_prob\": { \"_why\": \"odd\","),
      ("\"model_dict\": {", "\"model_dict\": { \"_comment\": \"two tasks\","),
    ]
    try withTasks(replacing: changes) { folder in
      let run = try train(["tasks.json"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      #expect(try checkpoint("run/model.ckpt-20.h5", in: folder).names == ["_left", "right"])
      #expect(try text("run/lcurve.out", in: folder).contains(" rmse_f_trn__left "))
      let eval = try runTool("dp-eval", ["run", "data.h5#/c", "--head", "_left"], in: folder)
      #expect(eval.exitCode == 0, "\(eval.messages)")
      let plot = try runTool("dp-plot", ["run", "--head", "_left"], in: folder)
      #expect(plot.exitCode == 0 && plot.output.contains(">Virial<"), "\(plot.messages)")
    }
  }

  @Test func `a stopped training goes on to the same bytes, on any number of threads`() throws {
    let average = [("\"numb_steps\"", "\"enable_ema\": true, \"numb_steps\"")]
    try withTasks(replacing: average) { folder in
      let whole = try train(["tasks.json", "-o", "whole", "-j", "1"], in: folder)
      #expect(whole.exitCode == 0, "\(whole.messages)")
      for (stop, threads) in [("1", "2"), ("7", "4"), ("13", "1")] {
        let part = try train(
          ["tasks.json", "-o", "parts", "--until", stop, "-j", threads], in: folder)
        #expect(part.exitCode == 75, "\(part.messages)")
      }
      let last = try train(["tasks.json", "-o", "parts", "-j", "2"], in: folder)
      #expect(last.exitCode == 0 && last.messages.contains("continuing after step 13"))
      for file in ["lcurve.out", "metrics.jsonl", "model.ckpt-20.h5", "model_ema.ckpt-20.h5"] {
        #expect(try areEqual("whole/\(file)", "parts/\(file)", in: folder), "\(file)")
      }
      let curve = try text("whole/lcurve.out", in: folder).split(separator: "\n")
      let names = curve[0].split(separator: " ").dropFirst().map(String.init)
      #expect(
        names == [
          "step", "rmse_trn_left", "rmse_e_trn_left", "rmse_f_trn_left", "rmse_v_trn_left",
          "rmse_val_right", "rmse_trn_right", "rmse_e_val_right", "rmse_e_trn_right",
          "rmse_f_val_right", "rmse_f_trn_right", "lr",
        ])
      #expect(curve.dropFirst(2).allSatisfy { $0.split(separator: " ").count == names.count })
      #expect(!curve.dropFirst(2).joined().contains("nan"))
    }
  }

  @Test(.enabled(if: isLauncherThere, "mpirun is not installed"))
  func `ranks give the bytes of one process`() throws {
    try withTasks { folder in
      #expect(
        try train(["tasks.json", "-o", "one", "--mini-batches", "2"], in: folder).exitCode == 0)
      let launcher = checkout.appending(path: "pipelines/mpirun").path
      for ranks in ["2", "4"] {
        let run = try runProgram(
          launcher,
          [ranks, toolFolder.appending(path: "dp-train").path, "tasks.json", "-o", "on\(ranks)"]
            + ["--mini-batches", "2", "-j", "1"], in: folder)
        #expect(run.exitCode == 0, "\(run.messages)")
        for file in ["lcurve.out", "model.ckpt-20.h5"] {
          #expect(try areEqual("one/\(file)", "on\(ranks)/\(file)", in: folder), "\(file)")
        }
      }
    }
  }

  @Test func `one task in model_dict is trained like the plain input`() throws {
    let alone = """
      {
        "model": {
          "model_dict": {
            "only": {
              "type_map": ["O", "H"],
              "descriptor": {
                "type": "se_e2_a", "rcut": 4.0, "sel": [6, 10], "neuron": [4, 8],
                "axis_neuron": 2, "seed": 1
              },
              "fitting_net": { "neuron": [8, 8], "seed": 1 }
            }
          }
        },
        "learning_rate": { "decay_steps": 5, "start_lr": 0.001, "stop_lr": 1e-5 },
        "loss_dict": { "only": { "start_pref_v": 0.5, "limit_pref_v": 1 } },
        "training": {
          "data_dict": {
            "only": {
              "training_data": { "systems": ["data.h5#/a", "data.h5#/b"], "batch_size": 2 },
              "validation_data": { "systems": ["data.h5#/c"], "batch_size": 2, "numb_btch": 2 }
            }
          },
          "numb_steps": 20, "seed": 10, "disp_freq": 5, "save_freq": 10
        }
      }
      """
    try withTraining { folder in
      try alone.write(to: folder.appending(path: "one.json"), atomically: true, encoding: .utf8)
      #expect(try train(["input.json", "-o", "plain"], in: folder).exitCode == 0)
      let one = try train(["one.json", "-o", "one"], in: folder)
      #expect(one.exitCode == 0, "\(one.messages)")
      let curves = try ["plain", "one"].map { try text("\($0)/lcurve.out", in: folder) }
      let rows = curves.map { $0.split(separator: "\n").dropFirst() }
      #expect(rows[0] == rows[1] && curves[1].contains("rmse_f_val_only"))
      let models = try ["plain", "one"].map {
        try checkpoint("\($0)/model.ckpt-20.h5", in: folder)
      }
      #expect(models[0].model.model == models[1].model.model)
      #expect(models[0].state.optimizer.vectors == models[1].state.optimizer.vectors)
    }
  }

  @Test func `statistics, losses and weights of three tasks are DeePMD-kit's`() throws {
    // The files are of DeePMD-kit 3.2, whose draws of tasks were replaced by those of this program:
    // a training that starts from init.pt, 12 steps with batches of all frames.
    let source = fixtures.appending(path: "tasks"), names = ["alpha", "beta", "gamma"]
    func model(
      _ file: String, _ head: String, isAveraged: Bool = false
    ) throws -> StoredModel {
      try StoredModel.read(
        source.appending(path: file).path, ModelChoice(branch: head, isAveraged: isAveraged))
    }
    try withTraining { folder in
      let input = source.appending(path: "train.json").path
      let start = try train([input, "-o", "new", "--steps", "0"], in: folder)
      #expect(start.exitCode == 0, "\(start.messages)")
      let fresh = try checkpoint("new/model.ckpt-0.h5", in: folder)
      #expect(fresh.names == names)
      for (name, mine) in zip(names, fresh.models.map(\.model)) {
        let theirs = try model("init.pt", name).model
        for (a, b) in zip(mine.descriptor.parts, theirs.descriptor.parts) {
          for (a, b) in zip(a.normalizations, b.normalizations) {
            #expect(distance(a.mean, b.mean) <= 1e-10)
            #expect(distance(a.deviation, b.deviation) <= 1e-10)
          }
        }
        #expect(distance(mine.energyBias, theirs.energyBias) <= 1e-10)
      }
      let run = try train(
        [input, "--init-model", source.appending(path: "init.pt").path], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      #expect(
        try text("run/lcurve.out", in: folder)
          == String(contentsOf: source.appending(path: "lcurve.out"), encoding: .utf8))
      for (file, isAveraged) in [("model", false), ("model_ema", true)] {
        for name in names {
          let path = folder.appending(path: "run/\(file).ckpt-12.h5").path
          let mine = try StoredModel.read(path, ModelChoice(branch: name)).model
          let theirs = try model("final.pt", name, isAveraged: isAveraged).model
          #expect(mine.descriptor.options == theirs.descriptor.options)
          #expect(distance(mine.parameters.float64, theirs.parameters.float64) <= 1e-9, "\(name)")
        }
      }
    }
  }

  @Test func `slots of a shared descriptor suffice for the data of all tasks`() throws {
    try withTasks(replacing: [("\"sel\": [6, 10]", "\"sel\": \"auto\"")]) { folder in
      let run = try train(["tasks.json", "--steps", "1"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      let together = try checkpoint("run/model.ckpt-1.h5", in: folder).models.map {
        $0.model.descriptor.slots
      }
      let stat = try runTool("dp-stat", ["tasks.json", "--json"], in: folder)
      #expect(stat.exitCode == 0, "\(stat.messages)")
      #expect(together[0] == together[1] && together[0].allSatisfy { $0 > 0 && $0 % 4 == 0 })
      let again = try train(["tasks.json", "--steps", "1"], in: folder)
      #expect(again.exitCode == 0, "\(again.messages)")
    }
  }

  @Test func `a shared fitting net stays one, and num_epoch_dict counts passes`() throws {
    let changes = [
      ("\"net\": {", "\"head\": { \"neuron\": [8, 8], \"seed\": 3 }, \"net\": {"),
      ("\"fitting_net\": { \"neuron\": [8, 8], \"seed\": 1 }", "\"fitting_net\": \"head\""),
      ("\"fitting_net\": { \"neuron\": [6], \"seed\": 2 }", "\"fitting_net\": \"head\""),
      (
        "\"model_prob\": { \"left\": 1, \"right\": 2 }",
        "\"num_epoch_dict\": {\"left\": 2, \"right\": 1}"
      ),
      ("\"numb_steps\": 20, ", ""),
    ]
    try withTasks(replacing: changes) { folder in
      let run = try train(["tasks.json"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      // 3 + 2 batches of the first task twice, 3 of the second once.
      let last = try checkpoint("run/model.ckpt-13.h5", in: folder)
      let models = last.models.map(\.model)
      #expect(models[0].parameters == models[1].parameters)
      #expect(models[0].outputBias != models[1].outputBias)
      #expect(last.state.optimizer.taskUpdates.reduce(0, +) == 13)
      let count = models[0].parameters.float64.count
      #expect(last.state.optimizer.vectors["first_moment"]?.float64.count == count)
    }
  }

  @Test(arguments: [
    ("\"left\": 1, ", "\"lift\": 1, ", "training/model_prob/left: is missing"),
    ("\"left\": 1, ", "\"left\": -1, ", "training/model_prob/left"),
    ("\"left\": { \"start_pref_v\"", "\"lift\": { \"start_pref_v\"", "loss_dict/left"),
    ("\"left\": { \"training_data\"", "\"lift\": { \"training_data\"", "training/data_dict/left"),
    (
      "\"descriptor\": \"net\", \"fitting_net\": { \"neuron\": [8, 8]",
      "\"descriptor\": \"nut\", \"fitting_net\": { \"neuron\": [8, 8]", "did you mean \"net\""
    ),
    (
      "\"descriptor\": \"net\", \"fitting_net\": { \"neuron\": [8, 8]",
      "\"descriptor\": \"net:1\", \"fitting_net\": { \"neuron\": [8, 8]", "shared as a whole"
    ),
    (
      "\"type_map\": \"types\", \"descriptor\": \"net\", \"fitting_net\": { \"neuron\": [6]",
      "\"type_map\": [\"H\", \"O\"], \"descriptor\": \"net\", \"fitting_net\": { \"neuron\": [6]",
      "model/model_dict/right/type_map"
    ),
    ("\"rcut\": 4.0", "\"rcut\": -4.0", "task left: model/descriptor/rcut"),
    ("\"left\": {\n        \"type_map\"", "\"le ft\": {\n        \"type_map\"", "no blanks"),
    ("\"numb_steps\": 20", "\"acc_freq\": 2, \"numb_steps\": 20", "training/acc_freq"),
    ("\"numb_steps\": 20", "\"numb_epoch\": 2", "write num_epoch_dict"),
    (
      "\"numb_steps\": 20", "\"num_epoch_dict\": {\"left\": 1, \"right\": 1}", "excludes model_prob"
    ),
    ("\"loss_dict\"", "\"loss\": {}, \"loss_dict\"", "write loss_dict"),
    ("\"loss_dict\"", "\"optimizer\": {\"type\": \"LKF\"}, \"loss_dict\"", "trains one task"),
    ("\"loss_dict\"", "\"validating\": {\"full_validation\": true}, \"loss_dict\"", "one task"),
    ("\"neuron\": [6]", "\"neuron\": [6], \"dim_case_embd\": 2", "dim_case_embd"),
    ("\"neuron\": [6]", "\"neuron\": [6], \"nueron\": [6]", "task right: model/fitting_net/nueron"),
  ])
  func `a mistake is named with its place`(old: String, new: String, text: String) throws {
    try withTasks(replacing: [(old, new)]) { folder in
      let run = try train(["tasks.json", "--check"], in: folder)
      #expect(run.exitCode == 78 && run.messages.contains(text), "\(run.messages)")
    }
  }

  @Test func `another training in the folder, other tasks and missing options are refused`() throws
  {
    try withTasks { folder in
      #expect(try train(["tasks.json", "--steps", "2"], in: folder).exitCode == 0)
      let plain = try train(["input.json"], in: folder)
      #expect(plain.exitCode == 73 && plain.messages.contains("is of the tasks left, right"))
      let statistics = try train(["tasks.json", "--statistics", "x.h5", "-o", "b"], in: folder)
      #expect(statistics.exitCode == 64 && statistics.messages.contains("--statistics"))
      let file = try runTool("dp-stat", ["tasks.json", "-o", "x.h5"], in: folder)
      #expect(file.exitCode == 64 && file.messages.contains("several tasks"))
      let more = try train(
        ["tasks.json", "--restart", "run", "-o", "c", "--steps", "4"], in: folder)
      #expect(more.exitCode == 0, "\(more.messages)")
      #expect(try checkpoint("c/model.ckpt-4.h5", in: folder).state.step == 4)
    }
  }

  @Test func `the example of docs TASKS is trained as it stands`() throws {
    let page = try String(
      contentsOf: checkout.appending(path: "docs/TASKS.md"), encoding: .utf8)
    let example = page.components(separatedBy: "```json")[1].components(separatedBy: "```")[0]
    try withTemporaryFolder { folder in
      for name in ["cheap.h5", "accurate.h5"] {
        try FileManager.default.copyItem(
          at: fixtures.appending(path: "train_data.hdf5"), to: folder.appending(path: name))
      }
      try example.write(
        to: folder.appending(path: "tasks.json"), atomically: true, encoding: .utf8)
      let short = try train(["tasks.json", "--steps", "3", "-o", "run"], in: folder)
      #expect(short.exitCode == 0, "\(short.messages)")
      #expect(short.messages.contains("task accurate:   0.75 of the steps"))
      let head = try runTool("dp-eval", ["run/", "cheap.h5", "--head", "accurate"], in: folder)
      #expect(head.exitCode == 0, "\(head.messages)")
    }
  }
}

/// The largest difference between two lists of equal length.
private func distance(_ a: [Double], _ b: [Double]) -> Double {
  a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
}
