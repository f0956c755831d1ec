import Kernels

extension OutputDefinition {
  /// What mends a damaged frame: of each atom how its position changes, in Å, then a logit for each
  /// of `types` types.
  ///
  /// Only a loss compares it, with what is known of the damage; frames have no value.
  /// Source: docs/MATH.md, "Denoising"; deepmd-pytorch's `denoise`.
  public static func denoising(types: Int) -> OutputDefinition {
    OutputDefinition(
      name: "denoise", atomName: "atom_denoise", shape: [3 + types], perAtom: false,
      isReduced: false, symbol: "denoise")
  }
}

/// What a model that mends damaged frames has besides its net of types.
public struct DenoisingHeads: Sendable, Equatable {
  /// The net that makes the weight of a neighbor's direction of the row of the pair.
  public let coordinates: DenseNetwork
  /// The places of the factors and the offsets of the layer norm between the layers of the net of
  /// types.
  public let normWeights: Range<Int>, normBiases: Range<Int>

  /// Puts them together.
  public init(coordinates: DenseNetwork, normWeights: Range<Int>, normBiases: Range<Int>) {
    self.coordinates = coordinates
    (self.normWeights, self.normBiases) = (normWeights, normBiases)
  }

  /// The smallest variance that counts in that layer norm.
  public static let normEpsilon = 1e-5

  /// The same with places of its own in `layout`.
  func laidOut(_ precision: Precision, in layout: inout ParameterLayout) -> DenoisingHeads {
    let weights = layout.take(normWeights.count, precision)
    let biases = layout.take(normBiases.count, precision)
    return DenoisingHeads(
      coordinates: coordinates.laidOut(in: &layout), normWeights: weights, normBiases: biases)
  }
}

/// The widths of what such a model reads: an atom's row without its type, and the row of a pair.
public typealias DenoisingWidths = (row: Int, pair: Int)

extension FittingNets {
  /// The nets that tell `types` types apart and mend positions, behind rows of these `widths`.
  static func denoising(
    _ options: FittingOptions, types: Int, _ widths: DenoisingWidths,
    in layout: inout ParameterLayout
  ) -> FittingNets {
    let precision = options.precision
    func net(_ width: Int, outputs: Int) -> DenseNetwork {
      let layers = [(width, options.activation), (outputs, .linear)].map { outputs, activation in
        DenseLayer(
          inputs: width, outputs: outputs, activation: activation, hasBias: true,
          hasTimestep: false, wantsShortcut: false, precision: precision, in: &layout)
      }
      return DenseNetwork(precision: precision, layers: layers)
    }
    let types = net(widths.row, outputs: types)
    let weights = layout.take(widths.row, precision)
    let biases = layout.take(widths.row, precision)
    return FittingNets(
      networks: [types],
      heads: DenoisingHeads(
        coordinates: net(widths.pair, outputs: 1), normWeights: weights, normBiases: biases))
  }
}

extension Descriptor {
  /// The widths of the rows that models which mend frames read; nil if the descriptor has no rows
  /// of pairs for them.
  public var denoisingWidths: DenoisingWidths? {
    switch self {
    case .dpa1(let descriptor):
      let types = descriptor.options.types
      return (
        descriptor.outputs - (types.isAppended ? types.width : 0), descriptor.embedding.outputs
      )
    case .dpa2(let descriptor):
      let types = descriptor.options.first.types
      return (
        descriptor.outputs - (types.isAppended ? types.width : 0),
        descriptor.options.messages.edgeWidth
      )
    default: return nil
    }
  }
}

extension DescriptorOptions {
  /// Whether there are rows of pairs for models that mend frames.
  public var hasPairRows: Bool {
    switch self {
    case .dpa1, .dpa2: true
    default: false
    }
  }
}

extension EnergyFitting {
  /// Adds what mends frames to a program: of each atom `(1/n) Σ_j h(p_ij) d_ij` over its n
  /// neighbors, then the logits.
  func emitDenoising(into builder: inout ProgramBuilder, on sources: [View]) -> View {
    guard let heads = nets.heads, let (pairs, list) = builder.pairRows else {
      preconditionFailure("\(options.output.type) behind a descriptor without rows of pairs")
    }
    let rows = Space.pairs(list: list)
    let weight = builder.network("h", [pairs], heads.coordinates, rows: rows)
    let d = builder.geometry("d", list: list, .displacement(scale: 1))
    let update = builder.bilinear(
      "update", d, weight, .scaled(3), rows: rows, to: (.atom(of: rows), .atom),
      weight: .reciprocalCount(list: list))
    // The embedding of an atom's type, which is read through a table, would tell the type.
    let row = sources.filter { $0.table == nil }, layers = networks[0].layers
    let hidden = builder.dense("types.0", row, layers[0], rows: .atom)
    let norm = builder.layerNorm(
      "types.norm", hidden, weights: heads.normWeights, biases: heads.normBiases,
      epsilon: DenoisingHeads.normEpsilon)
    let logits = builder.dense("types.1", [norm], layers[1], rows: .atom)
    return builder.sum("mended", [Term(update), Term(logits, offset: 3)], rows: .atom)
  }
}

extension EnergyModel {
  /// The same descriptor with a small fitting net of energies, which nothing has trained.
  ///
  /// The nets that mend frames are for the types of the model, in their order; the descriptor is
  /// not.
  public var withoutHeads: EnergyModel {
    var options = options
    options.fitting = FittingOptions(neuron: [1])
    options.fitting.precision = fitting.options.precision
    var model = EnergyModel(options)
    model.truncatesByType = truncatesByType
    model.takeDescriptor(of: self)
    return model
  }
}
