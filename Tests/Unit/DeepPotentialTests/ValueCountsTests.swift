import Atoms
import DeepPotential
import Testing

/// Histograms that no order changes.
struct ValueCountsTests {
  /// One by one, which has to be the same as all at once.
  private func counts(_ values: [Double]) -> ValueCounts {
    let found = values.reduce(into: ValueCounts()) { $0.add(ValueCounts([$1])) }
    #expect(found == ValueCounts(values))
    return found
  }

  @Test func `a value is in the bin that begins at or below it`() {
    let found = counts([0, 0.25, 0.5, 100, 0.49, -0.01])
    // The smallest power of two of which 256 reach from -0.01 to 100.
    #expect(found.width == 0.5 && found.start == -0.5)
    #expect(found.counts[0...2] == [1, 3, 1] && found.counts.count == 202)
    #expect(found.counts.reduce(0, +) == 6)
  }

  @Test func `no order and no parting changes a count`() {
    let values = (0..<2000).map { k -> Double in
      let x = Double((k * 7919) % 2003) - 900
      return x * x * x * 1e-5 - 3
    }
    let all = counts(values)
    #expect(counts(values.reversed()) == all && counts(values.sorted()) == all)
    for size in [1, 7, 500, 1999] {
      var sum = ValueCounts()
      for start in stride(from: 0, to: values.count, by: size) {
        sum.add(counts(Array(values[start..<min(start + size, values.count)])))
      }
      #expect(sum == all)
    }
    #expect(all.counts.count <= 256 && all.counts.reduce(0, +) == values.count)
  }

  @Test func `each count is that of a plain histogram in the same bins`() {
    let values = (0..<500).map { Double(($0 * 31) % 97) * 0.37 - 11 }
    let found = counts(values)
    for (bin, count) in found.counts.enumerated() {
      let start = found.start + Double(bin) * found.width
      #expect(count == values.count { $0 >= start && $0 < start + found.width })
    }
  }

  @Test func `one value, none, and what is no number`() {
    #expect(counts([-153.25]).start == -153.25 && counts([-153.25]).counts == [1])
    #expect(counts([.nan, .infinity, 1e13]).counts.isEmpty)
    var sum = counts([2])
    sum.add(ValueCounts())
    #expect(sum == counts([2]))
  }

  @Test func `distances and neighbors are those of all pairs`() {
    // Four atoms of two types without a cell: every distance is known.
    let positions: [SIMD3<Double>] = [[0, 0, 0], [1.05, 0, 0], [0, 2.05, 0], [0, 0, 9]]
    let frame = Frame(types: [0, 1, 1, 0], positions: positions, cell: nil)
    var data = DataCounts(typeCount: 2, cutoff: 3), survey = NeighborSurvey(typeCount: 2)
    survey.add(frame, system: 0, index: 0, counting: &data)
    let bins = DataCounts.distanceBins
    func found(_ a: Int, _ b: Int) -> [Int] {
      data.distances[a * 2 + b].indices.filter { data.distances[a * 2 + b][$0] > 0 }
    }
    #expect(data.distances[0].isEmpty && data.distances[2].isEmpty)
    #expect(found(0, 1) == [Int(1.05 / 3 * Double(bins)), Int(2.05 / 3 * Double(bins))])
    #expect(found(1, 1) == [Int((1.05 * 1.05 + 2.05 * 2.05).squareRoot() / 3 * Double(bins))])
    // Each pair twice, once from each side.
    #expect(data.distances[1].reduce(0, +) == 4 && data.distances[3].reduce(0, +) == 2)
    #expect(data.neighbors == [[2, 2], [1, 2, 1]])
  }
}
