import DeepPotential
import Diagnostics
import Files
import ForeignModels
import Glibc
import HDF5
import Kernels

/// A model and everything else in its file.
///
/// The file has the HDF5 layout of DeePMD-kit's `.dp` files; models in its other files are read,
/// too.
///
/// Source: docs/FORMATS.md, "Models".
public struct StoredModel: Sendable, Equatable {
  /// The model.
  public var model: EnergyModel
  /// The `model` section of the input file that the model was trained with (`model_def_script`).
  public var definition: JSONValue
  /// The smallest distance between atoms in the training data, in Å (`min_nbor_dist`).
  public var minimumDistance: Double?
  /// Preset energy bias of the model (`preset_out_bias`), which counts only if the bias is fitted
  /// again.
  public var presetBias = JSONValue.null
  /// The origin of the model: program, versions, arguments, digests of the inputs.
  public var provenance: [String: String]

  /// A member at the top of the tree, where DeePMD-kit ignores it, and its only value; see
  /// `EnergyModel.truncatesByType`.
  static let truncationKey = "truncation", truncationByType = "by type"

  /// Makes a stored model from its parts; without `definition`, the file gets one that is derived
  /// from the model.
  public init(
    model: EnergyModel, definition: JSONValue = .null, minimumDistance: Double? = nil,
    provenance: [String: String] = [:]
  ) {
    self.model = model
    self.definition = definition
    self.minimumDistance = minimumDistance
    self.provenance = provenance
  }

  /// Reads the model file at `path`, written by this program or by DeePMD-kit; `choice` tells what
  /// is read from a file with several models.
  ///
  /// Throws `.missingInput` if the file cannot be read, and `.data` with the place in the file if
  /// it is damaged or has something that this program does not support.
  public static func read(_ path: String, _ choice: ModelChoice) throws -> StoredModel {
    if let foreign = try foreign(at: path, choice) { return foreign }
    return try StoredModel(SealedFile.read(path), name: path, choice)
  }

  /// Reads the model file at `path`, which holds one model.
  public static func read(_ path: String) throws -> StoredModel { try read(path, ModelChoice()) }

  /// Reads a model from the bytes of its file, which messages call `name`; throws `.data`.
  public static func read(
    _ bytes: [UInt8], name: String, _ choice: ModelChoice = ModelChoice()
  ) throws -> StoredModel {
    if !ForeignModel.isHDF5(bytes),
      let foreign = try ForeignModel(bytes, name: name, choice: choice)
    {
      return try StoredModel(foreign, name: name)
    }
    return try StoredModel(SealedFile.read(bytes, name: name), name: name, choice)
  }

  /// Reads the model at `path` if its file has not the layout of `.dp`; nil if it has, or if it is
  /// of no known kind.
  package static func foreign(
    at path: String, _ choice: ModelChoice = ModelChoice()
  ) throws -> StoredModel? {
    try ForeignModel.read(path, choice).map { try StoredModel($0, name: path) }
  }

  /// The preset energies of atoms of each type in `typeMap`, in eV; nil for types without one.
  public func presetEnergies(of typeMap: [String]) -> [Double?] {
    guard case .array(let values)? = presetBias["energy"] else { return typeMap.map { _ in nil } }
    return typeMap.map { name in
      guard let type = model.typeMap.firstIndex(of: name), values.indices.contains(type) else {
        return nil
      }
      if case .array(let numbers) = values[type] {
        return numbers.first.flatMap(ValueKind.number.take)
      }
      return ValueKind.number.take(values[type])
    }
  }

  /// Reads the model in `file`, which messages call `name`, or the one of several that is chosen;
  /// throws `.data`.
  package init(
    _ file: consuming HDF5File, name: String, _ choice: ModelChoice = ModelChoice()
  ) throws {
    let root = try Self.root(of: file, name: name)
    guard root.has(Self.headsKey) else {
      try choice.refuse(at: name)
      try self.init(root: root)
      return
    }
    let heads = try root.node(Self.headsKey)
    let head = try choice.name(among: heads.members.keys.sorted(), at: name)
    try self.init(root: heads.node(head))
    provenance = Self.provenance(root)
  }

  /// Reads all models in `file`, which messages call `name`, with the names of their tasks; the
  /// only model of a file has none.  Throws `.data`.
  package static func all(
    _ file: consuming HDF5File, name: String
  ) throws -> (names: [String], models: [StoredModel]) {
    let root = try root(of: file, name: name)
    guard root.has(headsKey) else { return ([], [try StoredModel(root: root)]) }
    let heads = try root.node(headsKey), names = heads.members.keys.sorted()
    if names.isEmpty { throw heads.wrong("", "models of tasks") }
    let models = try names.map { head in
      var model = try StoredModel(root: heads.node(head))
      model.provenance = provenance(root)
      return model
    }
    return (names, models)
  }

  /// The names of the tasks whose models `file` holds; none if it holds one model.
  static func heads(of file: consuming HDF5File, name: String) throws -> [String] {
    let root = try root(of: file, name: name)
    return root.has(headsKey) ? try root.node(headsKey).members.keys.sorted() : []
  }

  /// The member of a file's root that has the models of several tasks.
  static let headsKey = "model_dict"

  private static func root(of file: consuming HDF5File, name: String) throws -> ModelNode {
    guard let text = try file.stringAttribute("json", of: "/") else {
      throw ToolError(
        .data, at: name, "is an HDF5 file but no model: it has no attribute 'json'",
        remedy: hint("a model is written by dp-freeze", dp: "a model is written by dp freeze")
          + ", or by DeePMD-kit as a .dp file")
    }
    return try ModelNode(
      JSONValue(parsing: text.utf8, at: "\(name)#/json"), at: "\(name)#", ModelArrays(file))
  }

  /// Makes a stored model of `foreign`, whose file messages call `name`; throws `.data`.
  init(_ foreign: ForeignModel, name: String) throws {
    try self.init(
      root: ModelNode(foreign.tree, at: "\(name)#", ModelArrays(foreign.arrays)))
  }

  private init(root: ModelNode) throws {
    let node = try root.node("model")
    try node.check(type: EnergyModel.kinds, of: "model type")
    definition = root.members["model_def_script"] ?? .null
    model = try EnergyModel(node, script: definition)
    model.truncatesByType = root.members[Self.truncationKey] == .string(Self.truncationByType)
    presetBias = node.members["preset_out_bias"] ?? .null
    minimumDistance =
      root.hasArray("min_nbor_dist") ? try root.array("min_nbor_dist", shape: [])[0] : nil
    provenance = Self.provenance(root)
  }

  /// The provenance that this program wrote, or the name and version of the program that wrote the
  /// file.
  private static func provenance(_ root: ModelNode) -> [String: String] {
    var texts: [String: String] = [:]
    if case .object(let members)? = root.members["provenance"] {
      for case (let key, .string(let text)) in members { texts[key] = text }
    } else {
      for key in ["software", "version", "backend"] {
        if case .string(let text)? = root.members[key] { texts[key] = text }
      }
    }
    return texts
  }
}

extension EnergyModel {
  /// Reads an object of a model file that has a descriptor and a fitting net: `model`, or a part of
  /// it.
  init(standard node: ModelNode) throws {
    try node.check(class: "Model", versions: 2...2)
    try node.check(
      keys: ModelOptions.keys(types: nil).map(\.name) + [
        "type_map", "rcond", "preset_out_bias", "descriptor", "fitting",
      ])
    let typeMap = try node.strings("type_map"), types = typeMap.count
    guard types > 0, Set(typeMap).count == types else {
      throw node.wrong("type_map", "names of types, each once")
    }
    var networks = NetworkReader()
    let descriptorNode = try node.node("descriptor"), fittingNode = try node.node("fitting")
    // Both types are checked first, so that the error for another kind of model names its kind.
    _ = try descriptorNode.descriptorOptions
    _ = try fittingNode.output
    let descriptor = try Descriptor(descriptorNode, typeMap: typeMap, with: &networks)
    let fitting = try EnergyFitting(
      fittingNode, typeMap: typeMap, descriptorWidth: descriptor.outputs,
      vectors: descriptor.vectors, denoising: descriptor.denoisingWidths,
      isShared: descriptor.isMixed, with: &networks)
    try fittingNode.check(fitting.options, with: descriptor)
    if node.has("rcond"), try node.number("rcond") != fitting.options.singularCutoff {
      throw node.wrong("rcond", "null or the same as that of the fitting net")
    }
    var options = ModelOptions(
      typeMap: typeMap, descriptor: descriptor.options, fitting: fitting.options)
    try node.read(ModelOptions.keys(types: types), into: &options)
    self.init(
      typeMap: typeMap, descriptor: descriptor, fitting: fitting,
      excludedAtomTypes: options.excludedAtomTypes, excludedPairs: options.excludedPairs,
      layout: networks.layout)
    parameters = networks.parameters
    outputBias = try node.rows("out_bias", types, of: fitting.options.output)
    if fitting.options.output.isScaled {
      outputDeviation = try node.rows("out_std", types, of: fitting.options.output)
    }
  }
}

extension ModelNode {
  /// The numbers of each type for `output`, `[types][width]`, in the array that `@variables/key`
  /// names; those of the first type for all of them if the output does not distinguish types.
  func rows(_ key: String, _ types: Int, of output: Output) throws -> [Double] {
    let width = output.definition.width, rows = try array(key, shape: [1, types, width])
    guard case .property(let options) = output, !options.distinguishesTypes else { return rows }
    return (0..<types).flatMap { _ in rows[..<width] }
  }

  /// Throws if the `precision` of the fitting nets differs from that of `descriptor`, and the model
  /// is run as a program.
  fileprivate func check(_ options: FittingOptions, with descriptor: Descriptor) throws {
    let isProgram = descriptor.isProgram || options.output != .energy
    guard !isProgram || options.precision == descriptor.options.precision else {
      throw wrong(
        "precision", "\(descriptor.options.precision.rawValue), as that of the descriptor")
    }
  }
}
