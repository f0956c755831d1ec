import Atoms
import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// Trainings on more data than fit into memory, and on many small systems.
@Suite struct ManySystemsTests {
  /// Systems of one to three frames with places of their own, made of the fixture's.
  private static func small() throws -> [AtomicSystem] {
    let fixture = try readSystems(at: fixtures.appending(path: "train_data.hdf5").path)
    return (0..<150).map { number in
      let source = fixture[number % 2], first = number % 2
      var system = source.frames(first..<first + 1 + number % 3)
      system.place = "small\(number)"
      // Shifting all atoms changes no label.
      for i in system.positions.indices { system.positions[i] += 0.01 * Double(number + 1) }
      return system
    }
  }

  /// A folder with data.h5 of small systems and an input of `batch` and `steps` steps.
  private func withMany<Result>(
    batch: String, steps: Int = 24, _ body: (URL) throws -> Result
  ) throws -> Result {
    let changes = [
      (#"["data.h5#/a", "data.h5#/b"], "batch_size": 2"#, #""many.h5", "batch_size": \#(batch)"#),
      (#"["data.h5#/c"], "batch_size": 2"#, #""many.h5", "batch_size": \#(batch)"#),
      ("\"numb_steps\": 20", "\"numb_steps\": \(steps)"),
      ("\"disp_freq\": 5, \"save_freq\": 10", "\"disp_freq\": 1, \"save_freq\": 8"),
    ]
    return try withTraining(replacing: changes) { folder in
      try writeSystems(Self.small(), toHDF5: folder.appending(path: "many.h5").path)
      return try body(folder)
    }
  }

  /// Trains into `output`; what it leaves, by the files' names.
  private func train(
    _ folder: URL, _ output: String, _ options: [String], code: Int32 = 0
  ) throws -> [String: Data] {
    let run = try runTool("dp-train", ["input.json", "-o", output] + options, in: folder)
    #expect(run.exitCode == code, "\(run.messages)")
    let names = try contents(of: folder.appending(path: output)).filter { $0 != "timing.jsonl" }
    return try Dictionary(
      uniqueKeysWithValues: names.map { name in
        (name, try Data(contentsOf: folder.appending(path: "\(output)/\(name)")))
      })
  }

  @Test(arguments: ["2", "\"mixed:5\"", "\"auto:20\""])
  func `frames read from the disk again and again train like those in memory`(
    batch: String
  ) throws {
    try withMany(batch: batch) { folder in
      let inMemory = try train(folder, "a", ["-j", "1"])
      #expect(inMemory.keys.contains("lcurve.out") && inMemory.keys.contains("model.ckpt-24.h5"))
      #expect(try train(folder, "b", ["--cache", "1kB", "-j", "1"]) == inMemory)
      #expect(try train(folder, "c", ["--cache", "1kB", "-j", "3"]) == inMemory)
    }
  }

  @Test func `a training of many systems goes on exactly, in the second epoch too`() throws {
    // 300 frames in batches of 50: an epoch has six batches.
    try withMany(batch: "\"mixed:50\"", steps: 10) { folder in
      let whole = try train(folder, "a", [])
      for (step, cache) in [("3", "1kB"), ("6", "1GB"), ("7", "1kB")] {
        _ = try train(folder, step, ["--until", step, "--cache", cache], code: 75)
        let rest = try train(folder, step, ["--cache", cache])
        for name in ["lcurve.out", "model.ckpt-10.h5"] { #expect(rest[name] == whole[name]) }
      }
    }
  }

  @Test func `statistics and errors are the same from the disk and from memory`() throws {
    try withMany(batch: "2") { folder in
      var results: [[Data]] = []
      for cache in ["1kB", "1GiB"] {
        let stat = try runTool(
          "dp-stat", ["input.json", "-o", "stat.h5", "--cache", cache, "--json"], in: folder)
        #expect(stat.exitCode == 0, "\(stat.messages)")
        _ = try train(folder, "run", ["--statistics", "stat.h5", "--cache", cache])
        let errors = try runTool(
          "dp-eval", ["run", "many.h5", "--cache", cache, "--predictions", "p.h5"], in: folder)
        #expect(errors.exitCode == 0, "\(errors.messages)")
        results.append(
          try [Data(stat.output.utf8), Data(errors.output.utf8)]
            + ["stat.h5", "p.h5", "run/model.ckpt-24.h5"].map {
              try Data(contentsOf: folder.appending(path: $0))
            })
        try FileManager.default.removeItem(at: folder.appending(path: "run"))
      }
      for (index, (disk, memory)) in zip(results[0], results[1]).enumerated() {
        #expect(disk == memory, "result \(index)")
      }
    }
  }

  @Test func `what is said of many systems stays short`() throws {
    try withMany(batch: "2") { folder in
      let stat = try runTool("dp-stat", ["input.json", "-o", "stat.h5"], in: folder)
      #expect(stat.exitCode == 0 && stat.output.contains("more systems"))
      let all = try runTool("dp-stat", ["input.json", "-v"], in: folder)
      #expect(all.output.contains("small149") && !stat.output.contains("150 more"))
      _ = try train(folder, "run", ["--statistics", "stat.h5"])
      let errors = try runTool("dp-eval", ["run", "many.h5"], in: folder)
      #expect(errors.output.contains("50 more systems (--verbose shows all)"))
      #expect(errors.output.contains("All: 150 systems, 300 frames"))
    }
  }

  @Test(arguments: ["2XB", "GB", "-1", "0", "1e400", "1iB"])
  func `a size that is none is refused`(size: String) throws {
    let run = try runTool("dp-train", ["input.json", "--cache", size])
    #expect(run.exitCode == 64, "\(run.messages)")
  }
}
