import Diagnostics
import Foundation

/// `document` with what older releases of DeePMD-kit wrote elsewhere in its present place.
///
/// Source: DeePMD-kit's `deepmd/utils/compat.py` for the moves; the releases are named where they happen.
func modernized(_ document: JSONValue, place: String) throws -> JSONValue {
  guard case .object(var root) = document, case .object(var training)? = root["training"] else {
    if document["use_smooth"] != nil || document["sel_a"] != nil {
      throw ToolError(
        .configuration, at: place, "is an input of DeePMD-kit 0.x, which is not supported",
        remedy: "let DeePMD-kit convert it: dp train prints the present form to out.json")
    }
    return document
  }
  var rate = members(root["learning_rate"])
  // 1.x: data beside the training options, and a decay rate in place of the last learning rate.
  if training["systems"] != nil && training["training_data"] == nil {
    let names = [
      "systems", "set_prefix", "batch_size", "auto_prob", "auto_prob_style", "sys_probs",
      "sys_weights",
    ]
    training["training_data"] = .object(moved(names, from: &training))
    convertDecayRate(&rate, steps: training["stop_batch"] ?? training["numb_steps"])
  }
  // 3.1: warm-up and optimizer among the training options.
  for (name, value) in moved(
    ["warmup_steps", "warmup_ratio", "warmup_start_factor"], from: &training)
  where rate[name] == nil { rate[name] = value }
  var optimizer = members(root["optimizer"])
  let names = ["opt_type", "adam_beta1", "adam_beta2", "weight_decay"]
  for (name, value) in moved(names, from: &training) {
    optimizer[name == "opt_type" ? "type" : name] = value
  }
  root["training"] = .object(training)
  if !rate.isEmpty { root["learning_rate"] = .object(rate) }
  if !optimizer.isEmpty { root["optimizer"] = .object(optimizer) }
  return .object(root)
}

private func members(_ value: JSONValue?) -> [String: JSONValue] {
  if case .object(let members)? = value { members } else { [:] }
}

/// Takes the members called `names` out of an object.
private func moved(
  _ names: [String], from object: inout [String: JSONValue]
) -> [String: JSONValue] {
  var result: [String: JSONValue] = [:]
  for name in names { result[name] = object.removeValue(forKey: name) }
  return result
}

/// `stop_lr = start_lr decay_rate^(steps / decay_steps)`.
private func convertDecayRate(_ rate: inout [String: JSONValue], steps: JSONValue?) {
  let number = ValueKind.number
  guard let decay = rate["decay_rate"].flatMap(number.take), decay > 0,
    let start = rate["start_lr"].flatMap(number.take), let steps = steps.flatMap(number.take),
    let interval = rate["decay_steps"].flatMap(number.take), interval > 0
  else { return }
  rate["stop_lr"] = .number(exp(log(decay) * (steps / interval)) * start)
  rate["decay_rate"] = nil
}
