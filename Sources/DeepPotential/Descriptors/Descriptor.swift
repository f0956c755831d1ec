import Kernels

/// A descriptor of any kind: the one switch.
public enum Descriptor: Sendable, Equatable {
  /// `se_e2_a`.
  case seE2A(SeE2A)
  /// `se_e2_r`.
  case seE2R(SeE2R)
  /// `se_e3`.
  case seE3(SeE3)
  /// `se_e3_tebd`.
  case seE3TypeEmbedding(SeE3TypeEmbedding)
  /// `se_atten` and `se_atten_v2`.
  case dpa1(DPA1)
  /// `dpa2`.
  case dpa2(DPA2)
  /// `dpa3`.
  case dpa3(DPA3)
  /// `hybrid`.
  case hybrid(Hybrid)

  /// The descriptors whose rows, side by side, are its row: itself, or the parts of a hybrid.
  public var parts: [any DescriptorPart] {
    switch self {
    case .seE2A(let descriptor): [descriptor]
    case .seE2R(let descriptor): [descriptor]
    case .seE3(let descriptor): [descriptor]
    case .seE3TypeEmbedding(let descriptor): [descriptor]
    case .dpa1(let descriptor): [descriptor]
    case .dpa2(let descriptor): [descriptor]
    case .dpa3(let descriptor): [descriptor]
    case .hybrid(let hybrid): hybrid.parts.flatMap(\.parts)
    }
  }

  /// Lays out a descriptor of `typeCount` types.
  init(_ options: DescriptorOptions, typeCount: Int, in layout: inout ParameterLayout) {
    switch options {
    case .seE2A(let options): self = .seE2A(SeE2A(options, in: &layout))
    case .seE2R(let options): self = .seE2R(SeE2R(options, in: &layout))
    case .seE3(let options): self = .seE3(SeE3(options, in: &layout))
    case .seE3TypeEmbedding(let options):
      self = .seE3TypeEmbedding(SeE3TypeEmbedding(options, typeCount: typeCount, in: &layout))
    case .dpa1(let options): self = .dpa1(DPA1(options, typeCount: typeCount, in: &layout))
    case .dpa2(let options): self = .dpa2(DPA2(options, typeCount: typeCount, in: &layout))
    case .dpa3(let options): self = .dpa3(DPA3(options, typeCount: typeCount, in: &layout))
    case .hybrid(let options):
      self = .hybrid(
        Hybrid(options.parts.map { Descriptor($0, typeCount: typeCount, in: &layout) }))
    }
  }

  /// What defines it.
  public var options: DescriptorOptions {
    switch self {
    case .seE2A(let descriptor): .seE2A(descriptor.options)
    case .seE2R(let descriptor): .seE2R(descriptor.options)
    case .seE3(let descriptor): .seE3(descriptor.options)
    case .seE3TypeEmbedding(let descriptor): .seE3TypeEmbedding(descriptor.options)
    case .dpa1(let descriptor): .dpa1(descriptor.options)
    case .dpa2(let descriptor): .dpa2(descriptor.options)
    case .dpa3(let descriptor): .dpa3(descriptor.options)
    case .hybrid(let hybrid): .hybrid(hybrid.options)
    }
  }

  /// Whether the model is run as a program, see `DescriptorOptions`.
  public var isProgram: Bool { options.isProgram }

  /// Radius in Å beyond which atoms do not see each other.
  public var outerCutoff: Double { options.local.outerCutoff }
  /// Neighbor slots of each type, or of all types (`sel`); of a hybrid see `HybridOptions.local`.
  public var slots: [Int] { options.local.slots }
  /// Width of a descriptor row.
  public var outputs: Int { parts.reduce(0) { $0 + $1.outputs } }
  /// Number of vectors of each atom that outputs may take; nil if it, or one of its parts, has
  /// none.
  public var vectors: Int? {
    let counts = parts.compactMap(\.vectors)
    return counts.count == parts.count ? counts.reduce(0, +) : nil
  }
  /// The nets of its neighbors, or of their angles, that tables can stand for.
  public var embeddings: [DenseNetwork] {
    switch self {
    case .seE2A(let descriptor): descriptor.embeddings
    case .seE2R(let descriptor): descriptor.embeddings
    case .seE3(let descriptor): descriptor.embeddings
    case .seE3TypeEmbedding(let descriptor): [descriptor.embedding]
    case .dpa1(let descriptor): [descriptor.embedding]
    case .dpa2(let descriptor):
      [descriptor.first, descriptor.threeBody].compactMap { $0?.embedding }
    case .dpa3: []
    case .hybrid(let hybrid): hybrid.parts.flatMap(\.embeddings)
    }
  }
  /// Whether slots, and the fitting net, are for all types together.
  public var isMixed: Bool { options.isMixed }
  /// The number of layers in which atoms exchange messages, and the widths of what these change;
  /// nil if an atom's row depends on the positions and types of its neighbors alone.
  public var messages: (layers: Int, widths: [Int])? {
    switch self {
    case .seE2A, .seE2R, .seE3, .seE3TypeEmbedding, .dpa1: nil
    case .dpa3(let descriptor):
      (
        descriptor.layers.count,
        [descriptor.options.types.width, descriptor.options.edgeWidth]
          + (descriptor.options.hasAngles ? [descriptor.options.angleWidth] : [])
      )
    case .dpa2(let descriptor):
      (
        descriptor.layers.count,
        [descriptor.options.messages.nodeWidth, descriptor.options.messages.edgeWidth]
      )
    case .hybrid(let hybrid): hybrid.parts.lazy.compactMap(\.messages).first
    }
  }
}

/// What defines a descriptor of any kind, apart from its statistics and parameters.
public enum DescriptorOptions: Sendable, Equatable {
  /// `se_e2_a`.
  case seE2A(SeE2AOptions)
  /// `se_e2_r`.
  case seE2R(SeE2ROptions)
  /// `se_e3`.
  case seE3(SeE3Options)
  /// `se_e3_tebd`.
  case seE3TypeEmbedding(SeE3TypeEmbeddingOptions)
  /// `se_atten` and `se_atten_v2`.
  case dpa1(DPA1Options)
  /// `dpa2`.
  case dpa2(DPA2Options)
  /// `dpa3`.
  case dpa3(DPA3Options)
  /// `hybrid`.
  case hybrid(HybridOptions)

  /// The options, whichever they are.
  private var any: any DescriptorPartOptions {
    switch self {
    case .seE2A(let options): options
    case .seE2R(let options): options
    case .seE3(let options): options
    case .seE3TypeEmbedding(let options): options
    case .dpa1(let options): options
    case .dpa2(let options): options
    case .dpa3(let options): options
    case .hybrid(let options): options
    }
  }

  /// Whether descriptors of these options have vectors that outputs may take.
  public var hasVectors: Bool {
    switch self {
    case .seE2A, .dpa1, .dpa2, .dpa3: true
    case .seE2R, .seE3, .seE3TypeEmbedding: false
    case .hybrid(let options): options.parts.allSatisfy(\.hasVectors)
    }
  }

  /// Whether there are no sweeps written by hand: the model is run as a program.
  public var isProgram: Bool { if case .seE2A = self { false } else { true } }
}

extension DescriptorOptions: DescriptorPartOptions {
  /// Itself.
  public var wrapped: DescriptorOptions { self }

  /// The common options; those of a hybrid's parts are set in the parts.
  public var local: LocalOptions {
    get { any.local }
    set { change { $0.local = newValue } }
  }

  /// Whether slots, and the fitting net, are for all types together.
  public var isMixed: Bool { any.isMixed }
  /// Numbers of a row that have statistics.
  public var rowWidth: Int { any.rowWidth }
  /// The lists of neighbors that it asks for, those of a hybrid's parts one after the other.
  public var lists: [ListOptions] { any.lists }

  /// Gives each of `lists` its neighbor slots.
  public mutating func setSlots(_ slots: [[Int]]) { change { $0.setSlots(slots) } }

  private mutating func change(_ body: (inout any DescriptorPartOptions) -> Void) {
    var options = any
    body(&options)
    self = options.wrapped
  }

  /// Columns of the second factor of the descriptor, if it has one.
  public var axisWidth: Int? {
    switch self {
    case .seE2A(let options): options.axisWidth
    case .dpa1(let options): options.axisWidth
    case .dpa2(let options): options.first.axisWidth
    case .dpa3(let options): options.axisWidth
    default: nil
    }
  }

  /// Whether only the neighbor's type counts, not the center's, where that is a choice.
  public var typeOneSide: Bool? {
    switch self {
    case .seE2A(let options): options.typeOneSide
    case .dpa1(let options): options.typeOneSide
    case .dpa2(let options): options.first.typeOneSide
    default: nil
    }
  }
}
