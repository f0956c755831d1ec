/// What defines a DPA-2 descriptor (`dpa2`), apart from its statistics and parameters.
public struct DPA2Options: DescriptorPartOptions {
  /// The same as one of the kinds.
  public var wrapped: DescriptorOptions { .dpa2(self) }
  /// The first block, DPA-1 without attention (`repinit`); what it says of types, smoothness,
  /// excluded pairs, precision and training is true of the whole descriptor.
  public var first = DPA1Options()
  /// Whether there is a three-body block, too (`use_three_body`).
  public var usesThreeBody = false
  /// What the three-body block has of its own (`three_body_rcut_smth`, `three_body_rcut`,
  /// `three_body_sel`, `three_body_neuron`).
  public var threeBody = ThreeBodyOptions()
  /// The layers that exchange messages.
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
    first.slots = [0]
    first.axisWidth = 16
    first.isSmooth = true
  }

  /// The common options, those of the first block.
  public var local: LocalOptions {
    get { first.local }
    set { first.local = newValue }
  }
  /// Slots are for all types together.
  public var isMixed: Bool { true }

  /// The lists of the first block, of the three-body block if there is one, and of the messages.
  public var lists: [ListOptions] {
    var messages = ListOptions(local, isMixed: true, slotKey: "repformer/nsel")
    messages.innerCutoff = self.messages.innerCutoff
    messages.outerCutoff = self.messages.outerCutoff
    messages.slots = [self.messages.slots]
    messages.meanIsZero = self.messages.meanIsZero
    let first = ListOptions(local, isMixed: true, slotKey: "repinit/nsel")
    if !usesThreeBody { return [first, messages] }
    var threeBody = ListOptions(
      threeBodyBlock.local, isMixed: true, slotKey: "repinit/three_body_sel")
    threeBody.usualSlots = [ThreeBodyOptions().slots]
    return [first, threeBody, messages]
  }

  /// Gives each of `lists` its slots.
  public mutating func setSlots(_ slots: [[Int]]) {
    precondition(slots.count == lists.count, "slots of each list")
    let counts = slots.map { $0.reduce(0, +) }
    first.slots = [counts[0]]
    if usesThreeBody { threeBody.slots = counts[1] }
    messages.slots = counts[counts.count - 1]
  }

  /// Changes the slots of lists that are `automatic` so that the first block has the most, as
  /// DeePMD-kit needs it: more than the messages, and no fewer than the three-body block.
  mutating func orderSlots(automatic: [Bool]) {
    if automatic[0] {
      let least = max(messages.slots + 1, usesThreeBody ? threeBody.slots : 0)
      first.slots = [max(first.slotCount, (least + 3) / 4 * 4)]
      return
    }
    if automatic[automatic.count - 1] {
      messages.slots = min(messages.slots, max(1, first.slotCount - 1))
    }
    if usesThreeBody, automatic[1] { threeBody.slots = min(threeBody.slots, first.slotCount) }
  }

  /// The three-body block as a descriptor.
  package var threeBodyBlock: SeE3TypeEmbeddingOptions {
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

  /// Width of the row that the first block makes.
  package var firstWidth: Int { (first.neuron.last ?? 0) * first.axisWidth }

  /// Width of what the first blocks make.
  package var blockWidth: Int {
    firstWidth + (usesThreeBody ? threeBody.neuron.last ?? 0 : 0)
  }
}
