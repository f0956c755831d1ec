import Plotting
import Testing

/// Scales, ranges and ticks.
struct AxisTests {
  @Test func `a linear scale maps its ends to the ends of the axis`() {
    let scale = Scale(.linear, -2, 6, length: 400)
    #expect([-2, 0, 2, 6, 8].map(scale.place) == [0, 100, 200, 400, 500])
    #expect(scale.place(.nan) == nil && scale.place(.infinity) == nil)
  }

  @Test func `a logarithmic scale maps equal factors to equal lengths`() {
    let scale = Scale(.logarithmic, 0.01, 100, length: 400)
    #expect([0.01, 0.1, 1, 10, 100].map(scale.place) == [0, 100, 200, 300, 400])
    #expect(scale.place(0) == nil && scale.place(-1) == nil)
  }

  @Test func `the largest numbers there are have a place`() throws {
    let largest = Double.greatestFiniteMagnitude
    #expect(Scale(.linear, -largest, largest, length: 100).place(0) == 50)
    let range = niceRange([-largest, largest], .linear)
    #expect(range.lowerBound.isFinite && range.upperBound.isFinite)
  }

  @Test func `a range holds all values that have a place, and some room`() {
    #expect(niceRange([1, 5, .nan, 3], .linear, margin: 0.25) == 0...6)
    #expect(niceRange([-1, 0, 10, 1000], .logarithmic, margin: 0.5) == 1...10000)
    #expect(niceRange([], .linear) == 0...1)
    #expect(niceRange([-1, .nan], .logarithmic) == 1...10)
  }

  @Test func `values that are all the same are in the middle`() {
    #expect(niceRange([4, 4, 4], .linear) == 2...6)
    #expect(niceRange([0], .linear) == -1...1)
    #expect(niceRange([3], .logarithmic) == 1...9)
    // Rounding is no difference.
    #expect(niceRange([1, 1 + 1e-15], .linear).upperBound > 1.4)
  }

  private func labels(_ ticks: Ticks) -> [String] {
    ticks.major.map { tick in
      switch tick.label {
      case .text(let text): text
      case .power(let n): "10^\(n)"
      case .product(let mantissa, let n): "\(mantissa)×10^\(n)"
      }
    }
  }

  @Test(arguments: [
    (0.0...10.0, 5, ["0", "2", "4", "6", "8", "10"]),
    (-0.15...0.15, 4, ["−0.1", "0.0", "0.1"]),
    (0.3...0.7, 4, ["0.3", "0.4", "0.5", "0.6", "0.7"]),
    (0.0...40000.0, 4, ["0", "10,000", "20,000", "30,000", "40,000"]),
  ])
  func `linear ticks are multiples of 1, 2 or 5`(
    range: ClosedRange<Double>, count: Int, expected: [String]
  ) {
    let found = ticks(range, .linear, about: count)
    #expect(labels(found) == expected && found.exponent == 0)
  }

  @Test func `a power of a thousand stands at the axis, not at each tick`() {
    let small = ticks(0...0.005, .linear, about: 5), large = ticks(0...3e6, .linear, about: 3)
    #expect(labels(small) == ["0", "1", "2", "3", "4", "5"] && small.exponent == -3)
    #expect(small.major[3].value == 0.003)
    #expect(labels(large) == ["0", "1", "2", "3"] && large.exponent == 6)
  }

  @Test func `logarithmic ticks are powers of ten with small ones between`() {
    let found = ticks(0.01...10, .logarithmic, about: 6)
    #expect(labels(found) == ["0.01", "0.1", "1", "10"])
    #expect(found.minor.count == 24 && found.minor.first == 0.02)
    #expect(labels(ticks(1e-9...1e-5, .logarithmic, about: 6)) == (-9 ... -5).map { "10^\($0)" })
    #expect(labels(ticks(0.1...1, .logarithmic, about: 6)) == ["0.1", "0.2", "0.5", "1"])
    #expect(labels(ticks(1e-7...5e-7, .logarithmic, about: 6)) == ["10^-7", "2×10^-7", "5×10^-7"])
  }

  @Test func `a hundred decades have no more ticks than there is room for`() {
    let found = ticks(1e-50...1e50, .logarithmic, about: 6)
    #expect(labels(found) == [-40, -20, 0, 20, 40].map { "10^\($0)" } && found.minor.isEmpty)
  }

  @Test func `less than half a decade has equal steps`() {
    #expect(labels(ticks(10...14, .logarithmic, about: 4)) == ["10", "11", "12", "13", "14"])
  }

  @Test func `any range has at least a tick and not too many`() {
    for exponent in stride(from: -300, through: 300, by: 7) {
      var size = 1.0
      for _ in 0..<abs(exponent) { size = exponent < 0 ? size / 10 : size * 10 }
      for (low, high) in [(0.0, 1.0), (-1, 1), (0.999, 1.001), (0.3, 17)] {
        let range = low * size...high * size
        let found = ticks(range, .linear, about: 5)
        #expect((1...12).contains(found.major.count), "\(range)")
        #expect(found.major.allSatisfy { $0.value.isFinite })
        if low > 0 {
          let count = ticks(range, .logarithmic, about: 5).major.count
          #expect((1...12).contains(count), "\(range)")
        }
      }
    }
  }
}
