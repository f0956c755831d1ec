import Foundation
import TestSupport
import Testing

/// A kind of output: the recorded model that makes its labels, fitting net, loss, and the first
/// word of the log of `dp test`.
typealias OtherOutput = (model: String, fitting: String, loss: String, word: String)

/// A kind of each output but energies.
let otherOutputs: [OtherOutput] = [
  (
    "train_dipole", #""type": "dipole", "sel_type": [0]"#,
    #""type": "tensor", "pref": 1, "pref_atomic": 1"#, "Dipole  RMSE       : "
  ),
  (
    "train_polar_full", #""type": "polar", "fit_diag": false, "scale": [1.5, 1]"#,
    #""type": "tensor", "pref": 1, "pref_atomic": 0"#, "Polarizability  RMSE       : "
  ),
  (
    "train_dos", #""type": "dos", "numb_dos": 5"#,
    #""type": "dos", "start_pref_cdf": 1, "limit_pref_cdf": 1"#, "DOS MAE            : "
  ),
  (
    "train_property", #""type": "property", "property_name": "gap", "task_dim": 3"#,
    #""type": "property", "loss_func": "rmse", "metric": ["mae", "rmse"]"#,
    "PROPERTY MAE            : "
  ),
]

/// Runs a tool, which must exit with 0.
@discardableResult func runWell(
  _ tool: String, _ arguments: [String], in folder: URL
) throws -> Finished {
  let run = try runTool(tool, arguments, in: folder)
  #expect(run.exitCode == 0, "\(tool) \(arguments): \(run.messages)")
  return run
}

/// Runs `body` in a folder with labels of an output, labels.h5, and an input for them.
func withLabels(
  of kind: OtherOutput, steps: Int = 8, _ body: (URL) throws -> Void
) throws {
  try withTraining(replacing: [
    (#""fitting_net": { "neuron""#, #""fitting_net": { \#(kind.fitting), "neuron""#),
    (#""start_pref_v": 0.5, "limit_pref_v": 1"#, kind.loss),
    (#""numb_steps": 20"#, #""numb_steps": \#(steps)"#),
    (#""disp_freq": 5, "save_freq": 10"#, #""disp_freq": 2, "save_freq": 4"#),
    ("data.h5#", "labels.h5#"),
  ]) { folder in
    let path = fixtures.appending(path: "outputs/\(kind.model).dp").path
    try runWell("dp-eval", [path, "data.h5", "--predictions", "predicted.h5"], in: folder)
    // What a tool predicted is data once it is converted.
    try runWell("dp-convert", ["predicted.h5", "labels.h5"], in: folder)
    try body(folder)
  }
}
