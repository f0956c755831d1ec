/// Numbers of values in bins of equal width.
public struct Histogram: Sendable, Equatable, Encodable {
  /// The name in the legend; empty for none.
  public var name: String
  /// The lower end of the first bin, and the width of each.
  public var start: Double, width: Double
  /// The height of each bin.
  public var heights: [Double]
  /// The style of the outline.
  public var style: Style
  /// Whether the area below is filled, lightly.
  public var isFilled: Bool

  /// Makes a histogram of counts or other heights.
  public init(
    _ name: String, start: Double, width: Double, heights: [Double], _ style: Style,
    isFilled: Bool = true
  ) {
    precondition(width > 0)
    (self.name, self.start, self.width, self.heights) = (name, start, width, heights)
    (self.style, self.isFilled) = (style, isFilled)
  }

  /// The lower end of bin `k`.
  func edge(_ k: Int) -> Double { start + Double(k) * width }
}

/// The numbers of `values` in each of `count` bins of equal width in `range`; the last bin includes
/// its upper end.
///
/// Values outside, and values that are not finite, do not count.
public func binCounts(
  _ values: some Sequence<Double>, in range: ClosedRange<Double>, count: Int
) -> [Int] {
  precondition(count > 0 && range.lowerBound < range.upperBound)
  var counts = Array(repeating: 0, count: count)
  let scale = Double(count) / (range.upperBound - range.lowerBound)
  for value in values where range.contains(value) {
    counts[min(Int((value - range.lowerBound) * scale), count - 1)] += 1
  }
  return counts
}

/// Bins for `values` in `range`: their width follows from the spread and the number of values, and
/// is 1, 2 or 5 times a power of ten.
///
/// The edges are multiples of the width, so that zero is one if it is in the range.  There are at
/// most 62 bins.  Source of the width: Freedman and Diaconis, Z. Wahrscheinlichkeitstheorie verw.
/// Gebiete 57, 453 (1981).
public func niceBins(
  _ values: [Double], in range: ClosedRange<Double>
) -> (range: ClosedRange<Double>, count: Int) {
  let sorted = values.filter(range.contains).sorted()
  let span = range.upperBound - range.lowerBound
  var width = span / 10
  if sorted.count > 3 {
    let half = sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]
    width = 2 * half / exponential(logarithm(Double(sorted.count)) / 3)
  }
  guard let step = DecimalStep(atLeast: min(max(width, span / 60), span / 6)) else {
    return (range, 10)
  }
  let first = step.floor(range.lowerBound), last = step.ceiling(range.upperBound)
  let (lower, upper) = (step.value(first), step.value(last))
  return lower < upper ? (lower...upper, Int(last - first)) : (range, 10)
}
