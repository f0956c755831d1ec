import Atoms
import Kernels

/// How a descriptor with type embeddings uses them.
public struct TypeEmbeddingOptions: Sendable, Equatable {
  /// What the embedding net of neighbors does with types (`tebd_input_mode`).
  public enum Mode: String, Sendable {
    /// Their embeddings are inputs of the net.
    case concatenated = "concat"
    /// A second net, of types alone, gates the outputs of the net.
    case stripped = "strip"
  }

  /// Width of an embedding (`tebd_dim`).
  public var width = 8
  /// What is done with them.
  public var mode = Mode.concatenated
  /// Whether the center's embedding is appended to the descriptor (`concat_output_tebd`).
  public var isAppended = true
  /// Whether the net of types has biases (`use_tebd_bias`).
  public var hasBias = false
  /// Whether that net takes the electrons of the element instead of a unit vector
  /// (`use_econf_tebd`); then all types are names of elements.
  public var usesElectrons = false

  /// Makes options with DeePMD-kit's defaults.
  public init() {}

  /// How many numbers the net of types takes for each of `typeCount` types.
  package func inputs(typeCount: Int) -> Int {
    usesElectrons ? Elements.spinOrbitalCount : typeCount
  }

  /// A net of `typeCount` types whose layers have the flags of those of `network`.
  func network(
    like network: DenseNetwork, _ typeCount: Int, in layout: inout ParameterLayout
  ) -> DenseNetwork {
    let precision = network.precision
    let layers = network.layers.enumerated().map { number, layer in
      DenseLayer(
        inputs: number == 0 ? inputs(typeCount: typeCount) : layer.inputs, outputs: layer.outputs,
        activation: layer.activation, hasBias: layer.biases != nil,
        hasTimestep: layer.timesteps != nil, wantsShortcut: layer.wantsShortcut,
        precision: precision, in: &layout)
    }
    return DenseNetwork(precision: precision, layers: layers)
  }

  /// The net of types: a row for each of `typeCount` types from its unit vector or electrons, by a
  /// linear layer with a shortcut where the widths allow it.
  func network(
    _ typeCount: Int, _ precision: Precision, in layout: inout ParameterLayout
  ) -> DenseNetwork {
    DenseNetwork(
      precision: precision,
      layers: [
        DenseLayer(
          inputs: inputs(typeCount: typeCount), outputs: width, activation: .linear,
          hasBias: hasBias, hasTimestep: false, wantsShortcut: true, precision: precision,
          in: &layout)
      ])
  }
}
