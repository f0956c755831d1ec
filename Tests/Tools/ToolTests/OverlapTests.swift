import Atoms
import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// Two atoms at one place, where no model has a value: an error that names them, in every tool.
@Suite struct OverlapTests {
  /// Runs `body` in a folder with overlap.h5, in whose second frame atoms 1 and 3 are at one place.
  private func withOverlap(_ body: (URL) throws -> Void) throws {
    try withTraining { folder in
      var system = try readSystems(at: folder.appending(path: "data.h5#/a").path)[0]
      let first = 3 * system.atomCount
      for axis in 0..<3 {
        system.positions[first + 9 + axis] = system.positions[first + 3 + axis]
      }
      try writeSystems([system], toHDF5: folder.appending(path: "overlap.h5").path)
      try body(folder)
    }
  }

  // Nets and their tables, nets alone, messages, several descriptors, other outputs.
  @Test(arguments: [
    "se_e2_a_oneside", "se_e2_a_envprot", "descriptors/dpa3", "descriptors/zbl", "outputs/dipole",
    "outputs/dos", "outputs/property_intensive",
  ])
  func `evaluations name the frame and the atoms`(name: String) throws {
    try withOverlap { folder in
      let model = fixtures.appending(path: "\(name).dp").path
      var commands = [
        ("dp-eval", [model, "overlap.h5"]),
        ("dp-eval", [model, "overlap.h5", "--predictions", "p.h5", "--detail", "d"]),
        ("dp", ["test", "-m", model, "-s", "overlap.h5", "-d", "d"]),
      ]
      if !name.hasPrefix("outputs") {
        commands += [
          ("dp-eval", [model, "overlap.h5", "--models", model]),
          ("dp", ["model-devi", "-m", model, model, "-s", "overlap.h5"]),
          ("dp", ["eval-desc", "-m", model, "-s", "overlap.h5"]),
        ]
      }
      let files = try contents(of: folder)
      for (tool, arguments) in commands {
        let run = try runTool(tool, arguments, in: folder)
        #expect(run.exitCode == 65, "\(tool) \(arguments): \(run.output)")
        let isNamed = run.messages.contains("frame 1: atoms 1 and 3 are at the same place")
        #expect(isNamed && !run.output.contains("nan"), "\(tool) \(arguments): \(run.messages)")
        #expect(try contents(of: folder) == files)
      }
    }
  }

  @Test func `trainings, statistics and validations refuse such a frame`() throws {
    try withOverlap { folder in
      let text = try String(contentsOf: folder.appending(path: "input.json"), encoding: .utf8)
      for old in [#""data.h5#/b""#, #""data.h5#/c""#] {
        try text.replacingOccurrences(of: old, with: #""overlap.h5""#).write(
          to: folder.appending(path: "other.json"), atomically: true, encoding: .utf8)
        let run = try runTool("dp-train", ["other.json"], in: folder)
        #expect(run.exitCode == 65, "\(old)")
        #expect(run.messages.contains("atoms 1 and 3 are at the same place"), "\(run.messages)")
      }
    }
  }
}
