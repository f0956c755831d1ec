import Configuration
import Diagnostics
import Foundation
import TestSupport
import Testing
import Training

/// Reads `text` as input.json; gives the input and what the user is told.
private func read(_ text: String) throws -> (input: TrainingInput, notices: [String]) {
  let (input, notices) = try Notices.collected {
    try TrainingInput(Data(text.utf8), place: "input.json")
  }
  return (input, notices)
}

/// The errors that reading `text` throws.
private func errors(_ text: String) -> [ToolError] {
  do {
    _ = try read(text)
    return []
  } catch let several as ToolErrors {
    return several.errors
  } catch {
    return [error as? ToolError].compactMap(\.self)
  }
}

/// An input of DeePMD-kit 1 with `keys` among the training options, and `net` in the fitting net.
private func versionOne(_ keys: String, net: String = "") -> String {
  """
  { "_comment": "a", "_comment": "twice",
    "model": { "type_map": ["O", "H"],
      "descriptor": { "type": "se_a", "sel": [46, 92], "rcut_smth": 5.8, "rcut": 6.0,
        "neuron": [25, 50, 100], "resnet_dt": false, "axis_neuron": 16, "seed": 1 },
      "fitting_net": { \(net) "neuron": [240, 240, 240], "resnet_dt": true, "seed": 1 } },
    "learning_rate": { "type": "exp", "decay_steps": 5000, "decay_rate": 0.95, "start_lr": 0.001 },
    "loss": { "start_pref_e": 0.02, "limit_pref_e": 1, "start_pref_f": 1000, "limit_pref_f": 1,
      "start_pref_v": 0, "limit_pref_v": 0 },
    "training": { "systems": ["../data/"], "stop_batch": 1000000, "batch_size": [1], \(keys)
      "seed": 1, "disp_file": "lcurve.out", "disp_freq": 100, "numb_test": 10, "save_freq": 1000,
      "save_ckpt": "model.ckpt", "disp_training": true, "time_training": true,
      "profiling": false, "profiling_file": "timeline.json" } }
  """
}

/// Inputs of DeePMD-kit's releases.
struct OldInputTests {
  @Test(arguments: [
    ("", "", []),
    ("\"set_prefix\": \"set\", \"load_ckpt\": \"model.ckpt\",", "", ["set_prefix", "load_ckpt"]),
    ("\"restart\": false, \"num_threads\": 4,", "", ["restart", "num_threads"]),
    (
      "\"display_in_training\": true, \"timing_in_training\": false,", "",
      ["display_in_training", "timing_in_training"]
    ),
    ("", "\"coord_norm\": true, \"type_fitting_net\": false,", ["coord_norm", "type_fitting_net"]),
    ("\"wandb_config\": { \"wandb_enabled\": false },", "", ["wandb_config"]),
  ])
  func `keys that are gone and change nothing are named, and the input is read without them`(
    keys: String, net: String, names: [String]
  ) throws {
    let (plain, none) = try read(versionOne(""))
    let (input, notices) = try read(versionOne(keys, net: net))
    #expect(none.isEmpty && notices.count == names.count)
    for name in names { #expect(notices.contains { $0.contains("/\(name) is a key") }, "\(name)") }
    // Nothing else is left of them: neither in what is written nor in what decides the training.
    #expect(input == plain && input.document == plain.document)
    #expect(input.trainingData.systems == ["../data/"] && input.length == .steps(1_000_000))
    let stop = 0.001 * pow(0.95, 200.0)
    #expect(abs(input.learningRate.stop - stop) < 1e-12 * stop)
  }

  @Test(arguments: [
    ("\"restart\": true,", "", "training/restart", "--restart"),
    ("\"set_prefix\": \"part\",", "", "training/set_prefix", "set.*"),
    ("\"fitting_weight\": {},", "", "training/fitting_weight", "multi-task"),
    ("", "\"coord_norm\": false,", "model/fitting_net/coord_norm", "normalized"),
    ("", "\"type_fitting_net\": true,", "model/fitting_net/type_fitting_net", "fitting net"),
    ("", "\"fitting_resnet_dt\": true,", "model/fitting_net/fitting_resnet_dt", "\"resnet_dt\""),
  ])
  func `keys that are gone and changed something are errors that name what replaced them`(
    keys: String, net: String, place: String, word: String
  ) throws {
    let found = errors(versionOne(keys, net: net))
    #expect(found.map(\.place) == ["input.json: \(place)"])
    #expect(found.first?.problem.contains("which is gone") == true)
    #expect(found.first?.remedy?.contains(word) == true, "\(found)")
  }

  @Test(arguments: [
    // examples/train/water_se_a.json of 2019: a model section, the rest at the top.
    """
    { "model": { "type_map": ["O"], "descriptor": { "type": "se_a", "sel": [8] }, "fitting_net": {} },
      "systems": ["a"], "set_prefix": "set", "stop_batch": 20, "batch_size": 1, "start_lr": 0.005,
      "decay_steps": 5, "decay_rate": 0.95, "start_pref_e": 0.02, "limit_pref_e": 1, "seed": 1,
      "disp_freq": 10, "numb_test": 1, "save_ckpt": "model.ckpt", "load_ckpt": "model.ckpt" }
    """,
    // Half way to sections.
    """
    { "model": { "type_map": ["O"], "descriptor": { "type": "se_a", "sel": [8] }, "fitting_net": {} },
      "training": { "systems": ["a"], "stop_batch": 20 }, "start_lr": 0.005, "decay_steps": 5 }
    """,
  ])
  func `an input that is half flat is one error, which says what belongs where`(
    text: String
  ) throws {
    let found = errors(text)
    #expect(found.count == 1 && found.first?.place == "input.json")
    #expect(found.first?.problem.contains("half an input of DeePMD-kit 0.x") == true)
    #expect(found.first?.remedy?.contains("start_lr, decay_steps") == true)
    #expect(found.first?.remedy?.contains("into \"learning_rate\"") == true)
  }

  @Test(arguments: [
    "{ \"use_smooth\": true, \"sel_a\": [46, 92], \"rcut\": 6.0, \"filter_neuron\": [25, 50, 100] }",
    "{ \"sel_a\": [16, 32], \"sel_r\": [30, 60], \"axis_rule\": [], \"systems\": [\"a\"] }",
    "{ \"systems\": [\"a\"], \"n_neuron\": [10], \"batch_size\": 4, \"stop_batch\": 10 }",
  ])
  func `an input of 0_x is one error`(text: String) {
    let found = errors(text)
    #expect(found.count == 1 && found.first?.problem.contains("of DeePMD-kit 0.x") == true)
  }

  @Test func `keys in the wrong section are told where they belong`() throws {
    let text = versionOne("").replacing(
      "\"stop_batch\"", with: "\"start_lr\": 1, \"rcut\": 6, \"numb_btch\": 2, \"stop_batch\"")
    let found = errors(text)
    #expect(
      found.map(\.place) == ["numb_btch", "rcut", "start_lr"].map { "input.json: training/\($0)" })
    for (error, home) in zip(
      found, ["training/validation_data", "model/descriptor", "learning_rate"])
    { #expect(error.problem.contains("in \"\(home)\"")) }
  }

  @Test(arguments: [
    ("my comment", true), ("Comment", true), ("#note", true), ("//", true), ("xyzzy", false),
    ("load_chkpnt_everywhere", false), ("quux_flag", false),
  ])
  func `the hint about comments stands only where a key looks like one`(
    key: String, isComment: Bool
  ) throws {
    let found = errors(versionOne("\"\(key)\": 1,"))
    #expect(found.count == 1)
    #expect(found.first?.remedy?.contains("are comments") == isComment, "\(found)")
  }

  @Test func `the Kalman options of 3_1 stand among the training's`() throws {
    let keys =
      "\"opt_type\": \"LKF\", \"kf_blocksize\": 1024, \"kf_start_pref_e\": 2, \"kf_limit_pref_e\": 3,"
      + "\"kf_start_pref_f\": 4, \"kf_limit_pref_f\": 5,"
    guard case .kalman(let options) = try read(versionOne(keys)).input.optimizer else {
      Issue.record("no Kalman filter")
      return
    }
    #expect(options.blockSize == 1024)
    #expect(options.energy == .init(start: 2, limit: 3))
    #expect(options.force == .init(start: 4, limit: 5))
    // With another optimizer they were no keys there either.
    let found = errors(versionOne("\"kf_blocksize\": 1024,"))
    #expect(found.map(\.place) == ["input.json: training/kf_blocksize"])
    // Of an optimizer that is not here one error is enough.
    let muon = errors(versionOne("\"opt_type\": \"AdaMuon\", \"momentum\": 0.9, \"lr_adjust\": 1,"))
    #expect(muon.map(\.place) == ["input.json: optimizer/type"])
  }

  @Test func `se_atten of deepmd-pytorch is read where DPA-1 is what it means`() throws {
    func text(_ keys: String) -> String {
      let plain = "\"type\": \"se_atten\", \"sel\": 40, \"attn_layer\": 1"
      return versionOne("").replacing(
        "\"type\": \"se_a\", \"sel\": [46, 92]", with: keys.isEmpty ? plain : "\(plain), \(keys)")
    }
    let own =
      "\"post_ln\": true, \"ffn\": false, \"ffn_embed_dim\": 1024, \"head_num\": 1,"
      + "\"activation\": \"gelu\", \"attn_mask\": false"
    let (input, notices) = try read(text(own))
    #expect(notices.isEmpty, "axis_neuron is there: \(notices)")
    #expect(input.model == (try read(text("\"activation_function\": \"gelu\"")).input.model))
    let (_, missing) = try read(text(own).replacing("\"axis_neuron\": 16,", with: ""))
    #expect(missing.count == 1 && missing[0].contains("axis_neuron: is missing, so it is 4"))
    for (key, value) in [("post_ln", "false"), ("ffn", "true"), ("head_num", "4")] {
      let found = errors(text("\"\(key)\": \(value)"))
      #expect(found.map(\.place) == ["input.json: model/descriptor/\(key)"])
      #expect(found.first?.problem.contains("is not supported") == true)
    }
    let other = versionOne("").replacing("\"seed\": 1 },", with: "\"ffn\": false },")
    #expect(!errors(other).isEmpty, "se_e2_a has no such keys")
  }

  @Test func `a warm-up that both places give is an error`() throws {
    let text = versionOne("\"warmup_steps\": 7,")
      .replacing("\"start_lr\": 0.001", with: "\"start_lr\": 0.001, \"warmup_steps\": 9")
    #expect(errors(text).map(\.place) == ["input.json: training/warmup_steps"])
    #expect(try read(versionOne("\"warmup_steps\": 7,")).input.learningRate.warmupSteps == 7)
  }

  @Test func `every old key is in the document about inputs`() throws {
    let document = try String(
      contentsOf: checkout.appending(path: "docs/INPUT.md"), encoding: .utf8)
    let start = try #require(document.firstRange(of: "## Older inputs"))
    let section = document[start.upperBound...]
    #expect(OldInputKeys.names.count > 20)
    for name in OldInputKeys.names { #expect(section.contains("`\(name)`"), "\(name)") }
  }
}
