import Plotting
import Testing

/// Bins of histograms.
struct BinTests {
  /// `count` numbers from -1 to 1, more of them in the middle.
  private func cubes(_ count: Int) -> [Double] {
    (0..<count).map { index in
      let x = 2 * (Double(index) + 0.5) / Double(count) - 1
      return x * x * x
    }
  }

  private func width(_ bins: (range: ClosedRange<Double>, count: Int)) -> Double {
    (bins.range.upperBound - bins.range.lowerBound) / Double(bins.count)
  }

  @Test(arguments: [(8, 0.5), (64, 0.2), (1000, 0.1), (1_000_000, 0.05)])
  func `more values have narrower bins`(count: Int, expected: Double) {
    let bins = niceBins(cubes(count), in: -1...1)
    #expect(abs(width(bins) - expected) < 1e-12, "\(width(bins))")
  }

  @Test func `edges are multiples of the width, and the range is covered`() {
    for (low, high) in [(-0.013, 0.027), (0.0222, 0.0251), (-7.3e5, -7.1e5), (1e-9, 3e-9)] {
      let values = cubes(200).map { low + ($0 + 1) / 2 * (high - low) }
      let bins = niceBins(values, in: low...high)
      #expect(bins.range.lowerBound <= low && bins.range.upperBound >= high)
      #expect((6...62).contains(bins.count))
      let edges = bins.range.lowerBound / width(bins)
      #expect(abs(edges - edges.rounded()) < 1e-5, "\(low): \(edges)")
      #expect(binCounts(values, in: bins.range, count: bins.count).reduce(0, +) == 200)
    }
  }

  @Test(arguments: [[], [1.0], [0.5, 0.5, 0.5, 0.5, 0.5], [.nan, .infinity, 0.2]])
  func `few, equal and strange values have bins too`(values: [Double]) {
    let bins = niceBins(values, in: 0...1)
    #expect(bins.range == 0...1 && (6...62).contains(bins.count))
    for range in [-1e300...1e300, 0...Double.leastNonzeroMagnitude, 1e17...1e17 + 32] {
      let strange = niceBins(values, in: range)
      #expect(strange.count > 0 && strange.range.upperBound.isFinite)
    }
  }
}
