/// A fixed binary tree over `leafCount` values: halves, quarters, and so on.
///
/// The tree depends on the count alone, so the bits of a sum do not depend on which rank computed
/// its parts.
public struct SumTree: Sendable, Equatable {
  /// The number of values.
  public let leafCount: Int

  /// The tree over `leafCount` values.
  public init(leafCount: Int) { self.leafCount = leafCount }

  /// The place at which the leaves of a node, two or more, are split.
  public static func middle(of leaves: Range<Int>) -> Int {
    leaves.lowerBound + leaves.count / 2
  }

  /// Combines the values of the leaves; nil if there are none.
  public func fold<Value>(leaf: (Int) -> Value, combine: (Value, Value) -> Value) -> Value? {
    let leaves = (0..<leafCount).map { $0..<$0 + 1 }
    return fold(from: leaves, node: { leaf($0) }, combine: combine)
  }

  /// Combines the values of `nodes`, which cover all leaves in order, up to the root; nil if there
  /// are none.
  public func fold<Value>(
    from nodes: [Range<Int>], node: (Int) -> Value, combine: (Value, Value) -> Value
  ) -> Value? {
    if leafCount == 0 { return nil }
    let places = Dictionary(uniqueKeysWithValues: zip(nodes, nodes.indices))
    func value(_ leaves: Range<Int>) -> Value {
      if let place = places[leaves] { return node(place) }
      let middle = Self.middle(of: leaves)
      return combine(
        value(leaves.lowerBound..<middle), value(middle..<leaves.upperBound))
    }
    return value(0..<leafCount)
  }

  /// The largest nodes whose leaves all lie in `range`, in order; together they cover it.
  public func nodes(covering range: Range<Int>) -> [Range<Int>] {
    func cover(_ leaves: Range<Int>) -> [Range<Int>] {
      if leaves.clamped(to: range).isEmpty { return [] }
      if range.lowerBound <= leaves.lowerBound && leaves.upperBound <= range.upperBound {
        return [leaves]
      }
      let middle = Self.middle(of: leaves)
      return cover(leaves.lowerBound..<middle) + cover(middle..<leaves.upperBound)
    }
    return leafCount == 0 ? [] : cover(0..<leafCount)
  }
}
