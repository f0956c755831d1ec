import Training

/// The `optimizer` section.
func readOptimizer(_ section: ConfigurationSection) -> AdamOptions {
  var options = AdamOptions()
  let type = section.read("type", .text, default: "Adam")
  guard type == "Adam" || type == "AdamW" else {
    section.report("type", "optimizer \"\(type)\" is not supported; \"Adam\" and \"AdamW\" are")
    return options
  }
  let beta = ValueKind.number.whereIs("a number from 0 to below 1") { $0 >= 0 && $0 < 1 }
  options.beta1 = section.read("adam_beta1", beta, default: 0.9)
  options.beta2 = section.read("adam_beta2", beta, default: 0.999)
  options.decaysDirectly = type == "AdamW"
  options.weightDecay = section.read(
    "weight_decay", .nonNegative, default: options.decaysDirectly ? 0.001 : 0)
  section.finish()
  return options
}

/// The `validating` section: nothing of it is supported but switching it off.
func refuseFullValidation(_ section: ConfigurationSection) {
  section.refuse("full_validation", unless: .bool(false))
  section.refuse("ema_full_validation", unless: .bool(false))
  section.accept(
    "validation_freq", "save_best", "save_best_dir", "max_best_ckpt", "validation_metric",
    "full_val_file", "full_val_start", "compiled_infer", "tf32_infer", "amp_infer")
  section.finish()
}
