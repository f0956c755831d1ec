import Kernels

/// The radial two-body descriptor `se_e2_r`: one row per atom, `D = (1/5S) Σ_k net(R_k)` over its S
/// slots.
///
/// Each slot adds its net's output, an empty one too, and one filled by an excluded pair: a row of
/// zeros. Source: DeePMD-kit's `se_r`; docs/MATH.md, "Other descriptors".
public struct SeE2R: LocalDescriptor {
  /// What defines it.
  public var options: SeE2ROptions
  /// Nets: `[neighbor]`, or `[neighbor][center]` flattened (index = center + types · neighbor);
  /// none in a model that has tables alone.
  public let embeddings: [DenseNetwork]
  /// Mean and deviation of the radial rows (`davg`, `dstd`), `[types][slots][1]`.
  public var mean: [Double], deviation: [Double]

  /// The same as one of the kinds.
  public var wrapped: Descriptor { .seE2R(self) }
  /// Number of types.
  public var typeCount: Int { options.slots.count }
  /// Width of the descriptor.
  public var outputs: Int { options.neuron.last! }

  /// Makes a descriptor of nets that are laid out already, with mean 0 and deviation 1.
  public init(_ options: SeE2ROptions, embeddings: [DenseNetwork]) {
    let types = options.slots.count, tables = options.tables
    let count = options.typeOneSide ? types : types * types
    precondition(embeddings.count == count || embeddings.isEmpty && !tables.isEmpty)
    precondition(tables.isEmpty || tables.count == count)
    (self.options, self.embeddings) = (options, embeddings)
    (mean, deviation) = options.noStatistics(types: types)
  }

  /// Lays out a descriptor with mean 0 and deviation 1.
  init(_ options: SeE2ROptions, in layout: inout ParameterLayout) {
    let types = options.slots.count
    self.init(
      options,
      embeddings: options.embeddingNets(options.typeOneSide ? types : types * types, in: &layout))
  }

  /// Adds the descriptor to a program.
  public func emit(into builder: inout ProgramBuilder) -> [View] {
    var rule = newPairList(leaving: .emptyAndExcluded)
    let count = max(embeddings.count, options.tables.count)
    rule.nets = (0..<count).map { net in
      options.typeOneSide ? TypeKey(nil, net) : TypeKey(net % typeCount, net / typeCount)
    }
    let list = builder.list(rule)
    let function = PairFunction.radialRow(switchFunction, protection: options.protection)
    let radial = builder.geometry("row", list: list, function, hasStatistics: true)
    let input = TableInput(function, of: rule)
    var terms: [Term] = []
    for net in 0..<count {
      let rowsOfNet = Space.net(list: list, net: net), name = "net\(net)"
      let s = builder.take("\(name).s", radial, .row(of: rowsOfNet))
      let g = builder.embedding(
        name, s, net, of: embeddings, or: options.tables, rows: rowsOfNet, input)
      let mean = Term(g, 0.2 / Double(rule.slotCount), weight: .multiplicity(rowsOfNet))
      terms.append(
        Term(builder.sum("\(name).D", [mean], rows: rowsOfNet, to: (.atom(of: rowsOfNet), .atom))))
    }
    return [builder.sum("D", terms, rows: .atom)]
  }
}
