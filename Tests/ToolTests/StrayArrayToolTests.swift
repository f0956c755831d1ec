import Atoms
import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// Tools beside arrays that they do not need.
struct StrayArrayToolTests {
  /// Runs `body` in a folder with an input, a model and the system `raw`, whose set has `extra`.
  private func withArray(
    _ extra: (name: String, shape: [Int]), _ body: (_ folder: URL) throws -> Void
  ) throws {
    let change = ("\"data.h5#/a\", \"data.h5#/b\"", "\"raw\"")
    try withTraining(replacing: [change]) { folder in
      try FileManager.default.copyItem(
        at: fixtures.appending(path: "data/a"), to: folder.appending(path: "raw"))
      try FileManager.default.copyItem(
        at: fixtures.appending(path: "se_e2_a_oneside.dp"),
        to: folder.appending(path: "model.dp"))
      let values = [Double](repeating: 1, count: extra.shape.reduce(1, *))
      try writeWhole(
        encodeNPY(NumericArray(shape: extra.shape, values: values)),
        to: folder.appending(path: "raw/set.000/\(extra.name).npy").path)
      try body(folder)
    }
  }

  private static let commands = [
    ["dp-train", "input.json"], ["dp-stat", "input.json", "raw", "-o", "out.h5"],
    ["dp-eval", "model.dp", "raw"], ["dp-convert", "raw", "out.h5"],
    ["dp-convert", "--check", "raw"],
  ]
  private static let extras: [(name: String, shape: [Int])] = [
    ("aparam", [5, 1]), ("aparam", [5]), ("aparam", [1, 6]), ("dipole", [5, 6]), ("ids", [6]),
  ]

  @Test(arguments: commands, extras)
  func `an array that no part of the model uses does not stop a tool, and is named once`(
    command: [String], extra: (name: String, shape: [Int])
  ) throws {
    try withArray(extra) { folder in
      let run = try runTool(command[0], Array(command.dropFirst()), in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      let warning = "\(command[0]): warning: "
      let lines = run.messages.split(separator: "\n").filter { $0.contains("\(extra.name).npy") }
      #expect(lines.count == 1, "\(run.messages)")
      #expect(lines.first?.hasPrefix(warning) == true, "\(run.messages)")
      #expect(lines.first?.contains("raw/set.000/\(extra.name).npy: has shape ") == true)
    }
  }

  @Test(arguments: commands)
  func `a label that they use stops all of them with 65`(command: [String]) throws {
    try withArray(("force", [30, 3])) { folder in
      let run = try runTool(command[0], Array(command.dropFirst()), in: folder)
      #expect(run.exitCode == 65)
      #expect(
        run.messages.contains("raw/set.000/force.npy: has shape 30 × 3, expected 5 × 18"),
        "\(run.messages)")
      #expect(run.messages.contains("reshape it to (5, 18)"))
    }
  }

  @Test func `a model with atom parameters says that they are not there`() throws {
    try withArray(("aparam", [5, 1])) { folder in
      let model = fixtures.appending(path: "ener_fparam_aparam.dp").path
      let run = try runTool("dp-eval", [model, "raw"], in: folder)
      #expect(run.exitCode == 65)
      #expect(run.messages.contains("aparam.npy: has shape 5 × 1, expected 5 × a multiple of"))
    }
  }

  @Test func `dp-convert names the filter, and how to rewrite the file`() throws {
    let file = fixtures.appending(path: "lzf.h5").path
    let run = try runTool("dp-convert", ["--check", file])
    #expect(run.exitCode == 65)
    #expect(run.messages.contains("energy.npy: is compressed with lzf (filter 32000)"))
    #expect(run.messages.contains("h5repack -f GZIP=4"))
    #expect(!run.messages.contains("damaged"))
  }
}
