/// The angles of one pair list of a frame: ordered pairs of rows of one atom.
package struct AngleRows: Sendable {
  /// The rows that take part, and the number of each row among them, -1 for the others.
  package let inner: [Int32], innerNumbers: [Int32]
  /// Both rows of each angle, by the first row.
  package let first: [Int32], second: [Int32]

  /// The angles of `list`, whose rows are `rows`.
  package init(_ list: PairList, _ rows: ListRows, _ all: NeighborList) {
    var inner: [Int32] = [], numbers = Array(repeating: Int32(-1), count: rows.edges.count)
    var first: [Int32] = [], second: [Int32] = []
    for atom in 0..<rows.starts.count - 1 {
      let start = inner.count, edges = AngleRows.edges(of: atom, list, all)
      for row in rows.starts[atom]..<rows.starts[atom + 1] where edges.contains(rows.edges[row]) {
        numbers[row] = Int32(inner.count)
        inner.append(Int32(row))
      }
      let own = inner[start...]
      for p in own {
        first.append(contentsOf: repeatElement(p, count: own.count))
        second.append(contentsOf: own)
      }
    }
    (self.inner, innerNumbers, self.first, self.second) = (inner, numbers, first, second)
  }

  /// The pairs of `atom` whose rows take part; -1 among them if rows that are no pairs do.
  private static func edges(of atom: Int, _ list: PairList, _ all: NeighborList) -> Range<Int32> {
    let pairs =
      switch list.angles {
      case .none: 0..<0
      case .all: -1..<all.neighbors.count
      case .real: all.pairs(of: atom)
      // Closer than the cutoff: no farther than the number below it.
      case .inner(let cutoff, let slots):
        all.pairs(of: atom, within: cutoff.nextDown).prefix(slots)
      }
    return Int32(pairs.lowerBound)..<Int32(pairs.upperBound)
  }
}
