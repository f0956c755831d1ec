import Kernels

/// A descriptor of an atom's local environment: it has one list of neighbors, and needs nothing of
/// theirs but their types.
public protocol LocalDescriptor: DescriptorPart {
  /// Mean and deviation of its rows (`davg`, `dstd`), `[types][slots][rowWidth]`.
  var mean: [Double] { get set }
  /// See `mean`.
  var deviation: [Double] { get set }
}

extension LocalDescriptor {
  /// That of its one list.
  public var normalizations: [ListNormalization] {
    get { [ListNormalization(mean: mean, deviation: deviation)] }
    set { (mean, deviation) = (newValue[0].mean, newValue[0].deviation) }
  }

  /// All neighbor slots of an atom.
  public var slotCount: Int { options.slotCount }
  /// Atoms that go through its program together; of descriptors with rows for pairs of neighbors
  /// fewer do.
  public var tileSize: Int { 16 }

  /// Which neighbors atoms have, and in which slots, in a model in which `excludedPairs` of types
  /// are no neighbors.
  public func neighborRule(excludedPairs: [[Int]] = []) -> NeighborRule {
    options.neighborRule(typeCount: typeCount, excludedPairs: excludedPairs)
  }

  /// Its pair list, without nets and angles; `constants` are left of its empty slots.
  func newPairList(leaving constants: PairList.Constants) -> PairList {
    var list = PairList(neighborRule())
    list.constants = constants
    (list.mean, list.deviation, list.statisticsWidth) = (mean, deviation, options.rowWidth)
    // The rows of empty slots have a type where slots are mixed; those of excluded pairs are zero.
    list.reachesBeyond =
      (options.isMixed || !options.excludedPairs.isEmpty) && mean.contains { $0 != 0 }
    return list
  }

  /// The polynomial switch between its cutoffs.
  var switchFunction: SwitchFunction {
    .polynomial(inner: options.innerCutoff, outer: options.outerCutoff)
  }

  /// The environment row of a pair.
  var environmentFunction: PairFunction {
    .environmentRow(switchFunction, protection: options.protection)
  }
}
