import Diagnostics
import Files

/// A key that an older release of DeePMD-kit read or ignored, and that the present one refuses.
struct OldKey: Sendable {
  /// The section of the key, such as `model/fitting_net`; empty for the whole file.
  let section: String
  let name: String
  /// The releases that had the key: "0.x", "1", "2".
  let release: String
  /// The values that change nothing, so that the key can be removed; nil if no value changes
  /// anything.
  let harmless: [JSONValue]?
  /// Advice that tells the user how to replace the key.
  let replacement: String

  init(
    _ section: String, _ name: String, of release: String, harmless: [JSONValue]? = [],
    _ replacement: String
  ) {
    self.section = section
    self.name = name
    self.release = release
    self.harmless = harmless
    self.replacement = replacement
  }

  /// Whether the key with `value` changes nothing.
  func allows(_ value: JSONValue) -> Bool {
    guard let harmless else { return true }
    return value == .null || harmless.contains(value)
  }

  /// The old key `name` of `section`; nil if there is none.
  static func find(_ name: String, in section: String) -> OldKey? {
    all.first { $0.name == name && $0.section == section }
  }

  /// All old keys; docs/INPUT.md lists them, too.
  ///
  /// Source: the keys that DeePMD-kit 0.12 to 2.2 read, and their `deepmd/utils/compat.py` and
  /// `argcheck.py`.
  static let all: [OldKey] = {
    let ofTasks = "multi-task training is told by model/model_dict now"
    var keys = [
      OldKey(
        "training", "load_ckpt", of: "0.x", harmless: nil,
        "to go on from a checkpoint give --restart"),
      OldKey(
        "training", "restart", of: "0.x", harmless: [false],
        "to go on from a checkpoint give --restart"),
      OldKey("training", "display_in_training", of: "1", harmless: nil, "it is always shown"),
      OldKey("training", "timing_in_training", of: "1", harmless: nil, "it is always timed"),
      OldKey("training", "num_threads", of: "0.x", harmless: nil, "give -j for threads"),
      OldKey(
        "training", "set_prefix", of: "1", harmless: ["set"], "sets are the folders set.*"),
      OldKey("training", "wandb_config", of: "2", harmless: nil, "set tensorboard for plots"),
      OldKey("training", "fitting_weight", of: "2", ofTasks),
      OldKey(
        "", "with_distrib", of: "1", harmless: [false], "start several processes with mpirun"),
      OldKey("", "loss_dict", of: "2", "it goes with model/model_dict, for several tasks"),
      OldKey("", "learning_rate_dict", of: "2", ofTasks),
      OldKey("model", "fitting_net_dict", of: "2", ofTasks),
      OldKey("model", "use_smooth", of: "0.x", harmless: [true], "write descriptor/type"),
      OldKey("model/descriptor", "sel_a", of: "0.x", "write \"sel\""),
      OldKey("model/descriptor", "sel_r", of: "0.x", "se_e2_a has \"sel\" alone"),
      OldKey("model/descriptor", "rcut_a", of: "0.x", harmless: [-1], "write \"rcut\""),
      OldKey("model/descriptor", "rcut_r", of: "0.x", "write \"rcut\""),
      OldKey("model/descriptor", "axis_rule", of: "0.x", "it is of \"loc_frame\" alone"),
      OldKey("model/descriptor", "filter_neuron", of: "0.x", "write \"neuron\""),
      OldKey("model/descriptor", "filter_resnet_dt", of: "0.x", "write \"resnet_dt\""),
      OldKey("model/fitting_net", "fitting_neuron", of: "0.x", "write \"neuron\""),
      OldKey("model/fitting_net", "fitting_resnet_dt", of: "0.x", "write \"resnet_dt\""),
    ]
    // The first inputs of version 1 were converted from those of 0.x, and have these keys in any of
    // three sections.
    for section in ["model", "model/descriptor", "model/fitting_net"] {
      keys.append(
        OldKey(
          section, "coord_norm", of: "0.x", harmless: [true], "rows are always normalized"))
      keys.append(
        OldKey(
          section, "type_fitting_net", of: "0.x", harmless: [false],
          "each element has a fitting net of its own"))
    }
    return keys
  }()
}

extension JSONValue {
  /// The input without old keys whose values change nothing; posts a notice for each of them.
  ///
  /// Old keys that change something stay, so that they are reported with all other errors.
  func withoutHarmlessOldKeys(place: String) -> JSONValue {
    var input = self
    for key in OldKey.all {
      let path = key.section.split(separator: "/").map(String.init) + [key.name]
      guard let value = path.reduce(.some(self), { $0?[$1] }), key.allows(value) else { continue }
      Notices.post(
        "\(place): \(path.joined(separator: "/")) is a key of DeePMD-kit \(key.release) and has no "
          + "effect: remove it (\(key.replacement))")
      input.set(path, to: nil)
    }
    return input
  }
}

/// The keys that older releases of DeePMD-kit accepted and the present one refuses.
public enum OldInputKeys {
  /// The names of all such keys, each once, sorted.
  public static var names: [String] { Set(OldKey.all.map(\.name)).sorted() }
}
