/// How a descriptor sees the neighbors of an atom: one list of rows, of which there may be several
/// in a program.
public struct PairList: Sendable, Equatable {
  /// What is left of empty neighbor slots: nothing, a constant row, or a row for excluded pairs
  /// too, whose rows are zero.
  public enum Constants: Sendable {
    /// Nothing.
    case none
    /// One row for the empty slots of an atom and a type that share their statistics.
    case empty
    /// The same, and one for each excluded pair.
    case emptyAndExcluded
  }

  /// Which rows an atom's ordered pairs of neighbors are made of.
  public enum Angles: Sendable, Equatable {
    /// There are none.
    case none
    /// All rows; those of pairs only.
    case all, real
    /// Those of pairs closer than `cutoff` Å with one of the `slots` nearest neighbors.
    case inner(cutoff: Double, slots: Int)
  }

  /// Which neighbors are in the list, and in which slots.
  public internal(set) var rule: NeighborRule
  /// Whether neighbors beyond its cutoff that the program's other lists see fill slots too: their
  /// rows are those of empty slots, but with the neighbor's own type.
  ///
  /// Where nothing tells a slot filled so from an empty one, the list is better off without.
  public var reachesBeyond = false
  /// What is left of empty slots.
  public var constants = Constants.none
  /// Mean and deviation of the rows, `[types][Σ slots][statisticsWidth]`; empty for none.
  public var mean: [Double] = [], deviation: [Double] = []
  /// Numbers of a row that have statistics.
  public var statisticsWidth = 4
  /// The embedding nets, each for a type of neighbors, or for the types of center and neighbor.
  public var nets: [TypeKey] = []
  /// Pairs of neighbors of one center.
  public var angles = Angles.none
  /// The embedding nets of angles, each for the types of the two neighbors.
  public var angleNets: [TypeKey] = []

  /// A list of the neighbors that `rule` gives slots.
  public init(_ rule: NeighborRule) { self.rule = rule }

  /// Mean and deviation of the environment rows for centers of each of `types` types; nil if they
  /// differ from slot to slot.
  func statisticsOfCenters(
    _ types: Int
  ) -> [(mean: SIMD4<Double>, deviation: SIMD4<Double>)]? {
    let row = slotCount * 4
    guard statisticsWidth == 4, slotCount > 0, mean.count == types * row else { return nil }
    func of(_ place: Int) -> (SIMD4<Double>, SIMD4<Double>) {
      (
        SIMD4(mean[place], mean[place + 1], mean[place + 2], mean[place + 3]),
        SIMD4(deviation[place], deviation[place + 1], deviation[place + 2], deviation[place + 3])
      )
    }
    let isUniform = (0..<types).allSatisfy { type in
      (0..<slotCount).allSatisfy { of(type * row + 4 * $0) == of(type * row) }
    }
    return isUniform ? (0..<types).map { of($0 * row) } : nil
  }

  /// All slots.
  public var slotCount: Int { rule.slotCount }
}

/// The types that a net is for; nil for any.
public struct TypeKey: Sendable, Equatable {
  /// The type of the center, or of an angle's first neighbor; and of the neighbor, or of its
  /// second.
  public let first: Int?, second: Int

  /// The types `first` and `second`.
  public init(_ first: Int?, _ second: Int) {
    self.first = first
    self.second = second
  }
}
