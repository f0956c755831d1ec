import ArgumentParser
import Diagnostics
import Testing
import Toolkit

struct ErrorReportTests {
  @Test func `an error is told with tool, place, problem and hint, and exits with its kind`() {
    let error = ToolError(.data, at: "a.h5: frame 3", "energy is nan", remedy: "leave it out")
    let report = ErrorReport(error, tool: "dp-stat")
    #expect(report?.text == "dp-stat: a.h5: frame 3: energy is nan\nhint: leave it out\n")
    #expect(report?.exitCode == 65)
  }

  @Test func `without place or remedy nothing is said of them`() {
    let report = ErrorReport(ToolError(.usage, at: "", "no input"), tool: "dp-stat")
    #expect(report?.text == "dp-stat: no input\n")
  }

  @Test func `what a damaged file brings does not command the terminal`() {
    let error = ToolError(.data, at: "a.xyz", "begins with '\u{1B}[2J\u{7F}é\u{9B}1m'\nand on\t")
    #expect(
      ErrorReport(error, tool: "dp")?.text
        == "dp: a.xyz: begins with '\u{FFFD}[2J\u{FFFD}é\u{FFFD}1m'\nand on\t\n")
  }

  @Test func `who gives - for an input hears that it is not standard input`() {
    let error = ToolError(.missingInput, at: "-", "no such file", remedy: "give a file")
    let report = ErrorReport(error, tool: "dp-eval")
    #expect(report?.text.hasPrefix("dp-eval: -: no such file\nhint: - does not stand for") == true)
    let other = ToolError(.missingInput, at: "-x", "no such file", remedy: "give a file")
    #expect(ErrorReport(other, tool: "dp-eval")?.text.hasSuffix("hint: give a file\n") == true)
  }

  @Test func `several errors are all told, the first one decides the exit code`() {
    let errors = ToolErrors([
      ToolError(.configuration, at: "model/rcut", "is missing"),
      ToolError(.data, at: "a.h5", "is empty"),
    ])
    let report = ErrorReport(errors, tool: "dp-train")
    #expect(report?.text == "dp-train: model/rcut: is missing\ndp-train: a.h5: is empty\n")
    #expect(report?.exitCode == 78)
  }

  @Test func `an unforeseen error is our bug, told in one line`() {
    struct Surprise: Error, CustomStringConvertible { let description = "first\nsecond" }
    let report = ErrorReport(Surprise(), tool: "dp-eval")
    #expect(report?.text.hasPrefix("dp-eval: internal error: first second\nhint: ") == true)
    #expect(report?.exitCode == 70)
  }

  @Test func `usage errors are left to the argument parser`() {
    #expect(ErrorReport(ValidationError("no"), tool: "dp-eval") == nil)
    #expect(ErrorReport(ExitCode(3), tool: "dp-eval") == nil)
  }

  @Test(arguments: [
    (["OMPI_COMM_WORLD_SIZE": "4"], 4), (["PMI_SIZE": "2"], 2),
    (["SLURM_STEP_NUM_TASKS": "8"], 8), (["SLURM_NTASKS": "8"], 1), ([:], 1),
  ])
  func `ranks are counted for each launcher, and a batch script is one`(
    environment: [String: String], ranks: Int
  ) {
    #expect(Launcher.ranks(in: environment) == ranks)
  }
}
