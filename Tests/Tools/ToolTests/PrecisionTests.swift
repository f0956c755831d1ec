import Files
import Foundation
import Kernels
import Models
import TestSupport
import Testing

/// `dp-freeze --precision`, in the folder of the fixtures.
struct PrecisionTests {
  private static let model = "samples/trained_by_pytorch.dp"

  /// Freezes the model with `arguments`; gives the model that is written, too.
  private func freeze(
    _ arguments: [String], from source: String = model
  ) throws -> (finished: Finished, stored: StoredModel?) {
    try withTemporaryFolder { folder in
      let output = folder.appending(path: "fast.h5").path
      let finished = try runTool("dp-freeze", [source, "-o", output] + arguments, in: fixtures)
      return (finished, try? StoredModel.read(output))
    }
  }

  @Test(arguments: [
    (NetworkPrecision.float32, Precision.float32, Precision.float32),
    (.mixed, .float64, .float32), (.float64, .float64, .float64),
  ])
  func `networks get the format, and the file says what that changes`(
    format: NetworkPrecision, ofDescriptor: Precision, ofFitting: Precision
  ) throws {
    let (finished, stored) = try freeze([
      "--precision", format.rawValue, "--check", "data", "--tolerance", "1e-3",
    ])
    #expect(finished.exitCode == 0, "\(finished.messages)")
    #expect(finished.output.contains("\(format.rawValue) against float64, 15 frames"))
    let model = try #require(stored)
    #expect(model.model.descriptor.options.precision == ofDescriptor)
    #expect(model.model.fitting.options.precision == ofFitting)
    #expect(model.definition["fitting_net"]?["precision"]?.text == ofFitting.rawValue)
    #expect(model.definition["descriptor"]?["precision"]?.text == ofDescriptor.rawValue)
    #expect(model.provenance["precision"] == "\(format.rawValue), made from float64")
    let change = try #require(model.provenance["precision.force_max"])
    let number = try #require(Double(change.dropLast(" eV/Å".count)))
    #expect(format == .float64 ? number == 0 : number > 0 && number < 1e-3)
    let old = try StoredModel.read(fixtures.appending(path: Self.model).path)
    #expect(model.model.energyBias == old.model.energyBias)
  }

  @Test func `numbers for programs are those of the text`() throws {
    let (finished, _) = try freeze([
      "--precision", "float32", "--check", "data/a", "--check", "data/b", "--tolerance", "1",
      "--json",
    ])
    let report = try JSONValue(parsing: finished.output.utf8, at: "output")
    #expect(report["frames"] == 9 && report["precision"] == "float32")
    let largest = report["force_max"]?.double ?? 0, mean = report["force_rms"]?.double ?? 0
    #expect(mean > 0 && largest >= mean)
  }

  @Test(arguments: ["outputs/dipole.dp", "descriptors/dpa1_concat_attn2.dp"])
  func `models of one format cannot be mixed`(model: String) throws {
    let (finished, stored) = try freeze(
      ["--precision", "mixed", "--check", "data", "--tolerance", "1"], from: model)
    #expect(finished.exitCode == 65 && stored == nil)
  }

  @Test func `a change that is too large, and half a wish, write nothing`() throws {
    let (finished, stored) = try freeze([
      "--precision", "float32", "--check", "data", "--tolerance", "1e-12",
    ])
    #expect(finished.exitCode == 65 && stored == nil)
    #expect(finished.messages.contains("a force changes by"))
    #expect(finished.messages.contains("--precision mixed"))
    for arguments in [
      ["--precision", "float32"], ["--check", "data"],
      ["--precision", "float16", "--check", "data"],
      ["--precision", "float32", "--check", "data", "--tolerance", "0"],
      ["--precision", "float32", "--check", "data", "--change-bias", "data"],
    ] {
      let (finished, stored) = try freeze(arguments)
      #expect(finished.exitCode == 64 && stored == nil, "\(arguments)")
    }
  }
}
