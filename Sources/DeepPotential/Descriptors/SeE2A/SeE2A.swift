import Kernels

/// The two-body embedding descriptor `se_e2_a`: one row `D` per atom.
///
/// Source: Zhang et al., NeurIPS 31 (2018) 4441; docs/MATH.md, "Descriptor se_e2_a".
public struct SeE2A: LocalDescriptor {
  /// What defines the descriptor.
  public var options: SeE2AOptions
  /// Mean of the environment rows (`davg`), `[types][slots][4]`.
  public var mean: [Double]
  /// Deviation of the environment rows (`dstd`), `[types][slots][4]`.
  public var deviation: [Double]
  /// Embedding nets: `[neighbor]`, or `[neighbor][center]` flattened (index = center + types ·
  /// neighbor); none in a model that has tables alone.
  public let embeddings: [DenseNetwork]

  /// The same as one of the kinds.
  public var wrapped: Descriptor { .seE2A(self) }
  /// Number of types.
  public var typeCount: Int { options.slots.count }
  /// Number of vectors of each atom.
  public var vectors: Int? { width }
  /// Width of the descriptor.
  public var outputs: Int { options.neuron.last! * options.axisWidth }

  /// Width of the output of its nets.
  var width: Int { options.neuron.last! }

  /// Lays out a descriptor with mean 0 and deviation 1.
  public init(_ options: SeE2AOptions, in layout: inout ParameterLayout) {
    precondition(!options.neuron.isEmpty && options.axisWidth <= options.neuron.last!)
    self.init(options, embeddings: options.embeddingNets(options.netCount, in: &layout))
  }

  /// Makes a descriptor of embedding nets that are laid out already, with mean 0 and deviation 1.
  public init(_ options: SeE2AOptions, embeddings: [DenseNetwork]) {
    let types = options.slots.count, tables = options.tables
    precondition(embeddings.count == options.netCount || embeddings.isEmpty && !tables.isEmpty)
    precondition(tables.isEmpty || tables.count == options.netCount)
    precondition(tables.allSatisfy { $0.outputs == options.neuron.last })
    precondition(embeddings.allSatisfy { $0.inputs == 1 && $0.outputs == options.neuron.last })
    self.options = options
    (mean, deviation) = options.noStatistics(types: types)
    self.embeddings = embeddings
  }
}
