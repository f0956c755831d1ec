import Diagnostics
import Files
import Foundation

/// Moves the keys of `document` from their places in older releases of DeePMD-kit to their present
/// places, and removes old keys that change nothing.
///
/// Throws `.configuration` for inputs of DeePMD-kit 0.x.
/// Source: DeePMD-kit's `deepmd/utils/compat.py`; comments below name the releases.
func modernized(_ document: JSONValue, place: String) throws -> JSONValue {
  try refuseFlatInput(document, place: place)
  let document = document.withoutHarmlessOldKeys(place: place)
  guard case .object(var root) = document, case .object(var training)? = root["training"] else {
    return document
  }
  var rate = members(root["learning_rate"])
  // 1.x has the keys of the data in `training`, and a decay rate in place of the last learning
  // rate.
  if training["systems"] != nil && training["training_data"] == nil {
    let names = [
      "systems", "batch_size", "auto_prob", "auto_prob_style", "sys_probs", "sys_weights",
    ]
    training["training_data"] = .object(moved(names, from: &training))
    convertDecayRate(&rate, steps: lengthKeys.steps.compactMap { training[$0] }.first)
  }
  // 3.1 has warm-up and optimizer in `training`.  A warm-up key in both places is not moved, so
  // that it is reported as an error.
  let warmup = ["warmup_steps", "warmup_ratio", "warmup_start_factor"].filter { rate[$0] == nil }
  rate.merge(moved(warmup, from: &training)) { $1 }
  let optimizer = movedOptimizer(members(root["optimizer"]), from: &training)
  root["training"] = .object(training)
  moveDenoising(in: &root)
  if !rate.isEmpty { root["learning_rate"] = .object(rate) }
  if !optimizer.isEmpty { root["optimizer"] = .object(optimizer) }
  return .object(root)
}

/// Adds the optimizer's options that 3.1 has in `training`, which take precedence.
private func movedOptimizer(
  _ optimizer: [String: JSONValue], from training: inout [String: JSONValue]
) -> [String: JSONValue] {
  var optimizer = optimizer
  if let type = training.removeValue(forKey: "opt_type") { optimizer["type"] = type }
  var names = ["adam_beta1", "adam_beta2", "weight_decay"]
  switch optimizer["type"] {
  case "LKF":
    names += ["kf_blocksize", "kf_start_pref_e", "kf_limit_pref_e"]
    names += ["kf_start_pref_f", "kf_limit_pref_f"]
  case "AdaMuon", "HybridMuon":
    names += ["momentum", "muon_momentum", "lr_adjust", "lr_adjust_coeff", "muon_2d_only"]
    names.append("min_2d_dim")
  default: break
  }
  return optimizer.merging(moved(names, from: &training)) { $1 }
}

private func members(_ value: JSONValue?) -> [String: JSONValue] {
  if case .object(let members)? = value { members } else { [:] }
}

/// Removes the members called `names` from an object, and gives them.
private func moved(
  _ names: [String], from object: inout [String: JSONValue]
) -> [String: JSONValue] {
  var result: [String: JSONValue] = [:]
  for name in names { result[name] = object.removeValue(forKey: name) }
  return result
}

/// Replaces `decay_rate` by `stop_lr = start_lr decay_rate^(steps / decay_steps)`.
private func convertDecayRate(_ rate: inout [String: JSONValue], steps: JSONValue?) {
  let number = ValueKind.number
  guard let decay = rate["decay_rate"].flatMap(number.take), decay > 0,
    let start = rate["start_lr"].flatMap(number.take), let steps = steps.flatMap(number.take),
    let interval = rate["decay_steps"].flatMap(number.take), interval > 0
  else { return }
  rate["stop_lr"] = .number(exp(log(decay) * (steps / interval)) * start)
  rate["decay_rate"] = nil
}
