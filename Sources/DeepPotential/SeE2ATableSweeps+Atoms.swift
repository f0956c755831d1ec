import Kernels

/// The passes over one atom's neighbors.
extension SeE2ATableSweeps {
  /// Computes `T`.
  func forward(
    _ atom: Int, of type: Int, _ t: UnsafeMutablePointer<Scalar>, _ neighbors: TablePairs<Scalar>
  ) {
    matrices.clear(t)
    forEachType(atom, type) { types, net, pairs, empty in
      tables[net].forward(
        types, displacements + pairs.lowerBound, count: pairs.count, empty: empty, neighbors,
        to: t)
    }
  }

  /// Computes `dE/dd` of the atom's pairs from `TBar`.
  func backward(
    _ atom: Int, of type: Int, _ tBar: UnsafePointer<Scalar>, _ neighbors: TablePairs<Scalar>,
    into pairsBar: Buffer<SIMD3<Double>>
  ) {
    forEachType(atom, type) { types, net, pairs, _ in
      tables[net].backward(
        types, displacements + pairs.lowerBound, count: pairs.count, neighbors, tBar,
        into: pairsBar.base + pairs.lowerBound)
    }
  }

  /// Computes `TDot`.
  func tangent(
    _ atom: Int, of type: Int, _ neighbors: TablePairs<Scalar>,
    along pairsDot: Buffer<SIMD3<Double>>
  ) {
    let tDot = matrices.tDot(atom)
    matrices.clear(tDot)
    forEachType(atom, type) { types, net, pairs, _ in
      tables[net].tangent(
        types, displacements + pairs.lowerBound, along: pairsDot.base + pairs.lowerBound,
        count: pairs.count, neighbors, to: tDot)
    }
  }

  /// Adds the contribution of the atom's pairs to the adjoints of the tables' nodes, from `TBar`
  /// and `TBarDot`.
  func backwardTangent(
    _ atom: Int, of type: Int, _ neighbors: TablePairs<Scalar>,
    along pairsDot: Buffer<SIMD3<Double>>, _ adjoints: UnsafeMutablePointer<Scalar>,
    _ layout: NodeAdjointLayout
  ) {
    forEachType(atom, type) { types, net, pairs, empty in
      tables[net].backwardTangent(
        types, displacements + pairs.lowerBound, along: pairsDot.base + pairs.lowerBound,
        count: pairs.count, empty: empty, neighbors, matrices.tBar(atom),
        matrices.tBarDot(atom),
        to: adjoints + layout.first[net])
    }
  }

  /// Calls `body` for each neighbor type that has slots, with the embedding net, the atom's pairs
  /// and the number of empty slots.
  private func forEachType(
    _ atom: Int, _ center: Int, _ body: (TypePair<Scalar>, Int, Range<Int>, Int) -> Void
  ) {
    let types = descriptor.typeCount
    for type in 0..<types where descriptor.options.slots[type] > 0 {
      let pairs = slots.pairs(of: atom, type: type)
      let hidden = slots.hiddenCount(of: atom, type: type)
      let empty = descriptor.options.slots[type] - pairs.count - hidden
      let net = descriptor.net(center: center, neighbor: type)
      body(typePairs[center * types + type], net, pairs, empty)
    }
  }
}

extension SeE2A {
  /// Whether tables can replace the embedding nets: the activation must be smooth unless tables are
  /// given, and all slots of a type must share their statistics.
  package var canBeTabulated: Bool {
    (hasTables || options.activation.isSmooth) && hasUniformStatistics
  }

  /// Tables for its nets, or its own; equal ones are one.
  func makeTables<Scalar: NetworkScalar>(_ scalar: Scalar.Type) -> [EmbeddingTable<Scalar>] {
    guard hasTables else { return embeddings.map { EmbeddingTable($0) } }
    var made: [EmbeddingTable<Scalar>] = []
    for (number, table) in options.tables.enumerated() {
      let known = options.tables[..<number].firstIndex(of: table)
      made.append(known.map { made[$0] } ?? EmbeddingTable(table))
    }
    return made
  }

  /// The constants that turn a displacement into a row, for each pair of types,
  /// `[center][neighbor]`.
  func typePairs<Scalar: NetworkScalar>(_ scalar: Scalar.Type) -> [TypePair<Scalar>] {
    (0..<typeCount).flatMap { center in
      (0..<typeCount).map { type in
        let (mean, deviation) =
          options.slots[type] > 0
          ? statistics(of: center, slot: slotRange(of: type).lowerBound)
          : (SIMD4.zero, SIMD4(repeating: 1))
        return TypePair(
          inner: options.innerCutoff, outer: options.outerCutoff, protection: options.protection,
          mean: mean, deviation: deviation, slotCount: slotCount)
      }
    }
  }

  /// The embedding nets that centers of a type use.
  func nets(of center: Int) -> [Int] { (0..<typeCount).map { net(center: center, neighbor: $0) } }

  /// The range of inputs of each net for neighbors from `closest` Å to the outer cutoff.
  func inputRanges(closest: Double) -> [ClosedRange<Double>] {
    var ranges: [ClosedRange<Double>?] = Array(repeating: nil, count: options.netCount)
    for (index, types) in typePairs(Double.self).enumerated() {
      let net = net(center: index / typeCount, neighbor: index % typeCount)
      let (low, high) = (types.emptyInput, types.input(at: closest))
      let known = ranges[net] ?? low...high
      ranges[net] = min(known.lowerBound, low)...max(known.upperBound, high)
    }
    return ranges.map { $0 ?? 0...0 }
  }
}
