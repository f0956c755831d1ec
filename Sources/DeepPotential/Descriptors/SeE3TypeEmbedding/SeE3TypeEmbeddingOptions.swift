/// What defines a `se_e3_tebd` descriptor, apart from its statistics and parameters.
public struct SeE3TypeEmbeddingOptions: DescriptorPartOptions {
  /// The same as one of the kinds.
  public var wrapped: DescriptorOptions { .seE3TypeEmbedding(self) }
  /// The common options; one number of slots for all types.
  public var local = LocalOptions()
  /// Slots are for all types together.
  public var isMixed: Bool { true }
  /// The type embeddings.
  public var types = TypeEmbeddingOptions()
  /// Whether a gate vanishes smoothly at the cutoff (`smooth`).
  public var isSmooth = true

  /// Makes options with DeePMD-kit's defaults.
  public init() {
    local.meanIsZero = true
    types.hasBias = true
  }
}
