import Files
import Foundation
import Models
import Runs
import TestSupport
import Testing
import Training

/// `dp-freeze`: models out of run folders, and what is in them.
struct FreezeTests {
  private static let trained = fixtures.appending(path: "samples/trained_by_pytorch.dp").path

  /// Saves a checkpoint after each of `steps`; the smallest distance tells them apart.
  private func makeRun(_ folder: URL, steps: [Int]) throws -> RunFolder {
    let run = RunFolder(folder.appending(path: "run").path)
    try FileManager.default.createDirectory(atPath: run.path, withIntermediateDirectories: true)
    for step in steps {
      var model = try StoredModel.read(Self.trained)
      model.minimumDistance = Double(step)
      model.provenance = ["tool": "dp-train"]
      let state = TrainingState(
        step: step, optimizer: OptimizerMemory(name: "Adam", updates: step, vectors: [:]),
        samplerState: ["order": [1, 0]])
      try run.save(
        Checkpoint(model: model, state: state, curveBytes: 0, digests: [:], configuration: [:]),
        keeping: steps.count)
    }
    return run
  }

  @Test func `the newest checkpoint of a run is frozen, with its weights and its history`() throws {
    try withTemporaryFolder { folder in
      let run = try makeRun(folder, steps: [10, 20])
      let frozen = try runTool("dp-freeze", ["run/", "-o", "model.h5"], in: folder)
      #expect(frozen.exitCode == 0)
      #expect(frozen.output.isEmpty)
      #expect(frozen.messages == "model.h5: the model after 20 steps\n")
      let model = try StoredModel.read(folder.appending(path: "model.h5").path)
      #expect(model.minimumDistance == 20)
      #expect(try model.model == StoredModel.read(Self.trained).model)
      #expect(model.provenance["tool"] == "dp-freeze")
      #expect(model.provenance["source.tool"] == "dp-train")
      let digest = try Digest.sha256(fileAt: run.checkpoint(after: 20))
      #expect(model.provenance["input.1"] == "model.ckpt-20.h5 sha256:\(digest)")
      // A frozen model holds nothing of the training.
      #expect(fails(as: .data) { try Checkpoint.read(folder.appending(path: "model.h5").path) })
    }
  }

  @Test func `a checkpoint of choice can be frozen, twice with the same bytes`() throws {
    try withTemporaryFolder { folder in
      let run = try makeRun(folder, steps: [10, 20])
      let bytes = try ["one/model.h5", "two/model.h5"].map { name in
        let output = folder.appending(path: name)
        try FileManager.default.createDirectory(
          at: output.deletingLastPathComponent(), withIntermediateDirectories: true)
        let frozen = try runTool("dp-freeze", [run.checkpoint(after: 10), "-o", output.path])
        #expect(frozen.exitCode == 0)
        #expect(try StoredModel.read(output.path).minimumDistance == 10)
        return try Data(contentsOf: output)
      }
      #expect(bytes[0] == bytes[1])
    }
  }

  @Test func `a damaged newest checkpoint gives way to the one before, with a warning`() throws {
    try withTemporaryFolder { folder in
      let run = try makeRun(folder, steps: [10, 20])
      let newest = URL(filePath: run.checkpoint(after: 20))
      try Data(contentsOf: newest).dropLast(100).write(to: newest)
      let frozen = try runTool("dp-freeze", ["run", "-o", "model.h5"], in: folder)
      #expect(frozen.exitCode == 0)
      #expect(frozen.messages.contains("warning: run/model.ckpt-20.h5 is"))
      #expect(try StoredModel.read(folder.appending(path: "model.h5").path).minimumDistance == 10)
      // Asked for by name, it is an error.
      let named = try runTool("dp-freeze", [newest.path, "-o", "no.h5"], in: folder)
      #expect(named.exitCode == 65)
      #expect(!(try contents(of: folder).contains("no.h5")))
    }
  }

  @Test func `what is in a model is printed for people and as JSON`() throws {
    let text = try runTool("dp-freeze", ["--info", Self.trained])
    #expect(text.exitCode == 0)
    #expect(text.messages.isEmpty)
    for line in [
      "types                  O H", "descriptor             se_e2_a, 2 nets 1-6-12",
      "  rcut                 4.0", "  sel                  6 10", "  axis_neuron          4",
      "fitting                2 nets 48-16-16-16-1", "  resnet_dt            true",
      "parameters             2946", "software               deepmd-kit",
    ] { #expect(text.output.contains(line + "\n"), "\(line) in \(text.output)") }
    let json = try runTool("dp-freeze", ["--info", "--json", Self.trained])
    let summary = try JSONValue(parsing: json.output.utf8, at: "output")
    #expect(summary["typeMap"] == ["O", "H"])
    #expect(summary["fitting"]?["parameters"] == 2754)
  }

  @Test func `a folder without checkpoints and a model of another kind are refused`() throws {
    try withTemporaryFolder { folder in
      let empty = try runTool("dp-freeze", [folder.path, "-o", "model.h5"], in: folder)
      #expect(empty.exitCode == 66)
      #expect(empty.messages.contains("has no checkpoint"))
      try Data("text".utf8).write(to: folder.appending(path: "text.h5"))
      let text = try runTool("dp-freeze", ["text.h5", "-o", "model.h5"], in: folder)
      #expect(text.exitCode == 65)
      #expect(try contents(of: folder) == ["text.h5"])
    }
  }

  @Test func `the output must be a new file that can be made`() throws {
    let same = try runTool("dp-freeze", [Self.trained, "-o", Self.trained])
    #expect(same.exitCode == 64)
    let neither = try runTool("dp-freeze", [Self.trained])
    #expect(neither.exitCode == 64)
    let nowhere = try runTool("dp-freeze", [Self.trained, "-o", "/no/such/folder/model.h5"])
    #expect(nowhere.exitCode == 73)
    #expect(nowhere.messages.contains("/no/such/folder/model.h5"))
  }

  @Test func `a disk that takes no more is exit 74, and the old model stays`() throws {
    try withTemporaryFolder { folder in
      let output = folder.appending(path: "model.h5")
      try Data("old".utf8).write(to: output)
      let full = try runToolOnFullDisk("dp-freeze", [Self.trained, "-o", output.path], in: folder)
      #expect(full.exitCode == 74)
      #expect(full.messages.contains("\(output.path): cannot be written"))
      #expect(try contents(of: folder) == ["model.h5"])
      #expect(try String(contentsOf: output, encoding: .utf8) == "old")
    }
  }
}
