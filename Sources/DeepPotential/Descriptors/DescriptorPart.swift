import Kernels

/// A descriptor that is no hybrid: what the mechanism of all of them asks of one.
public protocol DescriptorPart: Sendable, Equatable {
  associatedtype Options: DescriptorPartOptions
  /// What defines it.
  var options: Options { get set }
  /// The same as one of the kinds.
  var wrapped: Descriptor { get }
  /// Number of types.
  var typeCount: Int { get }
  /// How the rows of each of its lists of neighbors are normalized, in the order of
  /// `options.lists`.
  var normalizations: [ListNormalization] { get set }
  /// Width of a descriptor row.
  var outputs: Int { get }
  /// Number of vectors of each atom that its program offers to outputs; nil if it has none.
  var vectors: Int? { get }
  /// Atoms that go through its program together, but for stages of atoms alone: their numbers fit
  /// the caches.
  var tileSize: Int { get }

  /// Adds the descriptor to a program; its row is all views side by side.
  func emit(into builder: inout ProgramBuilder) -> [View]
  /// Adds its tensors.
  func list(in list: inout TensorList)
  /// The same descriptor with its types in the order `order`, its nets laid out anew.
  func reordered(_ order: [Int], in layout: inout ParameterLayout) -> Self
}

extension DescriptorPart {
  /// Most descriptors of distances or of angles have no vectors.
  public var vectors: Int? { nil }

  /// The same descriptor with other normalizations.
  func with(_ normalizations: [ListNormalization]) -> Self {
    precondition(normalizations.count == options.lists.count, "one for each list")
    var other = self
    other.normalizations = normalizations
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
    options.excludedPairs = movedPairs(options.excludedPairs, order)
    return options
  }

  /// The normalization of each list with types, and sections of slots, in the order `order`.
  func reorderedNormalizations(_ order: [Int]) -> [ListNormalization] {
    zip(options.lists, normalizations).map { list, rows in
      ListNormalization(
        mean: list.reordered(rows.mean, order), deviation: list.reordered(rows.deviation, order))
    }
  }
}

extension ListOptions {
  /// Statistics, `[types][slots][rowWidth]`, with types and sections of slots in their new order;
  /// the slots here are those of the old order.
  fileprivate func reordered(_ values: [Double], _ order: [Int]) -> [Double] {
    let row = rowWidth * slotCount
    if isMixed { return order.flatMap { values[$0 * row..<($0 + 1) * row] } }
    let starts = slots.reduce(into: [0]) { $0.append($0[$0.count - 1] + rowWidth * $1) }
    return order.flatMap { center in
      order.flatMap { values[center * row + starts[$0]..<center * row + starts[$0 + 1]] }
    }
  }
}
