import Kernels

/// The descriptor DPA-3: atoms, edges to their neighbors and angles between those exchange messages
/// layer by layer; one row per atom.
///
/// Source: Zhang et al., arXiv:2506.01686, DeePMD-kit's `dpa3`; docs/MATH.md, "Other descriptors".
public struct DPA3: DescriptorPart {
  /// Radii in Å between which a switch falls from one to zero, and a number of slots.
  public struct Range: Sendable, Equatable {
    /// The radii and the slots.
    public var innerCutoff: Double, outerCutoff: Double, slots: Int

    /// Makes a range from its parts.
    public init(innerCutoff: Double, outerCutoff: Double, slots: Int) {
      (self.innerCutoff, self.outerCutoff, self.slots) = (innerCutoff, outerCutoff, slots)
    }
  }

  /// What defines it.
  public var options: DPA3Options
  /// The same as one of the kinds.
  public var wrapped: Descriptor { .dpa3(self) }
  /// Number of types.
  public let typeCount: Int
  /// The layers that begin edges and angles.
  public let edgeEmbedding: DenseLayer, angleEmbedding: DenseLayer
  /// The layers, first to last.
  public let layers: [MessageLayer]
  /// The net of types.
  public let typeEmbedding: DenseNetwork
  /// Mean and deviation of the environment rows (`davg`, `dstd`), `[types][slots][4]`.
  public var mean: [Double], deviation: [Double]

  /// Those of edges; angles have none.
  public var normalizations: [ListNormalization] {
    get { [ListNormalization(mean: mean, deviation: deviation), ListNormalization()] }
    set { (mean, deviation) = (newValue[0].mean, newValue[0].deviation) }
  }
  /// Atoms that go through its program together: each has hundreds of angles.
  public var tileSize: Int { 4 }
  /// Number of vectors of each atom.
  public var vectors: Int? { options.edgeWidth }
  /// Width of the descriptor.
  public var outputs: Int { options.types.width * (options.types.isAppended ? 2 : 1) }

  /// Makes a descriptor of parts that are laid out already, with mean 0 and the fixed deviation.
  public init(
    _ options: DPA3Options, typeCount: Int, edgeEmbedding: DenseLayer, angleEmbedding: DenseLayer,
    layers: [MessageLayer], typeEmbedding: DenseNetwork
  ) {
    (self.options, self.typeCount, self.layers) = (options, typeCount, layers)
    (self.edgeEmbedding, self.angleEmbedding) = (edgeEmbedding, angleEmbedding)
    self.typeEmbedding = typeEmbedding
    (mean, deviation) = options.noStatistics(types: typeCount)
  }

  /// Lays out a descriptor, in the order of DeePMD-kit's PyTorch backend.
  init(_ options: DPA3Options, typeCount: Int, in layout: inout ParameterLayout) {
    func layer(_ outputs: Int, _ activation: Activation, hasBias: Bool) -> DenseLayer {
      DenseLayer(
        inputs: 1, outputs: outputs, activation: activation, hasBias: hasBias,
        hasTimestep: false, wantsShortcut: false, precision: options.precision, in: &layout)
    }
    let edges = layer(options.edgeWidth, options.edgeActivation, hasBias: true)
    let angles = layer(options.angleWidth, .linear, hasBias: false)
    let layers = (0..<options.layers).map { _ in MessageLayer(options, in: &layout) }
    self.init(
      options, typeCount: typeCount, edgeEmbedding: edges, angleEmbedding: angles, layers: layers,
      typeEmbedding: options.types.network(typeCount, options.precision, in: &layout))
  }

  /// The same descriptor with its types in the order `order`.
  public func reordered(_ order: [Int], in layout: inout ParameterLayout) -> DPA3 {
    let precision = options.precision
    let edges = edgeEmbedding.laidOut(precision, in: &layout)
    let angles = angleEmbedding.laidOut(precision, in: &layout)
    let layers = layers.map { $0.laidOut(precision, in: &layout) }
    var result = DPA3(
      reorderedOptions(order), typeCount: order.count, edgeEmbedding: edges,
      angleEmbedding: angles, layers: layers,
      typeEmbedding: options.types.network(like: typeEmbedding, order.count, in: &layout))
    result.normalizations = reorderedNormalizations(order)
    return result
  }
}

extension DPA3Options {
  /// What follows the layer that begins edges; nothing where these are distances.
  package var edgeActivation: Activation { edgesAreDistances ? .linear : activation }
}
