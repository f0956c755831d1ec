/// Combines `count` values in a fixed binary tree: halves, quarters, and so on.
///
/// The tree depends on the count alone, so the bits of a sum do not depend on who computed its parts; over a power
/// of two of equal parts each part is a subtree.
package func pairwise<Value>(
  _ count: Int, leaf: (Int) -> Value, combine: (Value, Value) -> Value
) -> Value {
  precondition(count > 0, "a tree without leaves")
  func node(_ low: Int, _ high: Int) -> Value {
    if high - low == 1 { return leaf(low) }
    let middle = low + (high - low) / 2
    return combine(node(low, middle), node(middle, high))
  }
  return node(0, count)
}

/// The sum of `values` in a fixed binary tree; 0 for none.
package func pairwiseSum(_ values: [Double]) -> Double {
  values.isEmpty ? 0 : pairwise(values.count, leaf: { values[$0] }, combine: +)
}
