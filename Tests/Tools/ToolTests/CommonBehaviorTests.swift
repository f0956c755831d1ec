import Files
import TestSupport
import Testing

/// What every tool does alike.
struct CommonBehaviorTests {
  @Test(arguments: toolNames)
  func `help goes to standard output and has an example`(tool: String) throws {
    let run = try runTool(tool, ["--help"])
    #expect(run.exitCode == 0)
    #expect(run.messages.isEmpty)
    #expect(run.output.contains("USAGE: \(tool) "))
    #expect(run.output.contains("EXAMPLE"))
    #expect(run.output.contains("-j, --jobs <n>"))
  }

  @Test(arguments: toolNames)
  func `the version names commit, Swift, BLAS kernel, HDF5 and formats`(tool: String) throws {
    let run = try runTool(tool, ["--version"])
    #expect(run.exitCode == 0)
    #expect(run.messages.isEmpty)
    let lines = run.output.split(separator: "\n")
    let forms = [
      /dp(?:-[a-z]+)? [0-9.]+ \((?:[0-9a-f]+\+?|unknown)\)/, /Swift .+/, /Kernels for .+/,
      /OpenBLAS kernel \w+/,
      /HDF5 [0-9.]+/, /Data read: npy, .+/, /Data written: HDF5 .+/, /Models read: .h5, .dp, .+/,
      /Models written: .h5 and .dp .+/, /Checkpoints read and written: version \d+/,
    ]
    #expect(lines.count == forms.count)
    #expect(zip(lines, forms).allSatisfy { $0.wholeMatch(of: $1) != nil })
    #expect(run.output.hasPrefix("\(tool) "))
  }

  @Test func `the release and the versions of formats are those of other files`() throws {
    func text(_ path: String) throws -> String {
      try String(contentsOf: checkout.appending(path: path), encoding: .utf8)
    }
    let version = try runTool("dp-train", ["--version"]).output
    let release = try #require(version.split(separator: " ").dropFirst().first)
    #expect(try text("pipelines/deepmd_c.pc").contains("Version: \(release)\n"))
    #expect(try text("CHANGELOG.md").contains("\n## \(release)\n"))
    let formats = try text("docs/FORMATS.md")
    let data = try #require(formats.firstMatch(of: /attribute `format` of `\/` \| `([^`]+)`/))
    #expect(version.contains("HDF5 (\(data.1)),"))
    let checkpoint = try #require(formats.firstMatch(of: /of `\/training` \| `version` (\d+)/))
    #expect(version.hasSuffix("Checkpoints read and written: version \(checkpoint.1)\n"))
  }

  @Test(arguments: toolNames)
  func `an unknown option exits 64 and speaks to standard error only`(tool: String) throws {
    let run = try runTool(tool, someArguments(of: tool) + ["--no-such-option"])
    #expect(run.exitCode == 64)
    #expect(run.output.isEmpty)
    #expect(run.messages.contains("--no-such-option"))
  }

  @Test(arguments: toolNames)
  func `a number of threads below one exits 64`(tool: String) throws {
    let run = try runTool(tool, ["-j", "0"] + someArguments(of: tool))
    #expect(run.exitCode == 64)
    #expect(run.messages.contains("the number of threads must be 1 or more"))
  }

  @Test(arguments: toolNames.filter { $0 != "dp-synth" })
  func `a missing input exits 66, names the file and creates nothing`(tool: String) throws {
    try withTemporaryFolder { folder in
      let run = try runTool(tool, someArguments(of: tool), in: folder)
      #expect(run.exitCode == 66)
      #expect(run.output.isEmpty)
      #expect(run.messages.hasPrefix("\(tool): "))
      #expect(run.messages.contains("missing"))
      #expect(try contents(of: folder).isEmpty)
    }
  }

  @Test func `results that cannot be written to standard output exit 74`() throws {
    let tool = toolFolder.appending(path: "dp-synth").path
    let run = try runProgram("/bin/sh", ["-c", "'\(tool)' --list >/dev/full"])
    #expect(run.exitCode == 74)
    #expect(run.messages.hasPrefix("dp-synth: standard output: cannot write: No space left"))
  }

  @Test func `messages that cannot be written do not stop the work`() throws {
    let tool = toolFolder.appending(path: "dp-convert").path
    let data = fixtures.appending(path: "data").path
    let run = try runProgram("/bin/sh", ["-c", "'\(tool)' --check '\(data)' 2>/dev/full"])
    #expect(run.exitCode == 0)
    #expect(run.output.contains("frames"))
  }

  @Test(arguments: toolNames)
  func `several ranks of a launcher are refused with 64`(tool: String) throws {
    try withTemporaryFolder { folder in
      let run = try runTool(
        tool, someArguments(of: tool), in: folder, environment: ["OMPI_COMM_WORLD_SIZE": "2"])
      #expect(run.exitCode == 64)
      #expect(run.messages.contains("started as 2 ranks"))
      #expect(try contents(of: folder).isEmpty)
    }
  }
}

/// Arguments that `tool` accepts, though the inputs they name are not there.
private func someArguments(of tool: String) -> [String] {
  switch tool {
  case "dp-synth": ["water", "raw/"]
  case "dp-convert": ["missing/", "out.h5"]
  case "dp-stat": ["missing.json", "missing.h5", "-o", "stat.h5"]
  case "dp-train": ["missing.json", "--statistics", "missing.h5", "-o", "run/"]
  case "dp-freeze": ["missing/", "-o", "model.h5"]
  case "dp": ["freeze", "-c", "missing/"]
  case "dp-ipi": ["missing.h5", "--structure", "missing.xyz"]
  case "dp-report": ["missing/", "-o", "report.html"]
  default: ["missing.h5", "missing-data.h5"]
  }
}
