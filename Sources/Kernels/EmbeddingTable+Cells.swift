/// A table of cells, each with a grid of its own: as many nodes as the net needs where it is steep,
/// and few elsewhere.
extension EmbeddingTable {
  /// The largest number of intervals of a cell.
  private static var mostIntervals: Int { 1 << 14 }

  /// The cells from the first input up to `upper`, with the coarsest grids whose errors are within
  /// the tolerance of the largest value up to `end`; nil if they would have too many nodes.
  ///
  /// The grids up to `end` do not depend on `upper`, so that a frame with closer pairs changes
  /// nothing of them.
  func gridsOfCells(
    _ parameters: UnsafePointer<Scalar>, upTo end: Double, and upper: Double
  ) -> [TableCell]? {
    guard (upper - lower) / Self.coarsest < Double(Self.mostNodes) else { return nil }
    let ofRange = Int((end - lower) / cellWidth) + 1, all = Int((upper - lower) / cellWidth) + 1
    let plain = Array(repeating: Int(cellWidth / Self.coarsest), count: max(all, ofRange))
    let first = errors(parameters, of: Array(0..<ofRange), plain)
    let largest = first.map(\.scale).max() ?? 0
    for tolerance in [Self.tolerance, Self.lastTolerance] {
      let limit = tolerance * Double(largest)
      guard let near = refined(plain, Array(0..<ofRange), first, parameters, to: limit) else {
        continue
      }
      let beyond = Array(ofRange..<plain.count), others = errors(parameters, of: beyond, plain)
      guard let intervals = refined(near, beyond, others, parameters, to: limit) else { return nil }
      let cells = cells(of: Array(plain.indices), intervals)
      compute(parameters, at: cells)
      return cells
    }
    return nil
  }

  /// The numbers of `intervals`, doubled in `numbers` of them, whose errors are `known`, until the
  /// error is at most `limit`; nil if there would be too many.
  private func refined(
    _ intervals: [Int], _ numbers: [Int], _ known: [(error: Scalar, scale: Scalar)],
    _ parameters: UnsafePointer<Scalar>, to limit: Double
  ) -> [Int]? {
    var intervals = intervals, open = numbers, found = known
    while true {
      open = zip(open, found).compactMap {
        $1.error == 0 || Double($1.error) / 64 <= limit ? nil : $0
      }
      if open.isEmpty { return intervals }
      for cell in open { intervals[cell] *= 2 }
      guard open.allSatisfy({ intervals[$0] <= Self.mostIntervals }),
        intervals.reduce(intervals.count, +) <= Self.mostNodes
      else { return nil }
      found = errors(parameters, of: open, intervals)
    }
  }

  /// The errors and the largest values of some cells with so many `intervals`.
  private func errors(
    _ parameters: UnsafePointer<Scalar>, of numbers: [Int], _ intervals: [Int]
  ) -> [(error: Scalar, scale: Scalar)] {
    if numbers.isEmpty { return [] }
    let cells = cells(of: numbers, intervals)
    compute(parameters, at: cells)
    return cells.map { error(of: $0.first..<$0.end, spacing: 1 / $0.inverseSpacing) }
  }

  /// Some cells, one behind the other.
  private func cells(of numbers: [Int], _ intervals: [Int]) -> [TableCell] {
    var first = 0
    return numbers.map { number in
      let cell = TableCell(
        lower: lower + Double(number) * cellWidth,
        inverseSpacing: Double(intervals[number]) / cellWidth, first: first,
        intervals: intervals[number])
      first = cell.end
      return cell
    }
  }
}
