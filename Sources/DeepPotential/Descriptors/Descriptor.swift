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

  /// The descriptor, whichever it is.
  public var any: any LocalDescriptor {
    switch self {
    case .seE2A(let descriptor): descriptor
    case .seE2R(let descriptor): descriptor
    case .seE3(let descriptor): descriptor
    case .seE3TypeEmbedding(let descriptor): descriptor
    case .dpa1(let descriptor): descriptor
    }
  }

  /// Wraps a descriptor.
  public init(_ descriptor: any LocalDescriptor) {
    switch descriptor {
    case let descriptor as SeE2A: self = .seE2A(descriptor)
    case let descriptor as SeE2R: self = .seE2R(descriptor)
    case let descriptor as SeE3: self = .seE3(descriptor)
    case let descriptor as SeE3TypeEmbedding: self = .seE3TypeEmbedding(descriptor)
    case let descriptor as DPA1: self = .dpa1(descriptor)
    default: preconditionFailure("a descriptor of an unknown kind")
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
    }
  }

  /// Whether it has no sweeps written by hand, and so no tables: the model is run as a program.
  public var isProgram: Bool { if case .seE2A = self { false } else { true } }

  /// The same descriptor after a change.
  func changed(_ change: (inout any LocalDescriptor) -> Void) -> Descriptor {
    var descriptor = any
    change(&descriptor)
    return Descriptor(descriptor)
  }

  /// Radius in Å beyond which atoms do not see each other.
  public var outerCutoff: Double { options.local.outerCutoff }
  /// Neighbor slots of each type, or of all types (`sel`).
  public var slots: [Int] { options.local.slots }
  /// Width of a descriptor row.
  public var outputs: Int { any.outputs }
  /// The nets of its neighbors, or of their angles.
  public var embeddings: [DenseNetwork] {
    switch self {
    case .seE2A(let descriptor): descriptor.embeddings
    case .seE2R(let descriptor): descriptor.embeddings
    case .seE3(let descriptor): descriptor.embeddings
    case .seE3TypeEmbedding(let descriptor): [descriptor.embedding]
    case .dpa1(let descriptor): [descriptor.embedding]
    }
  }
  /// Whether slots, and the fitting net, are for all types together.
  public var isMixed: Bool { options.isMixed }
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

  /// The common options.
  public var local: LocalOptions {
    get {
      switch self {
      case .seE2A(let options): options.local
      case .seE2R(let options): options.local
      case .seE3(let options): options.local
      case .seE3TypeEmbedding(let options): options.local
      case .dpa1(let options): options.local
      }
    }
    set {
      func with<Options: LocalDescriptorOptions>(_ options: Options) -> Options {
        var options = options
        options.local = newValue
        return options
      }
      switch self {
      case .seE2A(let options): self = .seE2A(with(options))
      case .seE2R(let options): self = .seE2R(with(options))
      case .seE3(let options): self = .seE3(with(options))
      case .seE3TypeEmbedding(let options): self = .seE3TypeEmbedding(with(options))
      case .dpa1(let options): self = .dpa1(with(options))
      }
    }
  }

  /// Whether slots, and the fitting net, are for all types together.
  public var isMixed: Bool {
    switch self {
    case .seE2A, .seE2R, .seE3: false
    case .seE3TypeEmbedding, .dpa1: true
    }
  }
}

extension DescriptorOptions: LocalDescriptorOptions {
  /// Columns of the second factor of the descriptor, if it has one.
  public var axisWidth: Int? {
    switch self {
    case .seE2A(let options): options.axisWidth
    case .dpa1(let options): options.axisWidth
    default: nil
    }
  }

  /// Whether only the neighbor's type counts, not the center's, where that is a choice.
  public var typeOneSide: Bool? {
    switch self {
    case .seE2A(let options): options.typeOneSide
    case .dpa1(let options): options.typeOneSide
    default: nil
    }
  }

  /// Numbers of a row that have statistics.
  public var rowWidth: Int { if case .seE2R = self { SeE2R.rowWidth } else { 4 } }
}
