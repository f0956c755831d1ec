import Files

extension StoredModel {
  /// The `model` section of the input with which the model was trained; derived from the model if
  /// the file does not have the section.
  public var script: JSONValue {
    definition["descriptor"] ?? definition["models"] == nil ? model.definition : definition
  }

  /// The names of the types that the training data had.
  ///
  /// The names are those that the file lists (`info/observed_type`).  Without such a list they are
  /// those of the types whose bias is above 1e-6 in magnitude, in the order of the type
  /// map, as in DeePMD-kit.
  public var observedTypes: [String] {
    if let listed = definition["info"]?["observed_type"].flatMap(ValueKind.text.list("").take) {
      return listed
    }
    func isBiased(_ type: Int, _ biases: [Double]) -> Bool {
      let width = biases.count / model.typeMap.count
      return biases[type * width..<(type + 1) * width].contains { abs($0) > 1e-6 }
    }
    return model.typeMap.indices.filter { type in
      isBiased(type, model.outputBias)
        || model.fittings.contains { fitting in isBiased(type, fitting.bias) }
    }.map { model.typeMap[$0] }
  }
}
