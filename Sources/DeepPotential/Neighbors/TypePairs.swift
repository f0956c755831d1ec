/// A set of unordered pairs of types.
struct TypePairs: Sendable, Equatable {
  private var table: [Bool]
  private let typeCount: Int

  /// The pairs in `pairs`, two of `typeCount` types each.
  init(_ pairs: [[Int]], typeCount: Int) {
    table = Array(repeating: false, count: typeCount * typeCount)
    self.typeCount = typeCount
    insert(pairs)
  }

  /// Adds `pairs`, two types each.
  mutating func insert(_ pairs: [[Int]]) {
    for pair in pairs {
      precondition(pair.count == 2, "a pair of types has two")
      table[pair[0] * typeCount + pair[1]] = true
      table[pair[1] * typeCount + pair[0]] = true
    }
  }

  /// Whether there are no pairs.
  var isEmpty: Bool { !table.contains(true) }

  /// Whether types `a` and `b` are a pair of the set.
  func contains(_ a: Int, _ b: Int) -> Bool { table[a * typeCount + b] }
}
