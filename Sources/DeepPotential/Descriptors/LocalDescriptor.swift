import Kernels

/// A descriptor of an atom's local environment: what the mechanism of all of them asks of one.
public protocol LocalDescriptor: Sendable, Equatable {
  associatedtype Options: LocalDescriptorOptions
  /// What defines it.
  var options: Options { get set }
  /// The same as one of the kinds.
  var wrapped: Descriptor { get }
  /// Number of types.
  var typeCount: Int { get }
  /// Mean and deviation of its rows (`davg`, `dstd`), `[types][slots][rowWidth]`.
  var mean: [Double] { get set }
  /// See `mean`.
  var deviation: [Double] { get set }
  /// Width of a descriptor row.
  var outputs: Int { get }
  /// Number of vectors of each atom that its program offers to outputs; nil if it has none.
  var vectors: Int? { get }
  /// Atoms that go through its program together: their numbers fit the caches.
  var tileSize: Int { get }

  /// Adds the descriptor to a program; its row is all views side by side.
  func emit(into builder: inout ProgramBuilder) -> [View]
  /// Adds its tensors.
  func list(in list: inout TensorList)
  /// The same descriptor with its types in the order `order`, its nets laid out anew.
  func reordered(_ order: [Int], in layout: inout ParameterLayout) -> Self
}

extension LocalDescriptor {
  /// All neighbor slots of an atom.
  public var slotCount: Int { options.slotCount }
  /// Atoms that go through its program together; of descriptors with rows for pairs of neighbors
  /// fewer do.
  public var tileSize: Int { 16 }
  /// Most descriptors of distances or of angles have no vectors.
  public var vectors: Int? { nil }

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

  /// The same descriptor with other statistics.
  func with(mean: [Double], deviation: [Double]) -> Self {
    var other = self
    (other.mean, other.deviation) = (mean, deviation)
    return other
  }

  /// The same descriptor, which training changes or leaves alone.
  func with(trainable: Bool) -> Self {
    var other = self
    other.options.trainable = trainable
    return other
  }

  /// Its options with types in the order `order`.
  func reorderedOptions(_ order: [Int]) -> Options {
    var options = options
    if !options.isMixed { options.slots = order.map { self.options.slots[$0] } }
    options.excludedPairs = options.excludedPairs.map { moved($0, order) }
    return options
  }

  /// Statistics, `[types][slots][rowWidth]`, with types and sections of slots in their new order.
  func reordered(_ values: [Double], _ order: [Int]) -> [Double] {
    let row = options.rowWidth * slotCount
    if options.isMixed { return order.flatMap { values[$0 * row..<($0 + 1) * row] } }
    let starts = options.slots.reduce(into: [0]) {
      $0.append($0[$0.count - 1] + options.rowWidth * $1)
    }
    return order.flatMap { center in
      order.flatMap { values[center * row + starts[$0]..<center * row + starts[$0 + 1]] }
    }
  }
}
