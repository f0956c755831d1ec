/// What defines a DPA-1 descriptor (`se_atten`, `se_atten_v2`), apart from its statistics and
/// parameters.
public struct DPA1Options: DescriptorPartOptions {
  /// The same as one of the kinds.
  public var wrapped: DescriptorOptions { .dpa1(self) }
  /// The common options; one number of slots for all types.
  public var local = LocalOptions()
  /// Slots are for all types together.
  public var isMixed: Bool { true }
  /// The type embeddings.
  public var types = TypeEmbeddingOptions()
  /// Columns of the second factor of the descriptor (`axis_neuron`), at most the last width.
  public var axisWidth = 4
  /// Whether only the neighbor's type counts, not the center's (`type_one_side`).
  public var typeOneSide = false
  /// Whether gates and attention vanish smoothly at the cutoff (`smooth_type_embedding`).
  public var isSmooth = false
  /// The attention layers.
  public var attention = AttentionOptions()
  /// Whether it is called `se_atten_v2`, which is always stripped and smooth.
  public let isSecondVersion: Bool

  /// Numbers of type embeddings that the nets of a neighbor take: its own, and the center's.
  package var typeInputs: Int { types.width * (typeOneSide ? 1 : 2) }

  /// Makes options with DeePMD-kit's defaults.
  public init(isSecondVersion: Bool = false) {
    self.isSecondVersion = isSecondVersion
    local.meanIsZero = !isSecondVersion
    if isSecondVersion {
      types.mode = .stripped
      isSmooth = true
    }
  }
}

/// What defines attention layers over the neighbors of an atom.
public struct AttentionOptions: Sendable, Equatable {
  /// How many there are (`attn_layer`).
  public var layers = 2
  /// Width of query, key and value (`attn`).
  public var width = 128
  /// Whether weights are multiplied by the cosine of the angle (`attn_dotr`).
  public var usesAngles = true
  /// Whether query, key and value have length 1 (`normalize`).
  public var normalizes = true
  /// What the product of query and key is multiplied by (`temperature`); nil for
  /// `1/√(width · scaling)`.
  public var temperature: Double?
  /// See `temperature` (`scaling_factor`).
  public var scaling = 1.0
  /// Whether training changes the layer norms (`trainable_ln`).
  public var trainableNorm = true
  /// The smallest variance that counts in the layer norms (`ln_eps`).
  public var normEpsilon = 1e-5
  /// The smallest length that directions are divided by; DeePMD-kit's TensorFlow backend has 1e-6,
  /// so that those of neighbors near the cutoff are shorter than 1.
  public var smallestLength = AttentionOptions.usualSmallestLength

  /// `smallestLength` of the PyTorch backend.
  public static let usualSmallestLength = 1e-12

  /// Makes options with DeePMD-kit's defaults.
  public init() {}

  /// What the product of query and key is multiplied by.
  public var factor: Double { temperature ?? 1 / (Double(width) * scaling).squareRoot() }
}
