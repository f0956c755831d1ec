/// What defines a `se_e2_r` descriptor, apart from its statistics and parameters.
public struct SeE2ROptions: DescriptorPartOptions {
  /// The same as one of the kinds.
  public var wrapped: DescriptorOptions { .seE2R(self) }
  /// The common options.
  public var local = LocalOptions()
  /// One embedding net per neighbor type, as in all models but graphs of TensorFlow, which may have
  /// one per (center, neighbor) pair (`type_one_side`).
  public var typeOneSide = true
  /// Rows are radial.
  public var rowWidth: Int { 1 }

  /// Makes options with DeePMD-kit's defaults.
  public init() {}
}
