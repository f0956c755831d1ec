import DeepPotential
import Diagnostics
import Files
import ForeignModels
import HDF5
import Kernels

extension StoredModel {
  /// Writes the model to `path`: as YAML if the path ends so, else as a sealed file in the layout
  /// of `.dp`.
  ///
  /// Throws `.cannotCreate` or `.io`; an old file at `path` then does not change.
  public func write(to path: String) throws {
    if Self.isYAML(path) { return try writeWhole(yaml, to: path) }
    try SealedFile.write(to: path) { try write(into: $0) }
  }

  /// Whether the name of a file says that it is YAML.
  public static func isYAML(_ path: String) -> Bool {
    [".yaml", ".yml"].contains(where: path.hasSuffix)
  }

  private var yaml: String {
    var writer = ModelWriter()
    let tree = tree(with: &writer)
    return ForeignModel(tree: tree, arrays: writer.tensors).yaml
  }

  /// Throws `.data` if `path` names a file of DeePMD-kit (`.dp`, `.yaml`) and the model is one that
  /// such files cannot hold: it has tables alone, or nets that give forces or mend frames, which
  /// DeePMD-kit can train or has parts of, but neither writes nor reads.
  public func requireLayout(of path: String) throws {
    guard path.hasSuffix(".dp") || Self.isYAML(path) else { return }
    if model.truncatesByType {
      Notices.post(
        "\(path): where an atom has more neighbors of a type than sel, TensorFlow kept the nearest of "
          + "each type; DeePMD-kit keeps the nearest of all for such a file, so its energies of "
          + "those atoms differ, and only those")
    }
    if model.output.forces == .direct || model.fitting.options.output.mendsFrames {
      throw ToolError(
        .data, at: path,
        "cannot hold this model: DeePMD-kit reads no file with a fitting net \""
          + "\(model.fitting.options.output.type)\"",
        remedy: "write a .h5 for the tools and the library here")
    }
    guard model.descriptor.hasTablesAlone else { return }
    throw ToolError(
      .data, at: path,
      "cannot hold this model: it is compressed and has tables in place of its embedding nets, "
        + "which DeePMD-kit's file needs",
      remedy: "write a .h5 for the tools here, or ask for the file from before the compression")
  }

  /// Writes the model into `file`; throws `.io`.
  package func write(into file: borrowing HDF5File) throws {
    var writer = ModelWriter()
    let tree = tree(with: &writer)
    try writer.write(tree, into: file)
  }

  /// Makes the root of the file's tree; members that DeePMD-kit does not know are at the top level,
  /// where it ignores them.
  func tree(with writer: inout ModelWriter) -> JSONValue {
    .object(origin.merging(members(nil, nil, with: &writer)) { $1 })
  }

  /// The members of a file's root that tell its origin.
  var origin: [String: JSONValue] {
    [
      "software": "deep-potential", "backend": "deep-potential",
      "version": .string(provenance["program"] ?? ""),
      "provenance": .object(provenance.mapValues { .string($0) }),
    ]
  }

  /// The other members.  A `descriptor` or `fitting` that another model in the file has, too, is
  /// not written again.
  func members(
    _ descriptor: JSONValue?, _ fitting: JSONValue?, with writer: inout ModelWriter
  ) -> [String: JSONValue] {
    // DeePMD-kit's converters fail if a member of this object is null.
    var variables: [String: JSONValue] = [:]
    if let minimumDistance {
      variables["min_nbor_dist"] = writer.array([minimumDistance], shape: [])
    }
    var members: [String: JSONValue] = [
      "model": modelTree(descriptor, fitting, with: &writer),
      "model_def_script": definitionToStore,
      "@variables": .object(variables),
    ]
    if model.truncatesByType { members[Self.truncationKey] = .string(Self.truncationByType) }
    return members
  }

  /// Makes the object of a model that has a descriptor and a fitting net and nothing else: `model`,
  /// or a part of it.  A `descriptor` or `fitting` that is written already stands for the model's.
  func standardTree(
    of model: EnergyModel, _ descriptor: JSONValue? = nil, _ fitting: JSONValue? = nil,
    with writer: inout ModelWriter
  ) -> JSONValue {
    let descriptor =
      descriptor
      ?? model.descriptor.tree(
        typeMap: model.typeMap, parameters: model.parameters, with: &writer)
    let fitting =
      fitting
      ?? model.fitting.tree(
        typeMap: model.typeMap, descriptor: model.descriptor,
        parameters: model.parameters, with: &writer)
    return .object(
      commonMembers(of: model, "standard", with: &writer).merging([
        "descriptor": descriptor, "fitting": fitting,
      ]) { $1 })
  }

  /// The members that the objects of all kinds of models have.
  func commonMembers(
    of model: EnergyModel, _ type: String, version: Int = 2, with writer: inout ModelWriter
  ) -> [String: JSONValue] {
    let types = model.typeMap.count, width = model.output.width
    var members = ModelOptions.keys(types: types).members(of: model.options, forModels: true)
    members.merge([
      "@class": "Model", "type": .string(type), "@version": .integer(version),
      "type_map": .strings(model.typeMap), "rcond": .null, "preset_out_bias": presetBias,
      "@variables": [
        "out_bias": writer.array(model.outputBias, shape: [1, types, width]),
        // The TensorFlow backend multiplies energies by this; the other backends ignore it there.
        "out_std": writer.array(model.outputDeviation, shape: [1, types, width]),
      ],
    ]) { _, ours in ours }
    return members
  }

  /// The definition with numbers in place of a `sel` in words, as DeePMD-kit needs it.
  private var definitionToStore: JSONValue {
    guard case .object = definition else { return model.definition }
    var definition = definition
    let parts = model.descriptor.options.parts
    definition.changeDescriptors { number, descriptor in
      guard parts.indices.contains(number) else { return }
      for list in parts[number].lists {
        guard case .string? = JSONValue.object(descriptor).value(at: list.slotKey) else { continue }
        // DeePMD-kit takes a list for "sel" only.
        let isNumber = list.slotKey != "sel" && list.slots.count == 1
        descriptor.set(
          list.slotKey, to: isNumber ? .integer(list.slots[0]) : .integers(list.slots))
      }
    }
    return definition
  }
}
