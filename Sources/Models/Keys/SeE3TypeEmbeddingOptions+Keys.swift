import DeepPotential
import Files

extension SeE3TypeEmbeddingOptions {
  /// The keys of a descriptor `se_e3_tebd`; `types` is the number of types, nil if it is not known.
  package static func keys(types: Int?) -> [Key<SeE3TypeEmbeddingOptions>] {
    LocalOptions.keys(types: types, isMixed: true).map { $0.within(\.local) }
      + TypeEmbeddingOptions.keys.map { $0.within(\.types) }
      + [Key("smooth", \.isSmooth, .bool, "whether gates vanish smoothly at the cutoff")]
  }
}
