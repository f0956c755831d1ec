/// What defines a `se_e2_a` descriptor, apart from its statistics and parameters.
public struct SeE2AOptions: DescriptorPartOptions {
  /// The same as one of the kinds.
  public var wrapped: DescriptorOptions { .seE2A(self) }
  /// The common options; slots of each type.
  public var local = LocalOptions()
  /// Columns of the second factor of the descriptor (`axis_neuron`), at most the last width.
  public var axisWidth = 4
  /// One embedding net per neighbor type instead of one per (center, neighbor) pair
  /// (`type_one_side`).
  public var typeOneSide = false

  /// Number of its nets, or tables.
  public var netCount: Int { slots.count * (typeOneSide ? 1 : slots.count) }

  /// Makes options with DeePMD-kit's defaults, and without slots.
  public init() {}

  /// Makes options with DeePMD-kit's defaults for everything not named.
  public init(
    innerCutoff: Double, outerCutoff: Double, slots: [Int], neuron: [Int], axisWidth: Int
  ) {
    (local.innerCutoff, local.outerCutoff) = (innerCutoff, outerCutoff)
    (local.slots, local.neuron) = (slots, neuron)
    self.axisWidth = axisWidth
  }
}
