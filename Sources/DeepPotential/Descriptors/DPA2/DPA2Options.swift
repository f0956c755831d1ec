/// What defines a DPA-2 descriptor (`dpa2`), apart from its statistics and parameters.
public struct DPA2Options: Sendable, Equatable {
  /// The first block, DPA-1 without attention (`repinit`); what it says of types, smoothness,
  /// excluded pairs, precision and training is true of the whole descriptor.
  public var first = DPA1Options()
  /// Whether there is a three-body block, too (`use_three_body`).
  public var usesThreeBody = false
  /// What the three-body block has of its own (`three_body_rcut_smth`, `three_body_rcut`,
  /// `three_body_sel`, `three_body_neuron`).
  public var threeBody = ThreeBodyOptions()
  /// The layers that pass messages.
  public var messages = RepformerOptions()
  /// Whether the center's type embedding is added to what the first blocks make
  /// (`add_tebd_to_repinit_out`).
  public var addsTypes = false

  /// What defines the three-body block.
  public struct ThreeBodyOptions: Sendable, Equatable {
    /// Radii in Å between which the smooth switch falls from one to zero.
    public var innerCutoff = 0.5, outerCutoff = 4.0
    /// Neighbor slots, for all types together.
    public var slots = 40
    /// Layer widths of the embedding nets.
    public var neuron = [2, 4, 8]

    /// Makes options with DeePMD-kit's defaults.
    public init() {}
  }

  /// Makes options with DeePMD-kit's defaults, and without slots.
  public init() {
    first.attention.layers = 0
    first.neuron = [25, 50, 100]
    first.axisWidth = 16
    first.isSmooth = true
  }

  /// The three-body block as a descriptor.
  public var threeBodyBlock: SeE3TypeEmbeddingOptions {
    var options = SeE3TypeEmbeddingOptions()
    options.local = first.local
    options.local.innerCutoff = threeBody.innerCutoff
    options.local.outerCutoff = threeBody.outerCutoff
    options.local.slots = [threeBody.slots]
    options.local.neuron = threeBody.neuron
    options.types = first.types
    options.isSmooth = first.isSmooth
    return options
  }

  /// Width of what the first blocks make.
  var blockWidth: Int {
    let width = first.neuron[first.neuron.count - 1] * first.axisWidth
    return width + (usesThreeBody ? threeBody.neuron[threeBody.neuron.count - 1] : 0)
  }
}
