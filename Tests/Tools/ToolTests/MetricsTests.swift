import Files
import Foundation
import TestSupport
import Testing

private func train(_ arguments: [String], in folder: URL) throws -> Finished {
  try runTool("dp-train", ["input.json"] + arguments, in: folder)
}

/// The lines of a file in `folder`, each of which must be a JSON object by itself.
private func lines(_ path: String, in folder: URL) throws -> [JSONValue] {
  try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    .split(separator: "\n").map { try JSONValue(parsing: $0.utf8, at: path) }
}

private let fullValidation = [
  (
    "\"training\": {",
    """
    "validating": {
      "full_validation": true, "validation_freq": 10, "full_val_start": 0,
      "validation_metric": "F:RMSE"
    },
    "training": {
    """
  )
]

/// metrics.jsonl and timing.jsonl.
@Suite struct MetricsTests {
  @Test func `metrics say what the learning curve and the log of validations say, in full`() throws
  {
    try withTraining(replacing: fullValidation) { folder in
      #expect(try train([], in: folder).exitCode == 0)
      let all = try lines("run/metrics.jsonl", in: folder)
      #expect(all[0]["format"] == "deep-potential metrics 1" && all[0]["event"] == "start")
      #expect(all[0]["errors"] == ["rmse", "rmse_e", "rmse_f", "rmse_v"])
      let steps = all.filter { $0["event"] == "step" }
      let curve = try String(
        contentsOf: folder.appending(path: "run/lcurve.out"), encoding: .utf8
      ).split(separator: "\n").dropFirst(2).map { $0.split(separator: " ").map(String.init) }
      #expect(steps.count == curve.count)
      for (step, row) in zip(steps, curve) {
        #expect(step["step"] == .integer(Int(row[0]) ?? -1))
        // Columns of the curve: total, energy, force, virial, each of validation first.
        let force = try #require(step["training"]?["rmse_f"]?.double)
        #expect(String(format: "%.2e", force) == row[6])
        #expect(
          String(format: "%.2e", try #require(step["validation"]?["rmse_f"]?.double)) == row[5])
        // The validation system has no virial: null, where the curve has nan.
        #expect(step["validation"]?["rmse_v"] == .null && row[7] == "nan")
      }
      // Five batches in an epoch, one of them a single frame.
      #expect(steps.last?["epoch"]?.double == 4 && steps[0]["epoch"]?.double == 0.2)
      let validations = all.filter { $0["event"] == "validation" }
      #expect(validations.map { $0["step"] } == [10, 20])
      #expect(validations.allSatisfy { $0["weights"] == "present" && $0["metric"] == "F:RMSE" })
      let log = try String(contentsOf: folder.appending(path: "run/val.log"), encoding: .utf8)
      let value = try #require(validations[0]["errors"]?["force"]?["rmse"]?.double)
      #expect(log.contains(String(format: "%.1f", 1000 * value)))
    }
  }

  @Test func `times go on where a training was stopped, and say nothing twice`() throws {
    try withTraining { folder in
      #expect(try train(["--until", "12"], in: folder).exitCode == 75)
      // What a kill would have left: a step beyond the checkpoint, and half a line.
      let path = folder.appending(path: "run/timing.jsonl")
      let torn = "{\"event\":\"step\",\"step\":15,\"seconds\":9}\n{\"event\":\"st"
      try (String(contentsOf: path, encoding: .utf8) + torn)
        .write(to: path, atomically: true, encoding: .utf8)
      #expect(try train(["-j", "1"], in: folder).exitCode == 0)
      let all = try lines("run/timing.jsonl", in: folder)
      #expect(all.filter { $0["event"] == "step" }.map { $0["step"] } == [1, 5, 10, 15, 20])
      #expect(all.filter { $0["event"] == "start" }.map { $0["step"] } == [0, 12])
      #expect(all.allSatisfy { $0["steps"] == 20 })
      let seconds = all.compactMap { $0["seconds"]?.double }
      #expect(seconds == seconds.sorted() && seconds.allSatisfy { $0 < 9 })
      #expect(all.last?["remaining_seconds"]?.double == 0)
    }
  }

  @Test(arguments: ["metrics.jsonl", "timing.jsonl"])
  func `no other file of a training may take their names`(name: String) throws {
    let change = ("\"disp_freq\"", "\"disp_file\": \"\(name)\", \"disp_freq\"")
    try withTraining(replacing: [change]) { folder in
      let finished = try train([], in: folder)
      #expect(finished.exitCode == 78 && finished.messages.contains("training/disp_file"))
    }
  }

  @Test func `a checkpoint of before metrics goes on with those that are left`() throws {
    try withTraining { folder in
      #expect(try train(["--until", "10"], in: folder).exitCode == 75)
      try FileManager.default.removeItem(at: folder.appending(path: "run/metrics.jsonl"))
      try FileManager.default.removeItem(at: folder.appending(path: "run/timing.jsonl"))
      let finished = try train([], in: folder)
      #expect(finished.exitCode == 0 && !finished.messages.contains("warning"))
      let steps = try lines("run/metrics.jsonl", in: folder).dropFirst().map { $0["step"] }
      #expect(steps == [15, 20])
    }
  }

  @Test func `what is not a terminal gets lines without control characters, and a table`() throws {
    try withTraining { folder in
      let finished = try train([], in: folder)
      #expect(finished.messages.allSatisfy { !$0.isASCII || $0.isNewline || $0 >= " " })
      #expect(finished.messages.contains(/step 20\/20  epoch 4\.0  rmse_e \S+  rmse_f/))
      #expect(finished.messages.contains("training   validation"))
      #expect(finished.messages.contains(/rmse_v +\S+ +-  eV\/atom/), "no validation virial")
      #expect(try train(["--quiet", "-o", "other"], in: folder).messages.isEmpty)
    }
  }
}
