import Kernels

/// One list of neighbors that a descriptor asks for: how far it reaches, how many it takes, and how
/// the rows of these are normalized.
public struct ListOptions: Sendable, Equatable {
  /// Radii in Å between which the smooth switch of its rows falls from one to zero.
  public var innerCutoff: Double, outerCutoff: Double
  /// Neighbor slots: of each type, or one number for all types together if it `isMixed`.
  public var slots: [Int]
  /// Whether slots are for all types together.
  public var isMixed: Bool
  /// Numbers of a row that have statistics; 0 if the list has none.
  public var rowWidth: Int
  /// Whether the mean of its rows stays at zero.
  public var meanIsZero: Bool
  /// The deviation of all its rows, whatever the data are; nil if it follows from them.
  public var fixedDeviation: Double?
  /// Added to every distance, in Å.
  public var protection: Double
  /// Pairs of types that do not see each other, though they fill slots.
  public var excludedPairs: [[Int]]
  /// The key of its slots in an input, inside the descriptor: `sel`, or `repflow/e_sel`.
  public let slotKey: String
  /// Its slots where an input does not say; nil if it has to, or means `"auto"`.
  public var usualSlots: [Int]?

  /// Makes a list with the radii, slots and exclusions of `options`.
  public init(
    _ options: LocalOptions, isMixed: Bool, rowWidth: Int = 4, slotKey: String = "sel"
  ) {
    (innerCutoff, outerCutoff) = (options.innerCutoff, options.outerCutoff)
    (slots, meanIsZero) = (options.slots, options.meanIsZero)
    (protection, excludedPairs) = (options.protection, options.excludedPairs)
    (self.isMixed, self.rowWidth, self.slotKey) = (isMixed, rowWidth, slotKey)
  }

  /// The last part of `slotKey`, for messages.
  public var slotName: String { slotKey.split(separator: "/").last.map(String.init) ?? slotKey }

  /// All neighbor slots of an atom.
  public var slotCount: Int { slots.reduce(0, +) }

  /// Which of `typeCount` types' neighbors are in the list, and in which slots, in a model in which
  /// `excludedPairs` of types are no neighbors.
  public func neighborRule(typeCount: Int, excludedPairs: [[Int]]) -> NeighborRule {
    NeighborRule(
      isMixed ? .ofAllTypes(slotCount) : .ofEachType(slots), typeCount: typeCount,
      cutoff: outerCutoff, excludedPairs: excludedPairs, hiddenPairs: self.excludedPairs)
  }

  /// Mean 0 and the fixed deviation, or 1.
  func noNormalization(types: Int) -> ListNormalization {
    let count = types * slotCount * rowWidth
    return ListNormalization(
      mean: Array(repeating: 0, count: count),
      deviation: Array(repeating: fixedDeviation ?? 1, count: count))
  }
}

/// How the rows of one list of a descriptor are normalized.
public struct ListNormalization: Sendable, Equatable {
  /// Mean and deviation of the rows (`davg`, `dstd`), `[types][slots][rowWidth]`; empty for a list
  /// that has none.
  public var mean: [Double], deviation: [Double]

  /// Puts mean and deviation together.
  public init(mean: [Double] = [], deviation: [Double] = []) {
    precondition(mean.count == deviation.count)
    (self.mean, self.deviation) = (mean, deviation)
  }
}
