import DeepPotential
import Files

/// A JSON object that can be read by a table of keys: a section of an input, or an object of a
/// model file.
package protocol KeyReader {
  /// Sets the properties of `part` to the values that the object has for `keys`.
  func read<Part>(_ keys: [Key<Part>], into part: inout Part) throws
  /// The same for an object inside of this one.
  func read<Part>(_ keys: [Key<Part>], of group: KeyGroup, into part: inout Part) throws
}

extension DescriptorOptions {
  /// All names of descriptors in inputs, each with the default options of its kind.
  package static let named: [(name: String, options: DescriptorOptions)] = [
    ("se_e2_a", .seE2A(SeE2AOptions())), ("se_a", .seE2A(SeE2AOptions())),
    ("se_e2_r", .seE2R(SeE2ROptions())), ("se_r", .seE2R(SeE2ROptions())),
    ("se_e3", .seE3(SeE3Options())), ("se_at", .seE3(SeE3Options())),
    ("se_a_3be", .seE3(SeE3Options())), ("se_t", .seE3(SeE3Options())),
    ("se_e3_tebd", .seE3TypeEmbedding(SeE3TypeEmbeddingOptions())),
    ("se_atten", .dpa1(DPA1Options())), ("dpa1", .dpa1(DPA1Options())),
    ("se_atten_v2", .dpa1(DPA1Options(isSecondVersion: true))),
    ("dpa2", .dpa2(DPA2Options())), ("dpa3", .dpa3(DPA3Options())),
    ("hybrid", .hybrid(HybridOptions())),
  ]

  /// The name of the descriptor in inputs.
  package var name: String {
    switch self {
    case .seE2A: "se_e2_a"
    case .seE2R: "se_e2_r"
    case .seE3: "se_e3"
    case .seE3TypeEmbedding: "se_e3_tebd"
    case .dpa1(let options): options.isSecondVersion ? "se_atten_v2" : "se_atten"
    case .dpa2: "dpa2"
    case .dpa3: "dpa3"
    case .hybrid: "hybrid"
    }
  }

  /// The name of the descriptor in model files.
  var nameInModels: String {
    switch self {
    case .seE2R: "se_r"
    case .dpa1(let options) where !options.isSecondVersion: "dpa1"
    default: name
    }
  }

  /// Sets the options to the values that `reader` has for their keys; throws the errors of
  /// `reader`.
  ///
  /// `types` is the number of types, nil if it is not known.  A hybrid has no keys besides its
  /// parts.
  package mutating func read(from reader: some KeyReader, types: Int?) throws {
    switch self {
    case .seE2A(var options):
      try reader.read(SeE2AOptions.keys(types: types), into: &options)
      self = .seE2A(options)
    case .seE2R(var options):
      try reader.read(SeE2ROptions.keys(types: types), into: &options)
      self = .seE2R(options)
    case .seE3(var options):
      try reader.read(SeE3Options.keys(types: types), into: &options)
      self = .seE3(options)
    case .seE3TypeEmbedding(var options):
      try reader.read(SeE3TypeEmbeddingOptions.keys(types: types), into: &options)
      self = .seE3TypeEmbedding(options)
    case .dpa1(var options):
      let keys = DPA1Options.keys(types: types, isSecondVersion: options.isSecondVersion)
      try reader.read(keys, into: &options)
      self = .dpa1(options)
    case .dpa2(var options):
      try reader.read(DPA2Options.keys(types: types), into: &options)
      try reader.read(DPA2Options.repinitKeys, of: DPA2Options.repinit, into: &options)
      try reader.read(RepformerOptions.keys, of: DPA2Options.repformer, into: &options.messages)
      self = .dpa2(options)
    case .dpa3(var options):
      try reader.read(DPA3Options.keys(types: types), into: &options)
      try reader.read(DPA3Options.messageKeys, of: .repflow, into: &options)
      self = .dpa3(options)
    case .hybrid: break
    }
  }

  /// The JSON members for these options, for a model file or for an input.
  ///
  /// `types` is the number of types, nil if it is not known.
  package func members(types: Int?, forModels: Bool) -> [String: JSONValue] {
    switch self {
    case .seE2A(let options):
      SeE2AOptions.keys(types: types).members(of: options, forModels: forModels)
    case .seE2R(let options):
      SeE2ROptions.keys(types: types).members(of: options, forModels: forModels)
        .merging(options.typeOneSide ? ["type_one_side": true] : [:]) { $1 }
    case .seE3(let options):
      SeE3Options.keys(types: types).members(of: options, forModels: forModels)
    case .seE3TypeEmbedding(let options):
      SeE3TypeEmbeddingOptions.keys(types: types).members(of: options, forModels: forModels)
    case .dpa1(let options):
      DPA1Options.keys(types: types, isSecondVersion: options.isSecondVersion)
        .members(of: options, forModels: forModels)
    case .dpa2(let options): options.members(types: types, forModels: forModels)
    case .dpa3(let options):
      DPA3Options.keys(types: types).members(of: options, forModels: forModels).merging([
        forModels ? KeyGroup.repflow.nameInModels : KeyGroup.repflow.name: .object(
          DPA3Options.messageKeys.members(of: options, forModels: forModels))
      ]) { $1 }
    case .hybrid(let options):
      ["list": .array(options.parts.map { .object($0.definition(types: types)) })]
    }
  }

  /// The object of an input that defines such a descriptor.
  package func definition(types: Int?) -> [String: JSONValue] {
    members(types: types, forModels: false).merging(["type": .string(name)]) { $1 }
  }

  /// The names of the descriptor's keys in inputs, aliases included: those of the objects inside of
  /// it by the names of these, its own by "".
  package var namesInInputs: [String: [String]] {
    let collector = NameCollector()
    var options = self
    // `NameCollector` never throws.
    try? options.read(from: collector, types: nil)
    return collector.names
  }

  /// The names of the descriptor's keys in model files.
  package var keyNames: [String] { members(types: nil, forModels: true).keys.sorted() }

  /// The keys whose values contradict those of other keys.
  package var conflicts: [KeyConflict] {
    switch self {
    case .seE2A(let options): options.conflicts
    case .dpa1(let options): options.conflicts
    case .dpa2(let options): options.conflicts
    case .dpa3(let options): options.conflicts
    case .hybrid: []
    default: local.conflicts
    }
  }

  /// The same, and the keys whose values contradict the names of types, if these are known.
  package func conflicts(typeMap: [String]?) -> [KeyConflict] {
    guard let typeMap else { return conflicts }
    return switch self {
    case .seE3TypeEmbedding(let options): conflicts + options.types.conflicts(typeMap: typeMap)
    case .dpa1(let options): conflicts + options.types.conflicts(typeMap: typeMap)
    case .dpa2(let options): conflicts + options.first.types.conflicts(typeMap: typeMap)
    case .dpa3(let options): conflicts + options.types.conflicts(typeMap: typeMap)
    default: conflicts
    }
  }
}

/// Collects the names of keys without reading values.
private final class NameCollector: KeyReader {
  private(set) var names: [String: [String]] = [:]

  func read<Part>(_ keys: [Key<Part>], into part: inout Part) { add(keys, in: "") }

  func read<Part>(_ keys: [Key<Part>], of group: KeyGroup, into part: inout Part) {
    names["", default: []].append(group.name)
    add(keys, in: group.name)
  }

  private func add<Part>(_ keys: [Key<Part>], in group: String) {
    names[group, default: []] += keys.filter(\.isInInputs).flatMap { [$0.name] + $0.aliases }
  }
}
