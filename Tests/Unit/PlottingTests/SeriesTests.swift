import Plotting
import Testing

/// What is done to numbers before they are drawn.
struct SeriesTests {
  @Test func `a bin has its lower end, the last bin its upper one too`() {
    let values = [0, 0.999, 1, 2.5, 4, 4.001, -0.001, .nan, .infinity]
    #expect(binCounts(values, in: 0...4, count: 4) == [2, 1, 1, 1])
  }

  @Test func `every point is counted in one cell or as outside`() {
    var grid = DensityGrid(x: 0...2, y: 0...3, columns: 2, rows: 3)
    for (x, y) in [(0.0, 0.0), (0.5, 0.5), (2, 3), (1, 2.9), (3, 1), (.nan, 1), (1, -0.1)] {
      grid.add(x, y)
    }
    #expect(grid.counts == [2, 0, 0, 0, 0, 2])
    #expect(grid.outside == 3 && grid.largest == 2)
  }

  @Test func `the mean is over what there is around a value`() {
    #expect(smoothed([1, 2, 6, 3, 3], window: 3, .linear) == [1, 3, 11.0 / 3, 4, 3])
    #expect(smoothed([1, 2, 6], window: 1, .linear) == [1, 2, 6])
    #expect(smoothed([1, 2, 6], window: 2, .linear) == [1, 2, 6])
    #expect(smoothed([1, .nan, 5], window: 3, .linear) == [1, 3, 5])
    #expect(smoothed([.nan, .nan, .nan, 5], window: 3, .linear)[0].isNaN)
  }

  @Test func `on a logarithmic axis the mean is the geometric one`() {
    let mean = smoothed([1, 100, 1], window: 3, .logarithmic)
    #expect(mean[0] == 1 && abs(mean[2] - 10) < 1e-12 && abs(mean[1] - 4.641588833612779) < 1e-12)
    #expect(smoothed([0, -1, 0], window: 3, .logarithmic).allSatisfy { $0.isNaN })
  }

  @Test func `few values are not smoothed, many by a fiftieth`() {
    #expect([0, 1, 99, 100, 150, 5000].map(smoothingWindow) == [1, 1, 1, 3, 3, 101])
    #expect((100..<2000).allSatisfy { smoothingWindow(for: $0) % 2 == 1 })
  }

  @Test func `of the points in a column the first, lowest, highest and last stay`() {
    let columns = [0, 0, 0, 0, 0, 1, 2, 2], y = [3.0, 9, 1, 2, 4, 7, 5, 5]
    #expect(thinned(columns: columns, y) == [0, 1, 2, 4, 5, 6, 7])
    #expect(thinned(columns: [], []).isEmpty)
  }
}
