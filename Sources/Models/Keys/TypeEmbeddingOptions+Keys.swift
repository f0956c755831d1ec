import Atoms
import DeepPotential
import Files

extension TypeEmbeddingOptions {
  /// The keys of type embeddings.
  static var keys: [Key<TypeEmbeddingOptions>] {
    [
      Key("tebd_dim", \.width, .size(from: 1), "width of the type embeddings"),
      Key(
        "tebd_input_mode", \.mode, .mode,
        "type embeddings are inputs of the embedding net (`\"concat\"`), or of a net that gates it (`\"strip\"`)"
      ),
      Key(
        "concat_output_tebd", \.isAppended, .bool,
        "whether the type embedding of an atom is part of its descriptor"),
      Key(
        "use_tebd_bias", \.hasBias, .bool, in: .allButOldModels,
        "whether the net of the type embeddings has biases"),
      Key(
        "use_econf_tebd", \.usesElectrons, .bool, in: .allButOldModels,
        "whether type embeddings follow from the electrons of the elements"),
    ]
  }

  /// The key that contradicts the names of types, if there is one.
  func conflicts(typeMap: [String]) -> [KeyConflict] {
    guard usesElectrons,
      let other = typeMap.first(where: { Elements.spinOccupations(of: $0) == nil })
    else { return [] }
    return [
      KeyConflict(
        name: "use_econf_tebd", expected: "false, because \(other) in type_map is no element")
    ]
  }
}

extension TypeEmbeddingOptions.Mode: KeyValue {
  package var json: JSONValue { .string(rawValue) }
}

extension ValueKind<TypeEmbeddingOptions.Mode> {
  /// `tebd_input_mode`.
  fileprivate static var mode: ValueKind {
    ValueKind(name: "\"concat\" or \"strip\"") {
      if case .string(let name) = $0 { TypeEmbeddingOptions.Mode(rawValue: name) } else { nil }
    }
  }
}
