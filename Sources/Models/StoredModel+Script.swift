import Files

extension StoredModel {
  /// The `model` section that the model was trained with, as its file says; derived from the model
  /// if that says nothing.
  public var script: JSONValue {
    definition["descriptor"] == nil ? model.definition : definition
  }

  /// The types that the model has seen, in the order of its type map.
  ///
  /// Those that the file lists (`info/observed_type`), else those with an energy bias of more than
  /// 1e-6 eV, as DeePMD-kit has it.
  public var observedTypes: [String] {
    if let listed = definition["info"]?["observed_type"].flatMap(ValueKind.text.list("").take) {
      return listed
    }
    return model.typeMap.indices.filter {
      abs(model.outputBias[$0]) > 1e-6 || abs(model.fitting.bias[$0]) > 1e-6
    }.map { model.typeMap[$0] }
  }
}
