import Foundation
import Runs
import TestSupport
import Testing

/// A training of 20 steps on two small systems, validated on a third without virial.
let input = """
  {
    "model": {
      "type_map": ["O", "H"],
      "descriptor": {
        "type": "se_e2_a", "rcut": 4.0, "sel": [6, 10], "neuron": [4, 8], "axis_neuron": 2, "seed": 1
      },
      "fitting_net": { "neuron": [8, 8], "seed": 1 }
    },
    "learning_rate": { "decay_steps": 5, "start_lr": 0.001, "stop_lr": 1e-5 },
    "loss": { "start_pref_v": 0.5, "limit_pref_v": 1 },
    "training": {
      "training_data": { "systems": ["data.h5#/a", "data.h5#/b"], "batch_size": 2 },
      "validation_data": { "systems": ["data.h5#/c"], "batch_size": 2, "numb_btch": 2 },
      "numb_steps": 20, "seed": 10, "disp_freq": 5, "save_freq": 10
    }
  }
  """

/// Runs `body` in a folder with the data, `data.h5`, and the input, `input.json`, after
/// replacements.
func withTraining<Result>(
  replacing changes: [(String, String)] = [], _ body: (URL) throws -> Result
) throws -> Result {
  try withTemporaryFolder { folder in
    try FileManager.default.copyItem(
      at: fixtures.appending(path: "train_data.hdf5"), to: folder.appending(path: "data.h5"))
    var text = input
    for (old, new) in changes {
      try #require(text.contains(old))
      text = text.replacingOccurrences(of: old, with: new)
    }
    try text.write(to: folder.appending(path: "input.json"), atomically: true, encoding: .utf8)
    return try body(folder)
  }
}

/// Trains `input.json` in `folder`, four steps with a checkpoint every two, on one thread, on two,
/// and again from the checkpoint between: all end with the same model and state.  Gives the end,
/// and what the trainings said.
func checkThreadsAndResume(in folder: URL) throws -> (end: Checkpoint, messages: String) {
  var messages = ""
  func train(_ arguments: String...) throws -> Checkpoint {
    let run = try runTool("dp-train", ["input.json", "-o"] + arguments, in: folder)
    #expect(run.exitCode == 0, "\(run.messages)")
    messages += run.messages
    let output = folder.appending(path: arguments[0])
    return try Checkpoint.read(output.appending(path: "model.ckpt-4.h5").path)
  }
  let whole = try train("one", "-j", "1"), threads = try train("two", "-j", "2")
  #expect(threads.model.model == whole.model.model && threads.state == whole.state)
  try FileManager.default.createDirectory(
    at: folder.appending(path: "later"), withIntermediateDirectories: false)
  for name in ["model.ckpt-2.h5", "lcurve.out"] {
    try FileManager.default.copyItem(
      at: folder.appending(path: "one/\(name)"), to: folder.appending(path: "later/\(name)"))
  }
  let later = try train("later", "--restart", "later/model.ckpt-2.h5")
  #expect(later.model.model == whole.model.model && later.state == whole.state)
  return (whole, messages)
}
