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

private func areEqual(_ a: String, _ b: String, in folder: URL) throws -> Bool {
  let (a, b) = (try bytes(a, in: folder), try bytes(b, in: folder))
  return a == b
}

@Suite struct TrainTests {
  @Test func `a training writes checkpoints and a learning curve with falling errors`() throws {
    try withTraining { folder in
      let finished = try train([], in: folder)
      #expect(finished.exitCode == 0 && finished.output.isEmpty, "\(finished.messages)")
      let files = try contents(of: folder.appending(path: "run"))
      #expect(
        files == [
          "checkpoint", "lcurve.out", "metrics.jsonl", "model.ckpt-10.h5", "model.ckpt-20.h5",
          "timing.jsonl",
        ])
      let lines = String(decoding: try bytes("run/lcurve.out", in: folder), as: UTF8.self)
        .split(separator: "\n")
      #expect(lines.count == 7 && lines[0].hasPrefix("# step       rmse_val    rmse_trn"))
      let rows = lines.dropFirst(2).map { $0.split(separator: " ").map { Double($0) ?? .nan } }
      #expect(rows.map { $0[0] } == [1, 5, 10, 15, 20])
      #expect(rows.allSatisfy { $0.count == 10 && $0[7].isNaN && !$0[8].isNaN })
      #expect(rows[4][1] < rows[0][1])
    }
  }

  @Test func `the same command makes the same bytes, on any number of threads`() throws {
    try withTraining { folder throws in
      for (name, threads) in [("a", "1"), ("b", "2")] {
        #expect(try train(["-o", name, "-j", threads], in: folder).exitCode == 0)
      }
      for file in ["lcurve.out", "metrics.jsonl", "model.ckpt-10.h5", "model.ckpt-20.h5"] {
        #expect(try areEqual("a/\(file)", "b/\(file)", in: folder))
      }
    }
  }

  @Test func `a training that was stopped anywhere ends with the same bytes`() throws {
    try withTraining { folder in
      #expect(try train(["-o", "whole"], in: folder).exitCode == 0)
      for (number, stops) in ((1..<20).map { [$0] } + [[4, 5, 13], [10, 19]]).enumerated() {
        let name = "parts\(number)"
        for stop in stops {
          let stopped = try train(["-o", name, "--until", "\(stop)"], in: folder)
          #expect(stopped.exitCode == 75 && stopped.messages.contains("after step \(stop) of 20"))
        }
        // What was written after the last checkpoint is written again, not twice.
        let curve = folder.appending(path: "\(name)/lcurve.out")
        try (String(contentsOf: curve, encoding: .utf8) + "     99   from later\n")
          .write(to: curve, atomically: true, encoding: .utf8)
        #expect(try train(["-o", name], in: folder).exitCode == 0)
        for file in ["lcurve.out", "metrics.jsonl", "model.ckpt-20.h5"] {
          #expect(try areEqual("whole/\(file)", "\(name)/\(file)", in: folder))
        }
      }
    }
  }

  @Test func `a checkpoint can be continued in another folder`() throws {
    try withTraining { folder in
      #expect(try train(["-o", "a"], in: folder).exitCode == 0)
      let restarted = try train(["-o", "b", "--restart", "a/model.ckpt-10.h5"], in: folder)
      #expect(restarted.exitCode == 0 && !restarted.messages.contains("warning"))
      for file in ["lcurve.out", "metrics.jsonl", "model.ckpt-20.h5"] {
        #expect(try areEqual("a/\(file)", "b/\(file)", in: folder))
      }
      let longer = try train(["-o", "b", "--restart", "b", "--steps", "25"], in: folder)
      #expect(longer.exitCode == 0 && longer.messages.contains("different configuration"))
      let pointer = String(decoding: try bytes("b/checkpoint", in: folder), as: UTF8.self)
      #expect(pointer == "model.ckpt-25.h5\n")
    }
  }

  @Test(arguments: ["INT", "TERM", "USR1"])
  func `a signal ends the training after its step, and nobody else may write meanwhile`(
    signal: String
  ) throws {
    try withTraining { folder in
      // Waits for the first line, so the training is under way whatever the speed of the machine.
      let script = """
        timeout -s KILL 50 "$0" input.json --steps 100000000 --quiet & training=$!
        while ! grep -q '^ *1 ' run/lcurve.out 2>/dev/null && kill -0 $training; do sleep 0.02; done
        timeout -s KILL 50 "$0" input.json --steps 100000000 --quiet; echo "second $?"
        tool=$(cat /proc/$training/task/$training/children)
        kill -\(signal) $tool && kill -\(signal) $tool 2>/dev/null  # as srun does, which passes on what came to all
        wait $training; echo "first $?"
        """
      let tool = toolFolder.appending(path: "dp-train").path
      let finished = try runProgram("/bin/bash", ["-c", script, tool], in: folder)
      #expect(finished.output == "second 75\nfirst 75\n", "\(finished.messages)")
      let holder = /another dp-train is writing in this folder: process [0-9]+ on \S+\n/
      #expect(finished.messages.contains(holder), "\(finished.messages)")
      #expect(try !contents(of: folder).contains("run/lock"))
      #expect(finished.messages.contains("stopped by \(signal) after step"))
      let newest = try RunFolder(folder.appending(path: "run").path).newest { _ in }
      #expect(newest.checkpoint.state.step > 0)
    }
  }

  @Test func `a damaged newest checkpoint is passed over with a warning`() throws {
    try withTraining { folder in
      #expect(try train(["-o", "whole"], in: folder).exitCode == 0)
      #expect(try train(["--until", "12"], in: folder).exitCode == 75)
      let newest = folder.appending(path: "run/model.ckpt-12.h5")
      var data = try Data(contentsOf: newest)
      data[data.count / 2] ^= 1
      try data.write(to: newest)
      let finished = try train([], in: folder)
      #expect(finished.exitCode == 0 && finished.messages.contains("warning: run/model.ckpt-12.h5"))
      #expect(finished.messages.contains("continuing after step 10"))
      #expect(
        try bytes("whole/model.ckpt-20.h5", in: folder) == bytes("run/model.ckpt-20.h5", in: folder)
      )
    }
  }

  @Test func `only so many checkpoints are kept, under the name that the input gives`() throws {
    let change = (
      "\"save_freq\": 10", "\"save_freq\": 5, \"save_ckpt\": \"x\", \"max_ckpt_keep\": 2"
    )
    try withTraining(replacing: [change]) { folder in
      #expect(try train(["--until", "10"], in: folder).exitCode == 75)
      #expect(try train([], in: folder).exitCode == 0)
      let run = folder.appending(path: "run")
      let kept = [
        "checkpoint", "lcurve.out", "metrics.jsonl", "timing.jsonl", "x-15.h5", "x-20.h5",
      ]
      #expect(try contents(of: run) == kept)
      // One that a killed training had no time to remove goes when the folder is used again.
      try Data().write(to: run.appending(path: "x-10.h5"))
      #expect(try train([], in: folder).exitCode == 0)
      #expect(try contents(of: run) == kept)
    }
  }

  @Test func `a folder with another training is left alone`() throws {
    try withTraining { folder in
      #expect(try train([], in: folder).exitCode == 0)
      let before = try bytes("run/lcurve.out", in: folder)
      let other = try train(["--seed", "3"], in: folder)
      #expect(other.exitCode == 73 && other.messages.contains("different configuration"))
      let after = try bytes("run/lcurve.out", in: folder)
      #expect(after == before)
    }
  }

  @Test func `statistics from dp-stat give the training that computes them itself`() throws {
    try withTraining(replacing: [("[6, 10]", "\"auto:1.2\"")]) { folder in
      let stat = try runTool("dp-stat", ["input.json", "-o", "stat.h5"], in: folder)
      #expect(stat.exitCode == 0)
      #expect(try train(["-o", "a"], in: folder).exitCode == 0)
      #expect(try train(["-o", "b", "--statistics", "stat.h5"], in: folder).exitCode == 0)
      #expect(try areEqual("a/model.ckpt-20.h5", "b/model.ckpt-20.h5", in: folder))
      let changed = input.replacingOccurrences(of: "4.0", with: "3.5")
      try changed.write(
        to: folder.appending(path: "input.json"), atomically: true, encoding: .utf8)
      let stale = try train(["-o", "c", "--statistics", "stat.h5"], in: folder)
      #expect(stale.exitCode == 65 && stale.messages.contains("rcut"))
    }
  }

  @Test func `--check looks at everything and writes nothing`() throws {
    try withTraining { folder in
      let checked = try train(["--check"], in: folder)
      #expect(checked.exitCode == 0 && checked.messages.contains("no mistakes found"))
      let files = try contents(of: folder)
      #expect(files == ["data.h5", "input.json"])
    }
  }
}

@Suite struct TrainErrorTests {
  @Test(arguments: [
    ("\"numb_steps\": 20", "\"numb_step\": -1", 78, "training/numb_step"),
    ("\"neuron\": [8, 8]", "\"neurons\": [8, 8]", 78, "did you mean \"neuron\"?"),
    ("\"se_e2_a\"", "\"dpa4\"", 78, "\"dpa4\" is not supported"),
    ("\"O\", \"H\"", "\"O\", \"C\"", 65, "H"),
    ("[6, 10]", "[1, 10]", 65, "\"sel\""),
    ("#/a", "#/nothing", 66, "nothing"),
    ("\"data.h5#/a\", \"data.h5#/b\"", "\"data.h5#/c\"", 78, "virial"),
    ("\"batch_size\": 2 }", "\"batch_size\": [2] }", 78, "batch_size"),
    ("\"batch_size\": 2 }", "\"sys_probs\": [0.3, 0.3] }", 78, "sys_probs"),
    ("\"batch_size\": 2 }", "\"batch_size\": \"filter:2\" }", 78, "leaves out every system"),
    ("\"neuron\": [8, 8]", "\"numb_fparam\": 2", 65, "fparam"),
    ("{ \"decay_steps\"", "{ \"warmup_steps\": 20, \"decay_steps\"", 78, "warmup_steps"),
    ("0.001", "1e300", 65, "step 2"),
  ])
  func `what is wrong has its exit code and is named`(
    old: String, new: String, code: Int32, text: String
  ) throws {
    try withTraining(replacing: [(old, new)]) { folder in
      let finished = try train([], in: folder)
      #expect(finished.exitCode == code, "\(finished.messages)")
      #expect(finished.messages.contains(text), "\(finished.messages)")
      #expect(finished.messages.contains("dp-train: "))
    }
  }

  @Test func `a missing input is 66, and several ranks are 64`() throws {
    try withTemporaryFolder { folder in
      #expect(try train([], in: folder).exitCode == 66)
      let ranks = try runTool(
        "dp-train", ["input.json"], in: folder, environment: ["OMPI_COMM_WORLD_SIZE": "2"])
      #expect(ranks.exitCode == 64)
    }
  }

  @Test func `a run folder that cannot be made is 73`() throws {
    try withTraining { folder throws in
      #expect(try train(["-o", "input.json"], in: folder).exitCode == 73)
    }
  }

  @Test func `a diverging training keeps its last checkpoint and names the batch`() throws {
    let changes = [("0.001", "1e300"), ("\"save_freq\": 10", "\"save_freq\": 1")]
    try withTraining(replacing: changes) { folder in
      let finished = try train([], in: folder)
      #expect(finished.exitCode == 65 && finished.messages.contains("data.h5#/"))
      let newest = try RunFolder(folder.appending(path: "run").path).newest { _ in }
      #expect(newest.checkpoint.state.step == 1)
    }
  }
}
