/// The angles of one pair list of a frame: ordered pairs of rows of one atom.
struct AngleRows: Sendable {
  /// The rows that take part, and the number of each row among them, -1 for the others.
  let inner: [Int32], innerNumbers: [Int32]
  /// Both rows of each angle, by the first row.
  let first: [Int32], second: [Int32]

  /// The angles of `list`, whose rows are `rows`.
  init(_ list: PairList, _ rows: ListRows, _ edges: FrameEdges) {
    func takesPart(_ row: Int) -> Bool {
      switch list.angles {
      case .none: false
      case .all: true
      case .real: rows.edges[row] >= 0
      case .inner(let cutoff, let slots):
        rows.edges[row] >= 0 && rows.slots[row] < slots
          && edges.distances[Int(rows.edges[row])] < cutoff
      }
    }
    var inner: [Int32] = [], numbers = Array(repeating: Int32(-1), count: rows.edges.count)
    var first: [Int32] = [], second: [Int32] = []
    for atom in 0..<rows.starts.count - 1 {
      let start = inner.count
      for row in rows.starts[atom]..<rows.starts[atom + 1] where takesPart(row) {
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
}
