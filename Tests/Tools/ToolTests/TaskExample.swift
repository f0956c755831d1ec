import Foundation
import TestSupport
import Testing

/// Two tasks on one descriptor; the second has validation data.
let tasksInput = """
  {
    "model": {
      "shared_dict": {
        "types": ["O", "H"],
        "net": {
          "type": "se_e2_a", "rcut": 4.0, "sel": [6, 10], "neuron": [4, 8], "axis_neuron": 2,
          "seed": 1
        }
      },
      "model_dict": {
        "left": {
          "type_map": "types", "descriptor": "net", "fitting_net": { "neuron": [8, 8], "seed": 1 }
        },
        "right": {
          "type_map": "types", "descriptor": "net", "fitting_net": { "neuron": [6], "seed": 2 }
        }
      }
    },
    "learning_rate": { "decay_steps": 5, "start_lr": 0.001, "stop_lr": 1e-5 },
    "loss_dict": {
      "left": { "start_pref_v": 0.5, "limit_pref_v": 1 }, "right": { "start_pref_f": 10 }
    },
    "training": {
      "model_prob": { "left": 1, "right": 2 },
      "data_dict": {
        "left": { "training_data": { "systems": ["data.h5#/a", "data.h5#/b"], "batch_size": 2 } },
        "right": {
          "training_data": { "systems": ["data.h5#/c"], "batch_size": 2 },
          "validation_data": { "systems": ["data.h5#/b"], "batch_size": 2, "numb_btch": 2 }
        }
      },
      "numb_steps": 20, "seed": 10, "disp_freq": 5, "save_freq": 10
    }
  }
  """

/// Runs `body` in a folder with data.h5, the plain input.json and tasks.json, the latter with
/// replacements.
func withTasks(
  replacing changes: [(String, String)] = [], _ body: (URL) throws -> Void
) throws {
  try withTraining { folder in
    var text = tasksInput
    for (old, new) in changes {
      try #require(text.contains(old), "\(old)")
      text = text.replacingOccurrences(of: old, with: new)
    }
    try text.write(to: folder.appending(path: "tasks.json"), atomically: true, encoding: .utf8)
    try body(folder)
  }
}
