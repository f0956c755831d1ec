import Kernels

/// What defines a `se_e2_a` descriptor, apart from its statistics and parameters.
public struct SeE2AOptions: LocalDescriptorOptions {
  /// The common options; slots of each type.
  public var local = LocalOptions()
  /// Columns of the second factor of the descriptor (`axis_neuron`), at most the last width.
  public var axisWidth = 4
  /// One embedding net per neighbor type instead of one per (center, neighbor) pair (`type_one_side`).
  public var typeOneSide = false

  /// Makes options with DeePMD-kit's defaults, and without slots.
  public init() {}

  /// Makes options with DeePMD-kit's defaults for everything not named.
  public init(
    innerCutoff: Double, outerCutoff: Double, slots: [Int], neuron: [Int], axisWidth: Int
  ) {
    (local.innerCutoff, local.outerCutoff) = (innerCutoff, outerCutoff)
    (local.slots, local.neuron) = (slots, neuron)
    self.axisWidth = axisWidth
  }
}

/// The two-body embedding descriptor `se_e2_a`: one row `D` per atom.
///
/// Source: Zhang et al., NeurIPS 31 (2018) 4441; docs/MATH.md, "Descriptor se_e2_a".
public struct SeE2A: Sendable, Equatable {
  /// What defines the descriptor.
  public let options: SeE2AOptions
  /// Mean of the environment rows (`davg`), `[types][slots][4]`.
  public var mean: [Double]
  /// Deviation of the environment rows (`dstd`), `[types][slots][4]`.
  public var deviation: [Double]
  /// Embedding nets: `[neighbor]`, or `[neighbor][center]` flattened (index = center + types · neighbor).
  public let embeddings: [DenseNetwork]

  /// Number of types.
  public var typeCount: Int { options.slots.count }
  /// All neighbor slots of an atom.
  public var slotCount: Int { options.slots.reduce(0, +) }
  /// Width of the descriptor.
  public var outputs: Int { options.neuron.last! * options.axisWidth }

  /// Lays out a descriptor with mean 0 and deviation 1.
  public init(_ options: SeE2AOptions, in layout: inout ParameterLayout) {
    precondition(!options.neuron.isEmpty && options.axisWidth <= options.neuron.last!)
    self.options = options
    let types = options.slots.count
    let count = types * options.slots.reduce(0, +) * 4
    mean = Array(repeating: 0, count: count)
    deviation = Array(repeating: 1, count: count)
    embeddings = (0..<(options.typeOneSide ? types : types * types)).map { _ in
      DenseNetwork(
        inputs: 1, hidden: options.neuron, output: nil, activation: options.activation,
        resnetTimestep: options.resnetTimestep, precision: options.precision, in: &layout)
    }
  }

  /// Makes a descriptor of embedding nets that are laid out already, with mean 0 and deviation 1.
  public init(_ options: SeE2AOptions, embeddings: [DenseNetwork]) {
    let types = options.slots.count
    precondition(embeddings.count == (options.typeOneSide ? types : types * types))
    precondition(embeddings.allSatisfy { $0.inputs == 1 && $0.outputs == options.neuron.last })
    self.options = options
    let count = types * options.slots.reduce(0, +) * 4
    mean = Array(repeating: 0, count: count)
    deviation = Array(repeating: 1, count: count)
    self.embeddings = embeddings
  }
}
