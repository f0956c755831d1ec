import Files
import Foundation
import Models
import TestSupport
import Testing
import Training

private func train(_ arguments: [String], in folder: URL) throws -> Finished {
  try runTool("dp-train", ["input.json"] + arguments, in: folder)
}

private func bytes(_ path: String, in folder: URL) throws -> Data {
  try Data(contentsOf: folder.appending(path: path))
}

private func text(_ path: String, in folder: URL) throws -> String {
  String(decoding: try bytes(path, in: folder), as: UTF8.self)
}

/// The rows of a validation log: step, then the errors in its order.
private func rows(_ path: String, in folder: URL) throws -> [[Double]] {
  try text(path, in: folder).split(separator: "\n").filter { !$0.hasPrefix("#") }
    .map { $0.split(separator: " ").map { Double($0) ?? .nan } }
}

/// A training with full validation of both kinds of weights.
private let validating = [
  (
    "\"disp_freq\": 5,",
    "\"disp_freq\": 5, \"enable_ema\": true, \"ema_decay\": 0.7, \"ema_ckpt_keep\": 1,"
  ),
  (
    "\"training\": {",
    """
    "validating": {
      "full_validation": true, "ema_full_validation": true, "validation_freq": 3,
      "full_val_start": 0.1, "validation_metric": "F:RMSE", "max_best_ckpt": 2
    },
    "training": {
    """
  ),
]

/// Full validation and averaged weights, through dp-train.
@Suite struct FullValidationToolTests {
  @Test func `what the log says of a model is what dp-eval says`() throws {
    try withTraining(replacing: validating) { folder in
      let finished = try train([], in: folder)
      #expect(finished.exitCode == 0, "\(finished.messages)")
      for (log, prefix) in [("val.log", "best.ckpt"), ("val_ema.log", "best_ema.ckpt")] {
        let rows = try rows("run/\(log)", in: folder)
        #expect(rows.map { $0[0] } == [2, 5, 8, 11, 14, 17, 20])
        // The two best are kept, the better one first.
        let ranked = rows.sorted { $0[4] < $1[4] }
        for place in 1...2 {
          let step = Int(ranked[place - 1][0])
          let file = "run/\(prefix)-\(step).t-\(place).h5"
          let evaluated = try runTool("dp-eval", [file, "data.h5#/c", "--json"], in: folder)
          #expect(evaluated.exitCode == 0, "\(file): \(evaluated.messages)")
          let overall = try JSONValue(parsing: evaluated.output.utf8, at: "output")["overall"]
          for (column, (name, average)) in [
            ("energy_per_atom", "mae"), ("energy_per_atom", "rmse"), ("force", "mae"),
            ("force", "rmse"),
          ].enumerated() {
            let value = try #require(overall?["errors"]?[name]?[average]?.double)
            #expect(abs(ranked[place - 1][column + 1] - 1000 * value) <= 6e-5 * 1000 * value)
          }
        }
      }
      let files = try contents(of: folder.appending(path: "run"))
      #expect(files.filter { $0.hasPrefix("best.ckpt-") }.count == 2)
      #expect(files.filter { $0.hasPrefix("best_ema.ckpt-") }.count == 2)
      #expect(files.filter { $0.hasPrefix("model_ema.ckpt-") } == ["model_ema.ckpt-20.h5"])
      #expect(finished.messages.contains(": the best, F:RMSE = "))
    }
  }

  @Test func `a training that was stopped anywhere leaves the same logs and the same best`() throws
  {
    try withTraining(replacing: validating) { folder in
      #expect(try train(["-o", "whole"], in: folder).exitCode == 0)
      for stop in ["1", "5", "6", "13", "19"] {
        #expect(try train(["-o", "parts", "--until", stop], in: folder).exitCode == 75)
        // What a kill would have left behind: lines and a best model of steps that the checkpoint
        // does not know.
        for log in ["val.log", "val_ema.log"] {
          let path = folder.appending(path: "parts/\(log)")
          try (String(contentsOf: path, encoding: .utf8) + "   99\n")
            .write(to: path, atomically: true, encoding: .utf8)
        }
        try Data().write(to: folder.appending(path: "parts/best.ckpt-99.t-1.h5"))
      }
      #expect(try train(["-o", "parts"], in: folder).exitCode == 0)
      let names = try contents(of: folder.appending(path: "whole"))
      let kept = try contents(of: folder.appending(path: "parts"))
      #expect(kept.filter { $0.hasPrefix("best") } == names.filter { $0.hasPrefix("best") })
      for name in names where !name.hasPrefix("model.ckpt-10") && name != "timing.jsonl" {
        let whole = try bytes("whole/\(name)", in: folder)
        #expect(try bytes("parts/\(name)", in: folder) == whole, "\(name)")
      }
    }
  }

  @Test func `a best checkpoint can be gone on from, exactly`() throws {
    try withTraining(replacing: validating) { folder in
      #expect(try train(["-o", "whole"], in: folder).exitCode == 0)
      let best = try #require(
        try contents(of: folder.appending(path: "whole")).first {
          $0.hasPrefix("best.ckpt-") && !$0.hasPrefix("best.ckpt-20.")
        })
      let again = try train(["--restart", "whole/\(best)", "-o", "again"], in: folder)
      #expect(again.exitCode == 0 && !again.messages.contains("warning"), "\(again.messages)")
      for name in ["lcurve.out", "val.log", "val_ema.log", "model.ckpt-20.h5"] {
        let whole = try bytes("whole/\(name)", in: folder)
        #expect(try bytes("again/\(name)", in: folder) == whole, "\(name)")
      }
    }
  }

  @Test func `averaged weights follow their formula`() throws {
    let often = (
      "\"save_freq\": 10",
      "\"save_freq\": 1, \"max_ckpt_keep\": 30, \"enable_ema\": true, \"ema_decay\": 0.7"
    )
    try withTraining(replacing: [often]) { folder in
      func weights(_ file: String) throws -> [Double] {
        try StoredModel.read(folder.appending(path: "\(file).h5").path).model.parameters.float64
      }
      #expect(try train(["-o", "a", "--steps", "1"], in: folder).exitCode == 0)
      let start = ["--init-model", "a/model.ckpt-1.h5", "--steps", "6", "-o", "b"]
      #expect(try train(start, in: folder).exitCode == 0)
      var plain = try weights("a/model.ckpt-1")
      for step in 1...6 {
        plain = zip(plain, try weights("b/model.ckpt-\(step)")).map { 0.7 * $0 + 0.3 * $1 }
        let found = try weights("b/model_ema.ckpt-\(step)")
        #expect(zip(plain, found).allSatisfy { abs($0 - $1) <= 1e-14 })
        #expect(found != (try weights("b/model.ckpt-\(step)")))
      }
    }
  }

  @Test func `the energy bias may be fitted again after the last step, and only then`() throws {
    let often = ("\"save_freq\": 10", "\"save_freq\": 10, \"change_bias_after_training\": true")
    try withTraining(replacing: [often]) { folder in
      #expect(try train(["-o", "a", "--until", "13"], in: folder).exitCode == 75)
      for _ in 0..<2 { #expect(try train(["-o", "a"], in: folder).exitCode == 0) }
      func bias(_ path: String) throws -> [Double] {
        try StoredModel.read(folder.appending(path: path).path).model.energyBias
      }
      let (first, last) = (try bias("a/model.ckpt-13.h5"), try bias("a/model.ckpt-20.h5"))
      #expect(try bias("a/model.ckpt-10.h5") == first && first != last)
      // There is nothing left to shift.
      let arguments = [
        "a", "-o", "b.h5", "--change-bias", "data.h5#/a", "--change-bias", "data.h5#/b",
      ]
      #expect(try runTool("dp-freeze", arguments, in: folder).exitCode == 0)
      for (a, b) in zip(try bias("b.h5"), last) { #expect(abs(a - b) <= 1e-10 * abs(b)) }
    }
  }

  @Test func `a training out of patience ends well, and stays ended`() throws {
    // Nothing moves, so nothing gets better after the first validation.
    let still = [
      ("\"axis_neuron\": 2", "\"axis_neuron\": 2, \"trainable\": false"),
      ("\"neuron\": [8, 8]", "\"neuron\": [8, 8], \"trainable\": false"),
    ]
    try withTraining(replacing: validating + still) { folder in
      for _ in 0..<2 {
        let finished = try train(["--patience", "3"], in: folder)
        #expect(finished.exitCode == 0, "\(finished.messages)")
        #expect(
          finished.messages.contains(
            "ended after step 11 of 20, since 3 validations brought no better F:RMSE"))
        #expect(finished.messages.contains("run/best.ckpt-2.t-1.h5: the best"))
      }
      let log = try rows("run/val.log", in: folder)
      #expect(log.map { $0[0] } == [2, 5, 8, 11])
      let json = try train(["--patience", "3", "--json"], in: folder)
      let result = try JSONValue(parsing: json.output.utf8, at: "output")
      #expect(result["out_of_patience"] == true && result["complete"] == false)
      // With more patience it goes on, and counts on.
      let more = try train(["--patience", "5"], in: folder)
      #expect(more.exitCode == 0 && more.messages.contains("ended after step 17"))
      #expect(try train([], in: folder).messages.contains("trained, 20 steps"))
    }
  }

  @Test func `best checkpoints go where the input says, or nowhere`() throws {
    let folders = ("\"max_best_ckpt\": 2", "\"save_best_dir\": \"best/of\"")
    try withTraining(replacing: validating + [folders]) { folder in
      #expect(try train([], in: folder).exitCode == 0)
      let files = try contents(of: folder.appending(path: "run/best/of"))
      #expect(files.count == 2 && files[0].hasPrefix("best.ckpt-"))
      #expect(try text("run/val.log", in: folder).contains("checkpoint: best/of/best.ckpt-"))
    }
    let none = ("\"max_best_ckpt\": 2", "\"save_best\": false")
    try withTraining(replacing: validating + [none]) { folder in
      #expect(try train([], in: folder).exitCode == 0)
      let files = try contents(of: folder.appending(path: "run"))
      #expect(files.contains("val.log") && !files.contains { $0.hasPrefix("best") })
    }
  }

  @Test(arguments: [
    ("\"F:RMSE\"", "\"G:RMSE\"", Int32(78), "E:MAE, E:RMSE, F:MAE"),
    ("\"F:RMSE\"", "\"V:RMSE\"", 78, "no validation system has virial.npy"),
    ("\"F:RMSE\"", "\"F:RMSE\", \"full_val_file\": \"lcurve.out\"", 78, "disp_file"),
    ("\"F:RMSE\"", "\"F:RMSE\", \"save_best_dir\": \"../x\"", 78, "save_best_dir"),
    ("\"loss\": {", "\"loss\": { \"start_pref_f\": 0,", 78, "does not train"),
    ("\"validation_data\"", "\"_validation_data\"", 78, "needs training/validation_data"),
    ("\"ema_decay\": 0.7", "\"ema_decay\": 1", 78, "ema_decay"),
  ])
  func `what does not go together is refused`(
    old: String, new: String, code: Int32, message: String
  ) throws {
    try withTraining(replacing: validating + [(old, new)]) { folder in
      let finished = try train(["--check"], in: folder)
      #expect(
        finished.exitCode == code && finished.messages.contains(message), "\(finished.messages)")
    }
  }

  @Test func `patience needs full validation`() throws {
    try withTraining { folder throws in
      #expect(try train(["--patience", "2"], in: folder).exitCode == 64)
      #expect(try train(["--patience", "0"], in: folder).exitCode == 64)
    }
  }
}
