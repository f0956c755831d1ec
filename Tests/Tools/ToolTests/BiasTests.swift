import Files
import Foundation
import Models
import TestSupport
import Testing

/// `dp-freeze --change-bias`, in the folder of the fixtures.
struct BiasTests {
  private func change(_ arguments: [String]) throws -> (finished: Finished, bias: [Double]?) {
    try withTemporaryFolder { folder in
      let output = folder.appending(path: "model.h5").path
      let finished = try runTool(
        "dp-freeze", ["samples/trained_by_pytorch.dp", "-o", output] + arguments, in: fixtures)
      return (finished, try? StoredModel.read(output).model.energyBias)
    }
  }

  @Test func `the bias of DeePMD-kit is written, and errors before and after are printed`() throws {
    let expected = try fixture("change_bias.json")["change"]?.numbers ?? []
    for arguments in [["--change-bias", "data"], ["--change-bias=data", "--bias-mode", "delta"]] {
      let (finished, bias) = try change(arguments)
      #expect(finished.exitCode == 0, "\(finished.messages)")
      #expect(bias?.count == 2)
      for (a, b) in zip(bias ?? [], expected) { #expect(abs(a - b) <= 1e-9 * abs(b)) }
      for text in ["energy bias", "before", "after", "errors, 15 frames", "force RMSE", "eV/Å"] {
        #expect(finished.output.contains(text))
      }
    }
  }

  @Test func `the report for programs has the numbers`() throws {
    let (finished, bias) = try change([
      "--change-bias", "data/a", "--change-bias", "data/b", "--bias-mode", "set", "--bias-frames",
      "2", "--json",
    ])
    #expect(finished.exitCode == 0)
    let report = try JSONValue(parsing: finished.output.utf8, at: "output")
    #expect(report["frames"] == 4)
    #expect(report["bias"]?.elements.map { $0["after"]?.double } == bias)
    #expect(report["bias"]?.elements.map { $0["type"]?.text } == ["O", "H"])
    let energy = report["energy_per_atom"], force = report["force"]
    #expect(energy?["before"]?["rmse"] != energy?["after"]?["rmse"])
    #expect(force?["before"] == force?["after"] && force?["unit"] == "eV/Å")
  }

  @Test func `values of the user are set, or added, with or without data`() throws {
    #expect(try change(["--bias-values", "-431.5,-5.25"]).bias == [-431.5, -5.25])
    let before = try fixture("change_bias.json")["before"]?.numbers ?? []
    let set = try change(["--bias-values=H=-5.25", "--change-bias", "data/a"])
    #expect(set.bias == [before[0], -5.25] && set.finished.output.contains("errors, 5 frames"))
    let added = try change(["--bias-values", "O=1,H=-2", "--bias-mode", "delta"])
    #expect(added.bias == [before[0] + 1, before[1] - 2])
    #expect(!added.finished.output.contains("errors"))
  }

  @Test func `a list of data may be in a file`() throws {
    try withTemporaryFolder { folder in
      let list = folder.appending(path: "list")
      try "data/a\n\n data/b\n".write(to: list, atomically: true, encoding: .utf8)
      let listed = try change(["--change-bias", "@" + list.path])
      let named = try change(["--change-bias", "data/a", "--change-bias", "data/b"])
      #expect(listed.bias != nil && listed.bias == named.bias)
    }
  }

  @Test(arguments: [
    (["--bias-mode", "set"], Int32(64), "--change-bias"),
    (["--bias-values", "1"], 64, "each of O, H"), (["--bias-values", "C=1"], 64, "each of O, H"),
    (["--bias-values", "O=1", "--bias-mode", "change"], 64, "delta"),
    (["--change-bias", "none"], 66, "none"), (["--change-bias", "@none"], 66, "none"),
    (["--change-bias", "data", "--bias-mode", "other"], 64, "other"),
  ])
  func `what cannot be done is said, and nothing is written`(
    arguments: [String], code: Int32, text: String
  ) throws {
    let (finished, bias) = try change(arguments)
    #expect(finished.exitCode == code && finished.messages.contains(text), "\(finished.messages)")
    #expect(bias == nil)
  }
}
