import Diagnostics
import Foundation
import HDF5
import Kernels
import Models
import Runs
import TestSupport
import Testing
import Training

/// A checkpoint after `step` steps.
func example(step: Int, fixture: String = "se_e2_a_resnetdt") throws -> Checkpoint {
  let model = try StoredModel.read(fixtures.appending(path: fixture + ".dp").path)
  var moment = model.model.parameters
  moment.float64 = moment.float64.indices.map { 1 / Double($0 + 3) }
  moment.float32 = moment.float32.indices.map { 1 / Float($0 + 3) }
  return Checkpoint(
    model: model,
    state: TrainingState(
      step: step,
      optimizer: OptimizerMemory(
        name: "Adam", updates: step,
        vectors: ["first_moment": moment, "second_moment": model.model.parameters]),
      samplerState: ["order": [3, 1, 2], "random": [Int.min, Int.max], "systems/0": []]),
    curveBytes: 1234, digests: ["data.h5": "ab"], configuration: ["training": ["seed": 1]])
}

@Test(arguments: ["se_e2_a_resnetdt", "se_e2_a_float32"])
func `a checkpoint comes back bit by bit`(fixture: String) throws {
  let checkpoint = try example(step: 100, fixture: fixture)
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "a.h5").path
    try checkpoint.write(to: path)
    #expect(try Checkpoint.read(path) == checkpoint)
    let bytes = try Data(contentsOf: URL(filePath: path))
    try Checkpoint.read(path).write(to: path)
    #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
  }
}

@Test func `averages and what full validation remembers come back`() throws {
  var checkpoint = try example(step: 100)
  checkpoint.state.average = checkpoint.state.optimizer.vectors["first_moment"]
  checkpoint.state.validation = [
    .present: ValidationState(
      metric: "F:RMSE", best: [.init(value: 0.1, step: 90), .init(value: 1 / 3, step: 7)],
      sinceBest: 4), .averaged: ValidationState(metric: "F:RMSE"),
  ]
  checkpoint.logBytes = [.present: 300, .averaged: 0]
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "a.h5").path
    try checkpoint.write(to: path)
    #expect(try Checkpoint.read(path) == checkpoint)
  }
}

@Test func `a checkpoint is a model, a model is no checkpoint`() throws {
  let checkpoint = try example(step: 1)
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "a.h5").path
    try checkpoint.write(to: path)
    #expect(try StoredModel.read(path) == checkpoint.model)
    try checkpoint.model.write(to: path)
    #expect(fails(as: .data) { try Checkpoint.read(path) })
  }
}

@Test func `a run folder keeps the newest checkpoints and points to the last`() throws {
  try withTemporaryFolder { folder in
    let run = RunFolder(folder.path)
    #expect(fails(as: .missingInput) { try run.newest { _ in } })
    for step in [10, 20, 100] { try run.save(example(step: step), keeping: 2) }
    #expect(try run.steps() == [20, 100])
    #expect(try String(contentsOfFile: run.pointer, encoding: .utf8) == "model.ckpt-100.h5\n")
    #expect(try run.newest { _ in }.checkpoint.state.step == 100)
    // A restart from step 20: what it saves counts, not the higher number of the old training.
    try run.save(example(step: 30), keeping: 2)
    #expect(try run.newest { _ in }.checkpoint.state.step == 30)
  }
}

@Test func `a damaged newest checkpoint is passed over with one warning`() throws {
  try withTemporaryFolder { folder in
    let run = RunFolder(folder.path)
    for step in [10, 20] { try run.save(example(step: step), keeping: 2) }
    for step in [20, 10] {
      let url = URL(filePath: run.checkpoint(after: step))
      var bytes = try Data(contentsOf: url)
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: url)
      var warnings: [ToolError] = []
      if step == 20 {
        #expect(try run.newest { warnings.append($0) }.checkpoint.state.step == 10)
        #expect(warnings.map(\.place) == [url.path])
      } else {
        #expect(fails(as: .data) { try run.newest { _ in } })
      }
    }
  }
}
