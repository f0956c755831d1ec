import Kernels

/// The descriptor DPA-1 (`dpa1`, `se_atten`, `se_atten_v2`): one row per atom, neighbors of all
/// types in one list.
///
/// The embedding of a neighbor is a net of its radial part and its type's embedding, or a net of
/// the radial part alone that is gated by types; attention layers mix an atom's neighbors; what
/// follows is `se_e2_a`'s.  Source: Zhang et al., npj Comput. Mater. 10, 94 (2024), DeePMD-kit's
/// `dpa1`; docs/MATH.md, "Other descriptors".
public struct DPA1: Sendable {
  /// Radii in Å of the smooth switch (`rcut_smth`, `rcut`).
  public var innerCutoff: Double, outerCutoff: Double
  /// Neighbor slots, for all types together, or of each type (`sel`).
  public var slots: [Int]
  /// Columns of the second factor of the descriptor (`axis_neuron`).
  public var axisWidth: Int
  /// Radius in Å of the list, if it is shorter than the program's cutoff.
  public var listCutoff: Double?
  /// Added to every distance, in Å (`env_protection`).
  public var protection = 0.0
  /// Pairs of types that do not see each other (`exclude_types`).
  public var excludedPairs: [[Int]] = []
  /// Whether only the neighbor's type counts, not the center's (`type_one_side`).
  public var typeOneSide = false
  /// Whether a gate vanishes smoothly at the cutoff (`smooth_type_embedding`).
  public var isSmooth = true
  /// Whether the center's type embedding is appended to the row (`concat_output_tebd`).
  public var appendsTypeEmbedding = true
  /// The nets of types, of neighbors, and of types that gate those (`strip`); without a gate types
  /// are inputs (`concat`).
  public var typeEmbedding: DenseNetwork, embedding: DenseNetwork, gate: DenseNetwork?
  /// The attention layers, first to last.
  public var attention: [AttentionLayer] = []
  /// Mean and deviation of the environment rows (`davg`, `dstd`), `[types][slots][4]`.
  public var mean: [Double], deviation: [Double]

  /// Makes a descriptor without attention that excludes no pairs.
  public init(
    innerCutoff: Double, outerCutoff: Double, slots: [Int], axisWidth: Int,
    typeEmbedding: DenseNetwork, embedding: DenseNetwork, gate: DenseNetwork?, mean: [Double],
    deviation: [Double]
  ) {
    (self.innerCutoff, self.outerCutoff, self.slots) = (innerCutoff, outerCutoff, slots)
    (self.typeEmbedding, self.embedding, self.gate) = (typeEmbedding, embedding, gate)
    (self.axisWidth, self.mean, self.deviation) = (axisWidth, mean, deviation)
  }
}

/// One layer of gated self-attention over the neighbors of an atom, with a shortcut and a layer
/// norm.
public struct AttentionLayer: Sendable {
  /// The layers that give query, key and value side by side, and that take the mixed values.
  public var projection: DenseLayer, output: DenseLayer
  /// The parameters of the layer norm.
  public var normWeights: Range<Int>, normBiases: Range<Int>
  /// The smallest variance that counts in the layer norm (`ln_eps`).
  public var epsilon: Double
  /// What the product of query and key is multiplied by.
  public var scale: Double
  /// Whether query, key and value have length 1 (`normalize`).
  public var normalizes: Bool
  /// Whether weights vanish smoothly at the cutoff (`smooth`).
  public var isSmooth: Bool
  /// Whether weights are multiplied by the cosine of the angle (`dotr`).
  public var usesAngles: Bool

  /// Makes a layer from all of its parts.
  public init(
    projection: DenseLayer, output: DenseLayer, normWeights: Range<Int>, normBiases: Range<Int>,
    epsilon: Double, scale: Double, normalizes: Bool, isSmooth: Bool, usesAngles: Bool
  ) {
    precondition(projection.outputs == 3 * output.inputs)
    (self.projection, self.output, self.epsilon) = (projection, output, epsilon)
    (self.normWeights, self.normBiases, self.scale) = (normWeights, normBiases, scale)
    self.normalizes = normalizes
    (self.isSmooth, self.usesAngles) = (isSmooth, usesAngles)
  }
}
