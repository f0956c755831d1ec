import Foundation
import TestSupport
import Testing

private let hasPython = (try? runProgram("/usr/bin/env", ["python3", "--version"]))?.exitCode == 0

/// The scripts that compare with DeePMD-kit, as far as they go without it.
@Suite(.enabled(if: hasPython, "needs python3"))
struct BenchmarkScriptTests {
  @Test(arguments: ["compare-accuracy", "compare-deepmd", "compare-optimizers"])
  func `a benchmark script tells its options`(name: String) throws {
    let run = try script(name, ["--help"])
    #expect(run.exitCode == 0, "\(run.messages)")
    for word in ["usage: \(name)", "--data", "--bin", "--work"] {
      #expect(run.output.contains(word))
    }
  }

  @Test(arguments: ["many-systems", "streaming"])
  func `a script that measures our tools alone tells its options`(name: String) throws {
    let run = try script(name, ["--help"])
    #expect(run.exitCode == 0, "\(run.messages)")
    for word in ["usage: \(name)", "--systems", "--update", "--work"] {
      #expect(run.output.contains(word))
    }
  }

  @Test(arguments: [("compare-graphs", "libdeepmd_c.so"), ("compare-peers", "dp-train")])
  func `a comparison tells its options, and what it cannot do without`(
    name: String, missing: String
  ) throws {
    let help = try script(name, ["--help"])
    #expect(help.exitCode == 0 && help.output.contains("usage: \(name)"))
    try withTemporaryFolder { folder in
      let run = try script(name, ["--bin", folder.path, "--work", folder.path])
      #expect(run.exitCode == 0 && run.output.hasPrefix("skipped: no \(missing) in"))
    }
  }

  /// Instructions on one thread change with the code and the compiler alone.
  @Test func `a step takes no more instructions than the documents say`() throws {
    try withTemporaryFolder { folder in
      let run = try script(
        "count-instructions",
        ["training-float64-small", "evaluation-float64-small"]
          + ["--check", checkout.appending(path: "docs/PERFORMANCE.md").path]
          + ["--bin", toolFolder.path, "--work", folder.appending(path: "work").path],
        limit: 600)
      #expect(run.exitCode == 0, "\(run.messages)")
      if run.output.hasPrefix("skipped:") { print(run.output) }
    }
  }

  @Test func `a comparison that cannot be made says so in one line`() throws {
    try withTemporaryFolder { folder in
      let run = try script("compare-deepmd", ["--bin", folder.path, "--work", folder.path])
      #expect(run.exitCode == 0, "\(run.messages)")
      #expect(run.output.hasPrefix("skipped: no dp-train in \(folder.path)"))
      #expect(run.output.split(separator: "\n").count == 1)
    }
  }

  @Test(.enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1, "needs a second CPU"))
  func `a load runs beside what is measured, on one CPU, until the end`() throws {
    try withTemporaryFolder { folder in
      let turns = folder.appending(path: "turns").path
      let command = "grep Cpus_allowed_list /proc/self/status >> \(turns); sleep 0.05"
      let run = try compare(beside: command, in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      #expect(run.output.contains("Beside `\(command)`."))
      let known = try String(contentsOfFile: turns, encoding: .utf8).split(separator: "\n")
      #expect(known.count > 2 && Set(known).count == 1)
      #expect(Int(known[0].split(separator: "\t").last ?? "") != nil, "one CPU")
      Thread.sleep(forTimeInterval: 0.3)
      let later = try String(contentsOfFile: turns, encoding: .utf8).split(separator: "\n")
      #expect(later.count == known.count)
    }
  }

  @Test(.enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1, "needs a second CPU"))
  func `a load that fails ends the comparison`() throws {
    try withTemporaryFolder { folder in
      let run = try compare(beside: "echo no such load >&2; exit 3", in: folder)
      #expect(run.exitCode == 1 && run.messages.contains("no such load"), "\(run.messages)")
    }
  }

  /// What a start takes, of our tools alone.
  private func compare(beside command: String, in folder: URL) throws -> Finished {
    try script(
      "compare-deepmd",
      ["start", "--ours", "--rounds", "1", "--beside", command, "--data", folder.path]
        + ["--bin", toolFolder.path, "--work", folder.appending(path: "work").path],
      limit: 300)
  }

  @Test func `tables are made of kept numbers, and go between the marks of a file`() throws {
    try withTemporaryFolder { folder in
      let kept = """
        {"machine": {"cpu": "a CPU", "cores": 2, "threads": 1, "rounds": 1, "ours": "us", "peer": "them"},
         "parts": {"start": {"theirs": [9, 7, 8], "ours": [0.5, 0.25, 1]},
           "dpa1-0-dynamics": {"problem": "a", "ours": [{"seconds": 0.004, "megabytes": 90}]}}}
        """
      try Data(kept.utf8).write(to: folder.appending(path: "results.json"))
      let text = folder.appending(path: "text.md")
      try Data("a\n<!-- compare-deepmd: begin -->\nb\n<!-- compare-deepmd: end -->\nc\n".utf8)
        .write(to: text)
      let run = try script(
        "compare-deepmd", ["--show", "--work", folder.path, "--update", text.path])
      #expect(run.exitCode == 0, "\(run.messages)")
      #expect(run.output.contains("| 8.00 s | 0.50 s | 16.0 |"))
      #expect(run.output.contains("| does not load the `.pth` | 4.00 ms | – |"))
      let updated = try String(contentsOf: text, encoding: .utf8)
      #expect(updated.hasPrefix("a\n<!--") && updated.hasSuffix("end -->\nc\n"))
      #expect(updated.contains(run.output.dropLast()) && !updated.contains("b\n<"))
    }
  }
}

@Test func `kernel-benchmarks is built with the tests`() throws {
  let program = toolFolder.appending(path: "kernel-benchmarks").path
  let run = try runProgram(program, ["--help"])
  #expect(run.exitCode == 0 && run.output.contains("--json"), "\(run.messages)")
}

private func script(
  _ name: String, _ arguments: [String], limit: Double = 60
) throws -> Finished {
  try runProgram(
    "/usr/bin/env", ["python3", checkout.appending(path: "Benchmarks/\(name)").path] + arguments,
    environment: ["PYTHONDONTWRITEBYTECODE": "1"], limit: limit)
}
