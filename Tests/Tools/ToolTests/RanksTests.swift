import Foundation
import TestSupport
import Testing

/// Whether some MPI is there to start processes.
private let isLauncherThere = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(
  separator: ":"
)
.contains { FileManager.default.isExecutableFile(atPath: "\($0)/mpirun") }

/// Starts a command on several ranks.
private let launcher = checkout.appending(path: "pipelines/mpirun").path

/// What trainings remember from step to step differs.
private let kinds = [
  "averages": [
    ("\"numb_steps\"", "\"acc_freq\": 3, \"enable_ema\": true, \"numb_steps\""),
    (
      "\"learning_rate\"",
      """
      "validating": {"full_validation": true, "validation_freq": 2, "full_val_start": 0},
      "learning_rate"
      """
    ),
  ],
  "kalman": [
    (
      "\"learning_rate\"",
      "\"optimizer\": {\"type\": \"LKF\", \"kf_blocksize\": 200}, \"learning_rate\""
    )
  ],
]

/// Trainings of several processes under `mpirun`.
@Suite(.enabled(if: isLauncherThere, "mpirun is not installed"), .serialized)
struct RanksTests {
  /// Runs a tool as `ranks` processes; as one, without a launcher, for 1.
  private func run(
    _ ranks: Int, _ tool: String, _ arguments: [String], in folder: URL
  ) throws -> Finished {
    if ranks == 1 { return try runTool(tool, arguments, in: folder) }
    return try runProgram(
      launcher, ["\(ranks)", toolFolder.appending(path: tool).path] + arguments, in: folder)
  }

  /// The files of a run folder with their bytes, but for what says how long it took.
  private func files(_ folder: URL) throws -> [String: Data] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0 != "timing.jsonl" }
    return Dictionary(
      uniqueKeysWithValues: paths.compactMap { path in
        FileManager.default.contents(atPath: folder.appending(path: path).path).map { (path, $0) }
      })
  }

  @Test func `dp train takes its ranks along`() throws {
    try withTraining { folder in
      let one = try run(
        1, "dp-train", ["input.json", "-o", "one", "--mini-batches", "2"], in: folder)
      let two = try run(2, "dp", ["train", "input.json", "--mpi-log=master"], in: folder)
      #expect(one.exitCode == 0 && two.exitCode == 0, "\(two.messages)")
      let files = try files(folder)
      #expect(files["model.ckpt.index"] == files["one/model.ckpt-20.h5"])
    }
  }

  @Test(arguments: ["adam", "averages", "kalman"])
  func `a step has the same bytes on any number of ranks`(kind: String) throws {
    try withTraining(replacing: kinds[kind, default: []]) { folder in
      func train(_ ranks: Int) throws -> [String: Data] {
        let run = try run(
          ranks, "dp-train",
          ["input.json", "--steps", "6", "-o", "run\(ranks)", "--mini-batches", "8"],
          in: folder)
        #expect(run.exitCode == 0, "\(run.messages)")
        return try files(folder.appending(path: "run\(ranks)"))
      }
      let alone = try train(1)
      #expect(alone.count >= 3)
      for ranks in [2, 3, 4, 8] { #expect(try train(ranks) == alone, "\(ranks) ranks") }
    }
  }

  @Test func `a training goes on with another number of ranks, as it was begun`() throws {
    try withTraining { folder in
      #expect(
        try run(1, "dp-train", ["input.json", "-o", "whole", "--mini-batches", "2"], in: folder)
          .exitCode == 0)
      let first = try run(2, "dp-train", ["input.json", "--until", "7"], in: folder)
      #expect(first.exitCode == 75)
      #expect(
        first.messages.components(separatedBy: "stopped after step 7").count == 2, "said once")
      let second = try run(1, "dp-train", ["input.json"], in: folder)
      #expect(second.exitCode == 0)
      #expect(second.messages.contains("2 mini-batches"))
      for name in ["lcurve.out", "model.ckpt-20.h5"] {
        let (parts, whole) = (
          folder.appending(path: "run/\(name)"), folder.appending(path: "whole/\(name)")
        )
        #expect(FileManager.default.contentsEqual(atPath: parts.path, andPath: whole.path))
      }
      let other = try run(1, "dp-train", ["input.json", "--mini-batches", "3"], in: folder)
      #expect(other.exitCode == 73)
      #expect(other.messages.contains("different mini-batches of a step"))
    }
  }

  @Test func `an error of all ranks is told once, with its exit code`() throws {
    try withTemporaryFolder { folder in
      let run = try run(2, "dp-train", ["missing.json"], in: folder)
      #expect(run.exitCode == 66)
      #expect(run.messages.components(separatedBy: "missing.json: cannot be read").count == 2)
    }
  }

  @Test func `statistics and evaluations have the same bytes on several ranks`() throws {
    try withTraining { folder in
      #expect(try run(1, "dp-train", ["input.json"], in: folder).exitCode == 0)
      #expect(try run(1, "dp-freeze", ["run/", "-o", "model.h5"], in: folder).exitCode == 0)
      var outputs: [[Data]] = []
      for ranks in [1, 3] {
        let statistics = try run(
          ranks, "dp-stat", ["input.json", "-o", "stat.h5", "--json"], in: folder)
        let evaluation = try run(
          ranks, "dp-eval",
          ["model.h5", "data.h5", "--json", "--detail", "d", "--predictions", "p.h5"], in: folder)
        #expect(statistics.exitCode == 0, "\(statistics.messages)")
        #expect(evaluation.exitCode == 0, "\(evaluation.messages)")
        let written = try ["stat.h5", "p.h5", "d.e.out", "d.f.out"].map { name in
          defer { try? FileManager.default.removeItem(at: folder.appending(path: name)) }
          return try Data(contentsOf: folder.appending(path: name))
        }
        outputs.append([Data(statistics.output.utf8), Data(evaluation.output.utf8)] + written)
      }
      #expect(outputs[0] == outputs[1])
    }
  }

  @Test(arguments: [0, 1])
  func `a rank that dies ends the job, which goes on exactly`(rank: Int) throws {
    try withTraining(replacing: [("\"numb_steps\": 20", "\"numb_steps\": 2000000")]) { folder in
      // The victim ends itself by a signal that nothing can catch, once there is a checkpoint.
      let script = folder.appending(path: "rank")
      try """
      #!/bin/sh
      n=${OMPI_COMM_WORLD_RANK:-$PMI_RANK}
      if [ "$n" = \(rank) ]; then
        (while [ ! -e run/checkpoint ]; do sleep 0.05; done; kill -9 $$) &
      fi
      exec \(toolFolder.appending(path: "dp-train").path) input.json --quiet
      """.write(to: script, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
      let run = try runProgram(launcher, ["2", script.path], in: folder)
      #expect(run.exitCode != 0)
      let next = try self.run(2, "dp-train", ["input.json", "--until", "1"], in: folder)
      #expect(next.exitCode == 75, "\(next.messages)")
    }
  }
}
