/// What defines a `se_e2_r` descriptor, apart from its statistics and parameters.
public struct SeE2ROptions: LocalDescriptorOptions {
  /// The common options.
  public var local = LocalOptions()
  /// Rows are radial.
  public var rowWidth: Int { 1 }

  /// Makes options with DeePMD-kit's defaults.
  public init() {}
}
