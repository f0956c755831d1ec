/// What defines a `se_e3` descriptor, apart from its statistics and parameters.
public struct SeE3Options: DescriptorPartOptions {
  /// The same as one of the kinds.
  public var wrapped: DescriptorOptions { .seE3(self) }
  /// The common options.
  public var local = LocalOptions()

  /// Makes options with DeePMD-kit's defaults.
  public init() {}
}
