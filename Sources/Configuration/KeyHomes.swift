import DeepPotential
import Diagnostics
import Files
import Models

private let descriptorKeys = Set(
  DescriptorOptions.named.flatMap { $0.options.namesInInputs[""] ?? [] }
).sorted()
private let fittingKeys =
  Output.kinds.flatMap { FittingOptions.keys(types: nil, of: $0) }.flatMap {
    [$0.name] + $0.aliases
  }

/// The sections of keys that inputs of DeePMD-kit 0.x had at the top, and of other keys that users
/// often put into a wrong section.
private let keyHomes: [(section: String, names: [String])] = sectionKeys + descriptorGroups

/// The keys of objects inside of descriptors.
private let descriptorGroups: [(section: String, names: [String])] =
  DescriptorOptions.named.flatMap { named in
    named.options.namesInInputs.filter { $0.key != "" }.sorted { $0.key < $1.key }.map {
      (section: "model/descriptor/\($0.key)", names: $0.value)
    }
  }

private let sectionKeys: [(section: String, names: [String])] = [
  (
    "model",
    ["type_map", "descriptor", "fitting_net", "data_stat_nbatch", "use_srtab", "smin_alpha"]
      + ["sw_rmin", "sw_rmax"]
  ),
  ("model/descriptor", descriptorKeys.filter { !fittingKeys.contains($0) }),
  ("model/fitting_net", fittingKeys.filter { !descriptorKeys.contains($0) }),
  (
    "learning_rate",
    ["start_lr", "stop_lr", "decay_steps", "decay_rate"]
      + ["warmup_steps", "warmup_ratio", "warmup_start_factor"]
  ),
  (
    "loss",
    ["e", "f", "v", "ae", "pf", "gf"].flatMap { ["start_pref_\($0)", "limit_pref_\($0)"] }
      + ["relative_f"]
  ),
  (
    "optimizer",
    ["opt_type", "adam_beta1", "adam_beta2", "weight_decay", "kf_blocksize"]
      + ["kf_start_pref_e", "kf_limit_pref_e", "kf_start_pref_f", "kf_limit_pref_f"]
  ),
  (
    "training/training_data",
    ["systems", "set_prefix", "batch_size", "auto_prob", "auto_prob_style", "sys_probs"]
      + ["sys_weights"]
  ),
  ("training/validation_data", ["numb_btch", "numb_batch"]),
  (
    "training",
    ["training_data", "validation_data", "disp_file", "disp_freq", "save_freq", "save_ckpt"]
      + ["load_ckpt", "restart", "numb_test", "disp_training", "time_training", "num_threads"]
      + ["profiling", "profiling_file", "tensorboard", "max_ckpt_keep"]
      + lengthKeys.steps + lengthKeys.epochs
  ),
]

/// The section to which the key `name` belongs; nil if `keyHomes` does not have the key.
func keyHome(of name: String) -> String? {
  keyHomes.first { $0.names.contains(name) }?.section
}

/// Throws `.configuration` if `input` has keys at the top that belong to sections, and required
/// sections are missing.
///
/// One error names all such keys; it is clearer than one error for each key and for each missing
/// section.
func refuseFlatInput(_ input: JSONValue, place: String) throws {
  guard case .object(let members) = input else { return }
  let flat = keyHomes.map { home in (home.section, home.names.filter { members[$0] != nil }) }
    .filter { !$0.1.isEmpty }
  let isOfZero = ["use_smooth", "sel_a", "filter_neuron"].contains { members[$0] != nil }
  if members["model"] == nil && (isOfZero || !flat.isEmpty && members["training"] == nil) {
    throw ToolError(
      .configuration, at: place, "is an input of DeePMD-kit 0.x, which is not supported",
      remedy: "let DeePMD-kit convert it: its 'dp train' prints the present form to out.json")
  }
  let lacks = ["training", "learning_rate"].contains { members[$0] == nil }
  guard lacks, !flat.isEmpty else { return }
  throw ToolError(
    .configuration, at: place,
    "is half an input of DeePMD-kit 0.x: keys that belong into sections are at the top",
    remedy: flat.map { "put \($1.joined(separator: ", ")) into \"\($0)\"" }
      .joined(separator: "; "))
}

/// Whether an unknown key was probably meant as a comment.
func looksLikeComment(_ name: String) -> Bool {
  let words = ["comment", "note", "remark", "description", "todo"]
  return words.contains { name.lowercased().contains($0) }
    || name.contains(" ") || ["#", "/", "-", "%"].contains { name.hasPrefix($0) }
}
