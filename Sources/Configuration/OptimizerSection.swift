import Files
import Training

/// Reads the `optimizer` section and records its errors.
func readOptimizer(_ section: ConfigurationSection) -> OptimizerOptions {
  let type = section.read("type", .text, default: "Adam")
  switch type {
  case "Adam", "AdamW":
    defer { section.finish() }
    return .adam(readAdam(section, decaysDirectly: type == "AdamW"))
  case "LKF":
    defer { section.finish() }
    return .kalman(readKalman(section))
  default:
    section.report(
      "type", "optimizer \"\(type)\" is not supported; \"Adam\", \"AdamW\" and \"LKF\" are")
    return .adam(AdamOptions())
  }
}

private func readAdam(_ section: ConfigurationSection, decaysDirectly: Bool) -> AdamOptions {
  var options = AdamOptions()
  let beta = ValueKind.number.whereIs("a number from 0 to below 1") { $0 >= 0 && $0 < 1 }
  options.beta1 = section.read("adam_beta1", beta, default: 0.9)
  options.beta2 = section.read("adam_beta2", beta, default: 0.999)
  options.decaysDirectly = decaysDirectly
  options.weightDecay = section.read(
    "weight_decay", .nonNegative, default: options.decaysDirectly ? 0.001 : 0)
  return options
}

private func readKalman(_ section: ConfigurationSection) -> KalmanOptions {
  func prefactor(_ term: String) -> KalmanOptions.Prefactor {
    KalmanOptions.Prefactor(
      start: section.read("kf_start_pref_\(term)", .positive, default: 1),
      limit: section.read("kf_limit_pref_\(term)", .positive, default: 1))
  }
  var options = KalmanOptions()
  options.blockSize = section.read("kf_blocksize", .positiveInteger, default: 5120)
  options.energy = prefactor("e")
  options.force = prefactor("f")
  let precision = section.read(
    "kf_precision", .oneOf(["float64", "float32"]), default: "float64")
  options.precision = precision == "float32" ? .float32 : .float64
  return options
}
