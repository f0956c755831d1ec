import Atoms
import Configuration
import DeepPotential
import Diagnostics
import Files
import Foundation
import Kernels
import TestSupport
import Testing
import Training

/// A small input without errors, to be spoiled by tests.
private let smallInput = """
  {
    "model": {
      "type_map": ["O", "H"],
      "descriptor": { "type": "se_e2_a", "sel": [6, 10] },
      "fitting_net": {}
    },
    "learning_rate": { "start_lr": 0.001 },
    "training": { "training_data": { "systems": "data" }, "numb_steps": 100 }
  }
  """

private func read(_ text: String) throws -> TrainingInput {
  try TrainingInput(Data(text.utf8), place: "input.json")
}

/// The small input with `old` replaced by `new`.
private func read(replacing old: String, by new: String) throws -> TrainingInput {
  try #require(smallInput.contains(old))
  return try read(smallInput.replacingOccurrences(of: old, with: new))
}

@Suite struct ConfigurationTests {
  @Test func `what is not said has DeePMD-kit's defaults`() throws {
    let input = try read(smallInput)
    let descriptor = input.model.descriptor, fitting = input.model.fitting
    #expect(descriptor.outerCutoff == 6 && descriptor.innerCutoff == 0.5)
    #expect(descriptor.neuron == [10, 20, 40] && descriptor.axisWidth == 4)
    #expect(descriptor.typeOneSide == false && !descriptor.resnetTimestep && descriptor.trainable)
    #expect(descriptor.activation == .tanh && descriptor.precision == .float64)
    #expect(fitting.neuron == [120, 120, 120] && fitting.resnetTimestep)
    #expect(fitting.trainable == [true, true, true, true] && fitting.singularCutoff == nil)
    #expect(input.statisticsBatches == 10 && input.statisticsProtection == 0.01)
    #expect(input.learningRate.stop == 5e-8)
    #expect(input.learningRate.decay == .exponential(steps: 5000, rate: nil, isSmooth: false))
    #expect(input.loss.energy?.activeTerms == [.energy, .force])
    #expect(input.loss.energy?.prefactors[.force] == .init(start: 1000, limit: 1))
    #expect(input.loss.energy?.measure == .squared)
    #expect(input.trainingData.systems == ["data"] && input.validationData == nil)
    #expect(input.trainingData.batchRule == .atLeast(atoms: 32))
    #expect(input.trainingData.choice == .byBatches)
    #expect(input.length == .steps(100) && input.trainingSeed == nil)
    #expect(input.curveFile == "lcurve.out" && input.displayFrequency == 1000)
    #expect(input.saveFrequency == 1000 && input.checkpointName == "model.ckpt")
    #expect(input.checkpointsKept == 5 && input.optimizer == .adam(AdamOptions()))
  }

  @Test func `an input that DeePMD-kit was run with is read whole`() throws {
    let path = fixtures.appending(path: "samples/input.json").path
    let input = try TrainingInput(contentsOf: path)
    #expect(input.model.typeMap == ["O", "H"] && input.model.descriptor.slots == [6, 10])
    #expect(input.model.descriptor.typeOneSide == true && input.descriptorSeeds == [1])
    #expect(input.loss.energy?.activeTerms == [.energy, .force, .virial])
    #expect(input.trainingData.systems.count == 2 && input.validationData?.systems.count == 1)
    #expect(input.validationData?.batchRule == .fixed(2) && input.trainingSeed == 10)
  }

  @Test func `comments and aliases are understood`() throws {
    let input = try read(
      """
      // A comment that JSON does not have.
      {
        "_comment1": "model",
        "model": {
          "type_map": ["Cu"], "_comment": 1,
          "descriptor": {
            "type": "se_a", "sel": "auto:1.2", "n_axis_neuron": 8, /* so have these */
            "activation_function": "GELU", "precision": "float32", "_comment2": [],
            "exclude_types": [[0, 0]]
          },
          "fitting_net": { "n_neuron": [20, 20], "trainable": [true, false, true], "atom_ener": [null] }
        },
        "learning_rate": { "type": "wsd", "start_lr": 1, "stop_lr_ratio": 0.1, "decay_type": "cosine" },
        "loss": { "use_huber": true, "huber_delta": [0.1, 0.2, 0.3], "_c": "" },
        "optimizer": { "type": "AdamW" },
        "training": {
          "training_data": {
            "systems": ["a", "b.hdf5#/c"], "batch_size": "max:64",
            "auto_prob_style": "prob_sys_size;0:1:0.3;1:2:0.7"
          },
          "validation_data": { "systems": ["d"], "numb_batch": 3, "sys_weights": [1.0] },
          "_comment": "as often", "_comment": "as one likes", "stat_file": "./cache",
          "stop_batch": 10, "disp_training": true, "time_training": true, "profiling": false
        }
      }
      """)
    #expect(input.slotRules == [.automatic(ratio: 1.2)] && input.model.descriptor.slots == [0])
    #expect(input.model.descriptor.axisWidth == 8 && input.model.descriptor.activation == .gelu)
    #expect(input.model.descriptor.precision == .float32)
    #expect(input.model.descriptor.excludedPairs == [[0, 0]])
    #expect(input.model.fitting.trainable == [true, false, true])
    #expect(input.model.fitting.atomEnergies == [])
    #expect(input.learningRate.stop == 0.1)
    #expect(input.learningRate.decay == .stableThenDecay(ratio: 0.1, shape: .cosine))
    #expect(input.loss.energy?.measure == .huber(energy: 0.1, force: 0.2, virial: 0.3))
    guard case .adam(let adam) = input.optimizer else {
      Issue.record("no Adam")
      return
    }
    #expect(adam.decaysDirectly && adam.weightDecay == 0.001)
    #expect(input.trainingData.batchRule == .atMost(atoms: 64))
    let blocks = [
      SystemChoice.Block(start: 0, end: 1, weight: 0.3), .init(start: 1, end: 2, weight: 0.7),
    ]
    #expect(input.trainingData.choice == .blocks(blocks))
    #expect(input.validationBatches == 3 && input.validationData?.choice == .given([1]))
    #expect(input.length == .steps(10))
  }

  @Test func `an input of DeePMD-kit 1 is read as its release 2 would be`() throws {
    let input = try read(
      """
      { "model": { "type_map": ["O"], "descriptor": { "type": "se_a", "sel": [4] }, "fitting_net": {} },
        "learning_rate": { "start_lr": 0.01, "decay_steps": 50, "decay_rate": 0.5 },
        "training": { "systems": ["x"], "set_prefix": "set", "batch_size": [3], "stop_batch": 100,
          "numb_test": 2, "warmup_steps": 7, "adam_beta1": 0.8 } }
      """)
    #expect(input.trainingData.systems == ["x"] && input.trainingData.batchRule == .each([3]))
    #expect(abs(input.learningRate.stop - 0.0025) < 1e-15 && input.learningRate.warmupSteps == 7)
    guard case .adam(let adam) = input.optimizer else {
      Issue.record("no Adam")
      return
    }
    #expect(adam.beta1 == 0.8)
  }

  @Test func `all errors are reported at once, each with its place`() throws {
    let error = #expect(throws: ToolErrors.self) {
      try read(
        """
        { "model": { "type_map": ["O", "H"],
            "descriptor": { "type": "se_e2_a", "sel": [6], "rcut": 4, "rcut_smth": 5, "neurons": [2] },
            "fitting_net": { "numb_fparam": -1 } },
          "learning_rate": { "type": "exp" },
          "loss": { "start_pref_e": "x" },
          "training": { "training_data": { "systems": [] }, "numb_steps": 10, "profiling": true },
          "modle": {} }
        """)
    }
    let errors = try #require(error).errors
    #expect(errors.allSatisfy { $0.kind == .configuration })
    #expect(
      errors.map(\.place)
        == [
          "model/descriptor/sel", "model/descriptor/rcut_smth", "model/descriptor/neurons",
          "model/fitting_net/numb_fparam", "learning_rate/start_lr", "loss/start_pref_e",
          "training/profiling", "training/training_data/systems", "modle",
        ].map { "input.json: " + $0 })
    #expect(errors[2].remedy == "did you mean \"neuron\"?")
    #expect(errors[8].remedy == "did you mean \"model\"?")
  }

  @Test(arguments: [
    ("\"se_e2_a\"", "\"dpa4\"", "descriptor \"dpa4\" is not supported"),
    ("\"fitting_net\": {}", "\"fitting_net\": { \"type\": \"sezm_ener\" }", "not supported"),
    ("\"numb_steps\": 100", "\"numb_steps\": 1, \"mixed_precision\": {}", "not supported"),
    ("\"numb_steps\": 100", "\"numb_steps\": 1, \"profiling\": true", "true is not supported"),
    (
      "\"training\": { \"training_data\": { \"systems\": \"data\"",
      "\"optimizer\": { \"type\": \"LKF\" }, \"training\": { \"training_data\": "
        + "{ \"systems\": \"a\", \"batch_size\": \"mixed:4\"", "does not apply to \"LKF\""
    ),
    ("\"fitting_net\"", "\"type_embedding\": {}, \"fitting_net\"", "not supported"),
    ("\"sel\"", "\"precision\": \"float16\", \"sel\"", "not supported"),
    ("\"model\"", "\"loss\": { \"start_pref_h\": 1 }, \"model\"", "1 is not supported"),
    ("\"model\"", "\"loss\": { \"type\": \"dens\" }, \"model\"", "not supported"),
    (
      "\"fitting_net\"", "\"spin\": { \"use_spin\": [true, false] }, \"fitting_net\"",
      "is not supported"
    ),
    ("\"model\"", "\"optimizer\": { \"type\": \"AdaMuon\" }, \"model\"", "not supported"),
  ])
  func `what DeePMD-kit has and this program has not is refused by name`(
    old: String, new: String, problem: String
  ) throws {
    let error = #expect(throws: ToolErrors.self) { try read(replacing: old, by: new) }
    #expect(error?.errors.count == 1 && error?.errors.first?.problem.contains(problem) == true)
  }

  @Test(arguments: [
    ("[\"O\", \"H\"]", "[\"O\", \"O\"]"), ("[6, 10]", "[6, -1]"), ("[6, 10]", "\"auto:0.5\""),
    ("\"numb_steps\": 100", "\"numb_steps\": -1"), ("\"numb_steps\": 100", "\"numb_epoch\": 0"),
    ("\"numb_steps\": 100", "\"numb_steps\": 9223372036854775807"),
    ("[6, 10]", "[6, 4000000000000]"), ("\"numb_steps\": 100", "\"seed\": 1"),
    ("\"numb_steps\": 100", "\"numb_steps\": 10, \"numb_epoch\": 1"),
    ("0.001", "-0.001"), ("0.001", "0.1, \"stop_lr\": 1e-3, \"stop_lr_ratio\": 0.1"),
    ("\"sel\"", "\"axis_neuron\": 50, \"sel\""),
    ("\"sel\"", "\"exclude_types\": [[0, 2]], \"sel\""),
    ("\"sel\"", "\"neuron\": [], \"sel\""),
    ("\"sel\"", "\"axis_neuron\": 2, \"n_axis_neuron\": 2, \"sel\""),
    ("\"model\"", "\"loss\": { \"f_use_norm\": true }, \"model\""),
    ("\"model\"", "\"loss\": { \"limit_pref_e\": 0, \"limit_pref_f\": 0 }, \"model\""),
    ("\"model\"", "\"loss\": { \"start_pref_gf\": 1, \"limit_pref_gf\": 1 }, \"model\""),
    ("\"model\"", "\"loss\": { \"use_huber\": true, \"relative_f\": 1 }, \"model\""),
    ("{}", "[]"), ("\"numb_steps\": 100", "\"numb_steps\": 1, \"disp_file\": \"a/b\""),
  ])
  func `a value that cannot be is one error`(old: String, new: String) throws {
    let error = #expect(throws: ToolErrors.self) { try read(replacing: old, by: new) }
    #expect(error?.errors.count == 1)
  }

  @Test func `a syntax error has a line and a column`() throws {
    let error = #expect(throws: ToolError.self) { try read("{\n  \"model\" 1\n}") }
    #expect(error?.place == "input.json:2:11" && error?.kind == .configuration)
  }

  @Test func `a missing file is missing input`() {
    let error = #expect(throws: ToolError.self) { try TrainingInput(contentsOf: "/nowhere.json") }
    #expect(error?.kind == .missingInput)
  }

  @Test func `the model section as understood is an input with the same meaning`() throws {
    var input = try read(replacing: "[6, 10]", by: "\"auto\"")
    input.model.descriptor.slots = [8, 12]
    var document = try JSONValue(parsing: smallInput.utf8, at: "")
    guard case .object(var members) = document else { return }
    members["model"] = input.modelScript
    document = .object(members)
    let again = try TrainingInput(document, place: "")
    #expect(again.model == input.model && again.slotRules == [.given([8, 12])])
    #expect(again.modelScript == input.modelScript)
  }

  @Test func `an epoch covers the system that is drawn least often for its size`() throws {
    #expect(try batchesPerEpoch(.fixed(1), .uniform) == 120)
    #expect(try batchesPerEpoch(.fixed(20), .uniform) == 6)
    #expect(try batchesPerEpoch(.fixed(20), .byBatches) == 4)
    #expect(try batchesPerEpoch(.mixed(frames: 20), .uniform) == 6)
    #expect(try batchesPerEpoch(.mixed(frames: 30), .byBatches) == 3)
    #expect(TrainingLength.epochs(2).steps(batchesPerEpoch: 60) == 120)
    #expect(TrainingLength.steps(7).steps(batchesPerEpoch: 1) == 7)
  }
}

/// Batches in an epoch of systems of 20 and 60 frames.
private func batchesPerEpoch(_ rule: BatchRule, _ choice: SystemChoice) throws -> Double {
  let systems = try [20, 60].map { frames in
    try LabeledSystem(
      AtomicSystem(
        place: "a", typeNames: nil, types: [0], isPeriodic: false, frameCount: frames,
        positions: Array(repeating: 0, count: 3 * frames), cells: [], labels: [:]),
      typeMap: ["O"])
  }
  return try BatchSource(
    systems, rule: rule, choice: choice, seed: 1, purpose: .training, place: ""
  ).batchesPerEpoch
}
