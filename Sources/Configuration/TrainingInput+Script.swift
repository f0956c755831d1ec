import Files
import Models

extension TrainingInput {
  /// The `model` section with all keys, defaults included, and with `sel` as numbers.
  ///
  /// Model files have this section as `model_def_script`; DeePMD-kit builds the model from it when
  /// it converts the file.
  public var modelScript: JSONValue {
    var script = model.definition
    if model.mixture == nil { script.set(["type"], to: "standard") }
    script.set(["data_stat_nbatch"], to: .integer(statisticsBatches))
    script.set(["data_stat_protect"], to: .number(statisticsProtection))
    func json(_ seed: Int?) -> JSONValue { seed.map(JSONValue.integer) ?? .null }
    script.changeDescriptors { $1["seed"] = json(descriptorSeeds[$0]) }
    // DeePMD-kit has seeds only to start from, and this model has started.
    if model.mixture != nil { return script }
    script.set(["fitting_net", "seed"], to: json(fittingSeed))
    let layers = model.fitting.trainable
    if Set(layers).count == 1 { script.set(["fitting_net", "trainable"], to: .bool(layers[0])) }
    return script
  }
}
