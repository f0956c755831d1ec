import Kernels

/// The descriptor DPA-2 (`dpa2`): DPA-1 without attention and a three-body block make the first row
/// of each atom; then atoms and their neighbors exchange messages layer by layer.
///
/// Source: Zhang et al., npj Comput. Mater. 10, 293 (2024), DeePMD-kit's `dpa2`; docs/MATH.md,
/// "Other descriptors".
public struct DPA2: Sendable, Equatable {
  /// What defines it.
  public var options: DPA2Options
  /// Number of types.
  public let typeCount: Int
  /// The first blocks, whose nets of types are `typeEmbedding`.
  public var first: DPA1, threeBody: SeE3TypeEmbedding?
  /// The net of types.
  public let typeEmbedding: DenseNetwork
  /// The layers that make nodes of the first blocks (`g1_shape_tranform`), nil where they are
  /// nodes already, and of types what is added to nodes (`tebd_transform`).
  public let shape: DenseLayer?, ofTypes: DenseLayer?
  /// The layer that begins edges (`g2_embd`).
  public let edgeEmbedding: DenseLayer
  /// The layers that pass messages, first to last.
  public let layers: [RepformerLayer]
  /// Mean and deviation of the environment rows of the messages' list (`davg`, `dstd`),
  /// `[types][slots][4]`.
  public var mean: [Double], deviation: [Double]

  /// Width of the descriptor.
  public var outputs: Int {
    options.messages.nodeWidth + (options.first.types.isAppended ? options.first.types.width : 0)
  }

  /// Makes a descriptor of parts that are laid out already, with mean 0 and deviation 1.
  public init(
    _ options: DPA2Options, first: DPA1, threeBody: SeE3TypeEmbedding?, shape: DenseLayer?,
    ofTypes: DenseLayer?, edgeEmbedding: DenseLayer, layers: [RepformerLayer]
  ) {
    precondition((threeBody != nil) == options.usesThreeBody)
    precondition((ofTypes != nil) == options.addsTypes)
    precondition(layers.count == options.messages.layers)
    (self.options, typeCount, self.first, self.threeBody) =
      (options, first.typeCount, first, threeBody)
    typeEmbedding = first.typeEmbedding
    (self.shape, self.ofTypes) = (shape, ofTypes)
    (self.edgeEmbedding, self.layers) = (edgeEmbedding, layers)
    let count = first.typeCount * options.messages.slots * 4
    mean = Array(repeating: 0, count: count)
    deviation = Array(repeating: 1, count: count)
  }
}
