import Kernels

/// A descriptor of any kind; one case per kind.
public enum Descriptor: Sendable, Equatable {
  /// `se_e2_a`.
  case seE2A(SeE2A)

  /// Radius in Å beyond which atoms do not see each other.
  public var outerCutoff: Double {
    switch self {
    case .seE2A(let descriptor): descriptor.options.outerCutoff
    }
  }

  /// Neighbor slots of each type (`sel`).
  public var slots: [Int] {
    switch self {
    case .seE2A(let descriptor): descriptor.options.slots
    }
  }

  /// Width of a descriptor row.
  public var outputs: Int {
    switch self {
    case .seE2A(let descriptor): descriptor.outputs
    }
  }
}

/// What defines an energy model, apart from its statistics and parameters.
public struct ModelOptions: Sendable, Equatable {
  /// The name of each type, in order (`type_map`).
  public var typeMap: [String]
  /// The descriptor.
  public var descriptor: SeE2AOptions
  /// The fitting net.
  public var fitting: FittingOptions
  /// Types whose atoms have no energy (`atom_exclude_types`).
  public var excludedAtomTypes: [Int] = []
  /// Pairs of types that are not neighbors (`pair_exclude_types`).
  public var excludedPairs: [[Int]] = []

  /// Makes options without exclusions.
  public init(typeMap: [String], descriptor: SeE2AOptions, fitting: FittingOptions) {
    self.typeMap = typeMap
    self.descriptor = descriptor
    self.fitting = fitting
  }
}

/// An energy model: descriptor, fitting net, bias and parameters.
///
/// `E = Σ_i (fitting(descriptor_i) + fitting bias[t_i] + output bias[t_i])`, in eV.
public struct EnergyModel: Sendable, Equatable {
  /// The name of each type, in order.
  public var typeMap: [String]
  /// The descriptor.
  public var descriptor: Descriptor
  /// The fitting net.
  public var fitting: EnergyFitting
  /// Types whose atoms have no energy (`atom_exclude_types`).
  public var excludedAtomTypes: [Int]
  /// Pairs of types that are not neighbors (`pair_exclude_types`); an excluded pair leaves its slot empty.
  public var excludedPairs: [[Int]]
  /// What is added to each atom's value by type, `[types][width]`: energies in eV (`out_bias`, the
  /// bias that the PyTorch backend fits).
  public var outputBias: [Double]
  /// All trainable numbers: embedding nets, then fitting nets.
  public var parameters: Parameters

  /// Lays out a model with zero parameters.
  public init(_ options: ModelOptions) {
    precondition(options.typeMap.count == options.descriptor.slots.count)
    var layout = ParameterLayout()
    let descriptor = SeE2A(options.descriptor, in: &layout)
    self.init(
      typeMap: options.typeMap, descriptor: .seE2A(descriptor),
      fitting: EnergyFitting(
        options.fitting, typeCount: options.typeMap.count, descriptorWidth: descriptor.outputs,
        in: &layout),
      excludedAtomTypes: options.excludedAtomTypes, excludedPairs: options.excludedPairs,
      layout: layout)
  }

  /// Puts a model together from parts laid out in `layout`, with zero parameters and bias.
  public init(
    typeMap: [String], descriptor: Descriptor, fitting: EnergyFitting, excludedAtomTypes: [Int],
    excludedPairs: [[Int]], layout: ParameterLayout
  ) {
    self.typeMap = typeMap
    self.descriptor = descriptor
    self.fitting = fitting
    self.excludedAtomTypes = excludedAtomTypes
    self.excludedPairs = excludedPairs
    outputBias = Array(
      repeating: 0, count: typeMap.count * fitting.options.output.definition.width)
    parameters = Parameters(zerosFor: layout)
  }
}
