import Files

extension StoredModel {
  /// What DeePMD-kit's `DeepPot` in Python tells of a model, as JSON with its words: the section of
  /// the input, types with an energy, types in the training data, numbers of parameters.
  public var propertiesInJSON: String {
    let summary = ModelSummary(self)
    let (descriptor, fitting) = (summary.embedding.parameters, summary.fitting.parameters)
    let silent = model.silentTypes
    let members: JSONValue = [
      "model_def_script": script, "observed_type": .strings(observedTypes),
      "sel_type": .integers(summary.typeMap.indices.filter { !silent.contains($0) }),
      "size": [
        "descriptor": .integer(descriptor), "fitting-net": .integer(fitting),
        "total": .integer(descriptor + fitting),
      ],
    ]
    return members.serialized
  }
}
