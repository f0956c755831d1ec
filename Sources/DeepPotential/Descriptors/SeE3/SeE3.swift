import Kernels

/// The three-body descriptor `se_e3`: one row per atom,
/// `D = Σ_{a <= b} Σ_{p in a, q in b} e_pq net_ab(e_pq) / (S_a S_b)` with `e_pq = R_p · R_q`, the
/// angular parts of two neighbors' rows.
///
/// Source: DeePMD-kit's `se_e3`; docs/MATH.md, "Other descriptors".
public struct SeE3: LocalDescriptor {
  /// What defines it.
  public var options: SeE3Options
  /// One net per unordered pair of neighbor types: (0, 0), (0, 1), (1, 1), (0, 2), ...
  public let embeddings: [DenseNetwork]
  /// Mean and deviation of the environment rows (`davg`, `dstd`), `[types][slots][4]`.
  public var mean: [Double], deviation: [Double]

  /// The same as one of the kinds.
  public var wrapped: Descriptor { .seE3(self) }
  /// Number of types.
  public var typeCount: Int { options.slots.count }
  /// Atoms that go through its program together.
  public var tileSize: Int { 2 }
  /// Width of the descriptor.
  public var outputs: Int { embeddings[0].outputs }

  /// The types of each net, in order.
  public static func typePairs(_ typeCount: Int) -> [(first: Int, second: Int)] {
    (0..<typeCount).flatMap { second in (0...second).map { ($0, second) } }
  }

  /// Makes a descriptor of nets that are laid out already, with mean 0 and deviation 1.
  public init(_ options: SeE3Options, embeddings: [DenseNetwork]) {
    precondition(embeddings.count == options.slots.count * (options.slots.count + 1) / 2)
    (self.options, self.embeddings) = (options, embeddings)
    (mean, deviation) = options.noStatistics(types: options.slots.count)
  }

  /// Lays out a descriptor with mean 0 and deviation 1.
  init(_ options: SeE3Options, in layout: inout ParameterLayout) {
    self.init(
      options,
      embeddings: Self.typePairs(options.slots.count).map { _ in
        options.embeddingNet(inputs: 1, in: &layout)
      })
  }

  /// Adds the descriptor to a program.
  public func emit(into builder: inout ProgramBuilder) -> [View] {
    var rule = newPairList(leaving: hasAngularMean(mean) ? .empty : .none)
    rule.angles = .all
    rule.angleNets = Self.typePairs(typeCount).map { TypeKey($0.first, $0.second) }
    let list = builder.list(rule)
    let row = builder.geometry("row", list: list, environmentFunction, hasStatistics: true)
    let input = TableInput(environmentFunction, of: rule, isProduct: true)
    var terms: [Term] = []
    for (number, key) in rule.angleNets.enumerated() {
      let rowsOfNet = Space.angleNet(list: list, net: number), name = "net\(number)"
      let e = builder.angleDot("\(name).e", row[1..<4], rowsOfNet)
      let g = builder.embedding(name, e, embeddings[number], rows: rowsOfNet, input)
      let count = Double(options.slots[key.first ?? 0] * options.slots[key.second])
      terms.append(
        Term(
          builder.bilinear(
            "\(name).D", g, e, .scaled(g.width), rows: rowsOfNet,
            to: (.atom(of: rowsOfNet), .atom), factor: 1 / count, weight: .multiplicity(rowsOfNet)))
      )
    }
    return [builder.sum("D", terms, rows: .atom)]
  }
}

/// Whether the angular parts of some rows have a mean: only then do empty slots add to sums over
/// angles.
func hasAngularMean(_ mean: [Double]) -> Bool {
  mean.indices.contains { $0 % 4 != 0 && mean[$0] != 0 }
}
