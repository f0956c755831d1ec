import Configuration
import Diagnostics
import Foundation
import Testing
import Training

/// What an example of a release of DeePMD-kit must be read as.
private struct Example: Sendable, CustomTestStringConvertible {
  let release: String
  /// Members of the descriptor, of the fitting net and of the learning rate, beside those that all
  /// releases have.
  var descriptor = "", fitting = "", rate = "\"stop_lr\": 3.51e-8"
  let training: String
  let steps: Int, rule: BatchRule
  var hasValidation = true

  var testDescription: String { release }

  /// The input as its release has it: water, se_e2_a.
  var text: String {
    let type = Double(release.prefix(3)) ?? 0 < 2 ? "se_a" : "se_e2_a"
    return """
      { "_comment": " model parameters",
        "model": { "type_map": ["O", "H"],
          "descriptor": { "type": "\(type)", "sel": [46, 92], "rcut_smth": 0.50, "rcut": 6.00,
            "neuron": [25, 50, 100], "resnet_dt": false, "axis_neuron": 16, \(descriptor)
            "seed": 1, "_comment": " that's all" },
          "fitting_net": { "neuron": [240, 240, 240], "resnet_dt": true, \(fitting) "seed": 1,
            "_comment": " that's all" }, "_comment": " that's all" },
        "learning_rate": { "type": "exp", "decay_steps": 5000, "start_lr": 0.001, \(rate),
          "_comment": "that's all" },
        "loss": { "start_pref_e": 0.02, "limit_pref_e": 1, "start_pref_f": 1000, "limit_pref_f": 1,
          "start_pref_v": 0, "limit_pref_v": 0, "_comment": " that's all" },
        "_comment": " traing controls",
        "training": { \(training), "_comment": "that's all" },
        "_comment": "that's all" }
      """
  }

  /// The data of versions 2 and 3.
  static func data(_ size: String) -> String {
    """
    "training_data": { "systems": ["../data/data_0/", "../data/data_1/", "../data/data_2/"],
      "batch_size": \(size), "_comment": "that's all" },
    "validation_data": { "systems": ["../data/data_3"], "batch_size": 1, "numb_btch": 3,
      "_comment": "that's all" }
    """
  }

  static let oldTraining = """
    "systems": ["../data/"], "set_prefix": "set", "stop_batch": 1000000, "batch_size": 1,
    "seed": 1, "_comment": " display and restart", "_comment": " frequencies counted in batch",
    "disp_file": "lcurve.out", "disp_freq": 100, "numb_test": 10, "save_freq": 1000,
    "save_ckpt": "model.ckpt", "disp_training": true, "time_training": true, "profiling": false,
    "profiling_file": "timeline.json"
    """
  static let newTraining = """
    "seed": 10, "disp_file": "lcurve.out", "disp_freq": 100, "save_freq": 1000
    """

  /// examples/water/train/water_se_a.json, then examples/water/se_e2_a/input.json and
  /// input_torch.json.
  static let all = [
    Example(
      release: "1.0", rate: "\"decay_rate\": 0.95",
      training: oldTraining + ", \"load_ckpt\": \"model.ckpt\"", steps: 1_000_000,
      rule: .fixed(1), hasValidation: false),
    Example(
      release: "1.1", training: oldTraining + ", \"load_ckpt\": \"model.ckpt\"",
      steps: 1_000_000, rule: .fixed(1), hasValidation: false),
    Example(
      release: "1.2",
      training: oldTraining + ", \"load_ckpt\": \"model.ckpt\", \"tensorboard\": false, "
        + "\"tensorboard_log_dir\": \"log\"", steps: 1_000_000, rule: .fixed(1),
      hasValidation: false),
    Example(
      release: "1.3",
      training: oldTraining + ", \"tensorboard\": false, \"tensorboard_log_dir\": \"log\"",
      steps: 1_000_000, rule: .fixed(1), hasValidation: false),
    Example(
      release: "2.0",
      training: data("\"auto\"") + ", \"numb_steps\": 1000000, " + newTraining,
      steps: 1_000_000, rule: .atLeast(atoms: 32)),
    Example(
      release: "2.1",
      training: data("\"auto\"") + ", \"stop_batch\": 1000000, \"numb_test\": 10, "
        + newTraining, steps: 1_000_000, rule: .atLeast(atoms: 32)),
    Example(
      release: "2.2", descriptor: "\"type_one_side\": true, \"precision\": \"float64\",",
      fitting: "\"precision\": \"float64\",",
      training: data("\"auto\"") + ", \"numb_steps\": 1000000, " + newTraining,
      steps: 1_000_000, rule: .atLeast(atoms: 32)),
    Example(
      release: "3.0", descriptor: "\"type_one_side\": true,",
      training: "\"stat_file\": \"./se_e2_a\", " + data("1") + ", \"numb_steps\": 100000, "
        + newTraining, steps: 100_000, rule: .fixed(1)),
    Example(
      release: "3.1", descriptor: "\"type_one_side\": true,",
      training: "\"stat_file\": \"./se_e2_a.hdf5\", \"opt_type\": \"Adam\", \"warmup_steps\": 0, "
        + data("1") + ", \"numb_steps\": 100000, " + newTraining, steps: 100_000, rule: .fixed(1)),
    Example(
      release: "3.2", descriptor: "\"type_one_side\": true,",
      training: "\"stat_file\": \"./se_e2_a.hdf5\", " + data("1") + ", \"num_step\": 100000, "
        + newTraining, steps: 100_000, rule: .fixed(1)),
  ]
}

@Suite struct ReleaseInputTests {
  @Test(arguments: Example.all)
  fileprivate func `the water example of every release is read`(example: Example) throws {
    let (input, notices) = try Notices.collected {
      try TrainingInput(Data(example.text.utf8), place: "input.json")
    }
    let descriptor = input.model.descriptor
    #expect(input.model.typeMap == ["O", "H"] && descriptor.slots == [46, 92])
    #expect(descriptor.innerCutoff == 0.5 && descriptor.outerCutoff == 6)
    #expect(descriptor.neuron == [25, 50, 100] && descriptor.axisWidth == 16)
    #expect(input.model.fitting.neuron == [240, 240, 240] && input.model.fitting.resnetTimestep)
    #expect(abs(input.learningRate.stop - 3.51e-8) < 1e-10 && input.learningRate.start == 0.001)
    #expect(input.length == .steps(example.steps) && input.trainingData.batchRule == example.rule)
    #expect((input.validationData != nil) == example.hasValidation)
    #expect(input.optimizer == .adam(AdamOptions()) && input.displayFrequency == 100)
    // Only what version 1 had and later ones have not is worth a word.
    let isOld = example.release.hasPrefix("1")
    #expect(notices.contains { $0.contains("set_prefix") } == isOld)
    #expect(notices.contains { $0.contains("load_ckpt") } == example.training.contains("load_ckpt"))
    #expect(isOld || notices.isEmpty, "\(notices)")
  }
}
