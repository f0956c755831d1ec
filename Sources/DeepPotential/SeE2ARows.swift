import Kernels

/// The environment row of one neighbor of an atom, or of all empty slots of one type at once.
///
/// Its radial component is the input of an embedding net.
struct SeE2ARow<Scalar: NetworkScalar> {
  /// The center.
  let atom: Int
  /// The environment row `R`, with the mean subtracted and divided by the deviation.
  let row: SIMD4<Scalar>
  /// Number of slots that the row stands for, divided by the number of all slots.
  let weight: Scalar
  /// The deviation that `row` was divided by.
  let deviation: SIMD4<Double>
  /// The pair and the derivatives of its row; nil for empty slots, which have no coordinates.
  let pair: (index: Int, environment: EnvironmentRow)?

  /// `RDot = J dDot / dstd`, zero for empty slots.
  func tangent(along pairsDot: Buffer<SIMD3<Double>>) -> SIMD4<Scalar> {
    guard let pair else { return .zero }
    return SIMD4<Scalar>(pair.environment.tangent(pairsDot.base[pair.index]) / deviation)
  }
}

extension SeE2A {
  /// Collects the rows of the atoms of `tile` for neighbors of `type`, atom by atom.
  ///
  /// An empty slot contributes the row `-davg/dstd`.  If all slots of a type share their
  /// statistics, one row stands for all empty slots of an atom.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func collectRows<Scalar: NetworkScalar>(
    of tile: AtomTile, type: Int, in slots: NeighborSlots, into rows: inout [SeE2ARow<Scalar>]
  ) {
    rows.removeAll(keepingCapacity: true)
    let unit = 1 / Double(slotCount), range = slotRange(of: type)
    let isUniform = hasUniformStatistics(of: tile.type, type: type)
    func append(
      _ atom: Int, slot: Int, count: Int = 1, _ pair: (index: Int, environment: EnvironmentRow)?
    ) {
      let (mean, deviation) = statistics(of: tile.type, slot: slot)
      let row = ((pair?.environment.row ?? .zero) - mean) / deviation
      rows.append(
        SeE2ARow(
          atom: atom, row: SIMD4<Scalar>(row), weight: Scalar(Double(count) * unit),
          deviation: deviation, pair: pair))
    }
    for atom in tile.atoms {
      let pairs = slots.pairs(of: atom, type: type)
      for (number, pair) in pairs.enumerated() {
        let environment = EnvironmentRow(
          slots.displacements[pair], inner: options.innerCutoff, outer: options.outerCutoff,
          protection: options.protection)
        append(atom, slot: range.lowerBound + number, (pair, environment))
      }
      let filled = pairs.count + slots.hiddenCount(of: atom, type: type)
      let empty = range.count - filled
      if empty > 0 && isUniform {
        append(atom, slot: range.lowerBound, count: empty, nil)
      } else if empty > 0 {
        for slot in range.dropFirst(filled) { append(atom, slot: slot, nil) }
      }
    }
  }

  /// Mean and deviation in 1/Å of the rows in `slot` of atoms of type `center`.
  func statistics(of center: Int, slot: Int) -> (mean: SIMD4<Double>, deviation: SIMD4<Double>) {
    let k = (center * slotCount + slot) * 4
    return (
      SIMD4(mean[k], mean[k + 1], mean[k + 2], mean[k + 3]),
      SIMD4(deviation[k], deviation[k + 1], deviation[k + 2], deviation[k + 3])
    )
  }

  /// The slots for neighbors of `type`.
  func slotRange(of type: Int) -> Range<Int> {
    let first = options.slots[..<type].reduce(0, +)
    return first..<first + options.slots[type]
  }

  /// Whether all slots of `type` have the same statistics for centers of type `center`; in models
  /// that this program trains they do.
  func hasUniformStatistics(of center: Int, type: Int) -> Bool {
    let range = slotRange(of: type)
    guard let first = range.first else { return true }
    let (mean, deviation) = statistics(of: center, slot: first)
    return range.allSatisfy { statistics(of: center, slot: $0) == (mean, deviation) }
  }

  /// Whether all slots of a type share their statistics, for all types of centers.
  var hasUniformStatistics: Bool {
    let types = 0..<typeCount
    return types.allSatisfy { center in
      types.allSatisfy { hasUniformStatistics(of: center, type: $0) }
    }
  }

  /// The embedding net of a (center, neighbor) type pair.
  func embedding(center: Int, neighbor: Int) -> DenseNetwork {
    embeddings[net(center: center, neighbor: neighbor)]
  }

  /// The index of the embedding net of a (center, neighbor) type pair.
  func net(center: Int, neighbor: Int) -> Int {
    options.typeOneSide ? neighbor : center + typeCount * neighbor
  }
}
