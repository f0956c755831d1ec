import DeepPotential
import Files
import HDF5
import Kernels

extension StoredModel {
  /// Writes the model as the whole file `path`, in DeePMD-kit's layout, sealed.
  ///
  /// Throws `.cannotCreate` or `.io`; an old file at `path` then stays as it was.
  public func write(to path: String) throws {
    try SealedFile.write(to: path) { try write(into: $0) }
  }

  /// Writes the model into `file`.
  package func write(into file: borrowing HDF5File) throws {
    var writer = ModelWriter()
    let tree = tree(with: &writer)
    try writer.write(tree, into: file)
  }

  /// The root of the file's tree.  What is ours only is at the top level, where DeePMD-kit
  /// tolerates it.
  private func tree(with writer: inout ModelWriter) -> JSONValue {
    // A null here, unlike elsewhere, stops DeePMD-kit's converters.
    var variables: [String: JSONValue] = [:]
    if let minimumDistance {
      variables["min_nbor_dist"] = writer.array([minimumDistance], shape: [])
    }
    return [
      "software": "deep-potential", "backend": "deep-potential",
      "version": .string(provenance["program"] ?? ""),
      "provenance": .object(provenance.mapValues { .string($0) }),
      "model": modelTree(with: &writer),
      "model_def_script": definitionToStore,
      "@variables": .object(variables),
    ]
  }

  private func modelTree(with writer: inout ModelWriter) -> JSONValue {
    let types = model.typeMap.count, width = model.output.width
    let descriptor = model.descriptor.tree(
      typeMap: model.typeMap, parameters: model.parameters, with: &writer)
    let fitting = model.fitting.tree(
      typeMap: model.typeMap, descriptorWidth: model.descriptor.outputs,
      parameters: model.parameters, with: &writer)
    var members = ModelOptions.keys(types: types).members(of: model.options, forModels: true)
    members.merge([
      "@class": "Model", "type": "standard", "@version": 2,
      "type_map": .strings(model.typeMap), "rcond": .null, "preset_out_bias": presetBias,
      "descriptor": descriptor, "fitting": fitting,
      "@variables": [
        "out_bias": writer.array(model.outputBias, shape: [1, types, width]),
        // TensorFlow multiplies energies by this; the other backends ignore it.
        "out_std": writer.array(
          Array(repeating: 1, count: types * width), shape: [1, types, width]),
      ],
    ]) { _, ours in ours }
    return .object(members)
  }

  /// The definition as DeePMD-kit must find it: a `sel` in words replaced by its numbers.
  private var definitionToStore: JSONValue {
    guard case .object = definition else { return model.definition }
    var definition = definition
    let parts = model.descriptor.options.parts
    definition.changeDescriptors { number, descriptor in
      if case .string? = descriptor["sel"], parts.indices.contains(number) {
        descriptor["sel"] = .integers(parts[number].slots)
      }
    }
    return definition
  }
}
