import Plotting
import Testing

/// Labels of axes: enough of them, and each another one.
struct TickTests {
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
    // A learning rate that stays, falls by a factor of 40, by one of 10^5.
    (0.00167...0.015, ["0.002", "0.005", "0.01"]),
    (1.2e-4...5e-3, ["2×10^-4", "5×10^-4", "10^-3", "2×10^-3", "5×10^-3"]),
    (3e-8...1.1e-3, ["10^-7", "10^-6", "10^-5", "10^-4", "10^-3"]),
    // Nothing but 1 and 10 would be labeled.
    (0.8...30, ["1", "2", "5", "10", "20"]),
    (0.9...900, ["1", "3", "10", "30", "100", "300"]),
    (0.9...9e4, ["1", "10", "100", "1000", "10,000"]),
    (1...120_000, ["1", "10", "100", "1000", "10,000", "100,000"]),
    (1.02e-5...1.1e-5, ["1.02×10^-5", "1.04×10^-5", "1.06×10^-5", "1.08×10^-5", "1.1×10^-5"]),
  ])
  func `a logarithmic axis has as many labels as fit, and three`(
    range: ClosedRange<Double>, expected: [String]
  ) {
    #expect(labels(ticks(range, .logarithmic, about: 6)) == expected)
  }

  @Test func `any axis has three labels, each another one`() {
    for kind in [ScaleKind.linear, .logarithmic] {
      for start in [1e-12, 3e-4, 0.07, 1, 4.4, 999, 2e7] {
        for factor in [1.0001, 1.03, 1.4, 2, 3.3, 6, 10, 11, 50, 99, 1234, 1e9] {
          for count in 1...9 {
            let found = labels(ticks(start...start * factor, kind, about: count))
            #expect(
              (3...25).contains(found.count) && Set(found).count == found.count,
              "\(kind) \(start) \(factor) \(count): \(found)")
          }
        }
      }
    }
  }

  @Test func `an axis takes fewer labels where three have no room`() {
    let found = ticks(0.45...1.55, .linear, about: 2, atLeast: 1)
    #expect(labels(found) == ["1"])
  }

  @Test(arguments: [
    (0.0...9999.0, "8000"), (0.0...12_000.0, "10,000"), (0.0...800_000.0, "200,000"),
  ])
  func `ten thousand is written one way on any axis`(range: ClosedRange<Double>, label: String) {
    #expect(labels(ticks(range, .linear, about: 5)).contains(label))
    #expect(ticks(range, .linear, about: 5).exponent == 0)
  }
}
