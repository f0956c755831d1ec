import Kernels

/// The definition of an energy model, without its statistics and parameters.
public struct ModelOptions: Sendable, Equatable {
  /// The name of each type, in order (`type_map`).
  public var typeMap: [String]
  /// The descriptor.
  public var descriptor: DescriptorOptions
  /// The fitting net.
  public var fitting: FittingOptions
  /// Types whose atoms have no energy (`atom_exclude_types`).
  public var excludedAtomTypes: [Int] = []
  /// Pairs of types that are not neighbors (`pair_exclude_types`).
  public var excludedPairs: [[Int]] = []
  /// Tabulated pair potentials that the energy also has.
  public var pairPotentials: [PairPotential] = []
  /// How the energies of several nets are added up; nil for the energy of one net as it is.
  public var mixture: MixtureOptions?

  /// Makes options without exclusions.
  public init(typeMap: [String], descriptor: DescriptorOptions, fitting: FittingOptions) {
    self.typeMap = typeMap
    self.descriptor = descriptor
    self.fitting = fitting
  }

  /// Makes options of a model with `se_e2_a`, without exclusions.
  public init(typeMap: [String], descriptor: SeE2AOptions, fitting: FittingOptions) {
    self.init(typeMap: typeMap, descriptor: .seE2A(descriptor), fitting: fitting)
  }
}

extension ModelOptions {
  /// The types whose atoms get nothing from the fitting nets.
  public var silentTypes: Set<Int> { Set(excludedAtomTypes).union(fitting.excludedTypes) }

  /// The types whose atoms have values of their own, if labels of atoms may leave out those of the
  /// others; nil if all atoms have values.
  public var comparedTypes: [Int]? {
    guard fitting.output.needsVectors, !silentTypes.isEmpty else { return nil }
    return typeMap.indices.filter { !silentTypes.contains($0) }
  }
}

/// An energy model: descriptor, fitting net, bias and parameters.
///
/// `E = Σ_i (fitting(descriptor_i) + fitting bias[t_i] + output bias[t_i])`, in eV, to which
/// tabulated pair potentials may contribute.
public struct EnergyModel: Sendable, Equatable {
  /// The name of each type, in order.
  public var typeMap: [String]
  /// The descriptor.
  public var descriptor: Descriptor
  /// The fitting net.
  public var fitting: EnergyFitting
  /// Types whose atoms have no energy (`atom_exclude_types`).
  public var excludedAtomTypes: [Int]
  /// Pairs of types that are not neighbors (`pair_exclude_types`); an excluded pair leaves its slot
  /// empty.
  public var excludedPairs: [[Int]]
  /// Whether an atom that has too many neighbors of a type keeps the nearest of each type, as
  /// TensorFlow does, and not the nearest of all.
  public var truncatesByType = false
  /// Tabulated pair potentials that the energy also has.
  public var pairPotentials: [PairPotential] = []
  /// How the energies of several nets are added up; nil for the energy of one net as it is.
  public var mixture: Mixture?
  /// The value of each type that is added to the values of its atoms, `[types][width]`; energies in
  /// eV (`out_bias`, the bias that the PyTorch backend fits).
  public var outputBias: [Double]
  /// The factor of the values of each type, `[types][width]`: the deviation of the labels from the
  /// bias for outputs that are scaled (`out_std`), 1 for all others.
  public var outputDeviation: [Double]
  /// All trainable numbers: embedding nets, then fitting nets.
  public var parameters: Parameters

  /// Lays out a model with zero parameters.
  public init(_ options: ModelOptions) {
    var layout = ParameterLayout()
    let types = options.typeMap.count
    let descriptor = Descriptor(options.descriptor, typeCount: types, in: &layout)
    precondition(descriptor.typeCount == types, "slots of each type")
    let widths = options.mixture == nil ? [descriptor.outputs] : descriptor.parts.map(\.outputs)
    let fitting = EnergyFitting(
      options.fitting, typeCount: types, descriptorWidth: widths[0],
      vectors: descriptor.vectors ?? 0, denoising: descriptor.denoisingWidths,
      isShared: descriptor.isMixed, in: &layout)
    let others = zip(options.mixture?.otherFittings ?? [], widths.dropFirst()).map {
      EnergyFitting(
        $0, typeCount: types, descriptorWidth: $1, isShared: descriptor.isMixed, in: &layout)
    }
    self.init(
      typeMap: options.typeMap, descriptor: descriptor, fitting: fitting,
      excludedAtomTypes: options.excludedAtomTypes, excludedPairs: options.excludedPairs,
      layout: layout)
    pairPotentials = options.pairPotentials
    mixture = options.mixture.map { Mixture(weights: $0.weights, otherFittings: others) }
  }

  /// Makes a model from a descriptor and a fitting laid out in `layout`, with zero parameters and
  /// bias.
  public init(
    typeMap: [String], descriptor: Descriptor, fitting: EnergyFitting, excludedAtomTypes: [Int],
    excludedPairs: [[Int]], layout: ParameterLayout
  ) {
    self.typeMap = typeMap
    self.descriptor = descriptor
    self.fitting = fitting
    self.excludedAtomTypes = excludedAtomTypes
    self.excludedPairs = excludedPairs
    let width = fitting.options.output.definition.width
    outputBias = Array(repeating: 0, count: typeMap.count * width)
    outputDeviation = Array(repeating: 1, count: typeMap.count * width)
    parameters = Parameters(zerosFor: layout)
  }
}
