/// How often values occur, in at most 256 bins of one width, a power of two.
///
/// The width is the smallest that holds all values: when one lies farther away, pairs of bins become one.  So neither the
/// order of the values nor how they were parted changes a count.
public struct ValueCounts: Sendable, Equatable, Codable {
  /// Width of a bin; bin k begins at `(first + k) * width`.
  public private(set) var width = 1.0 / 1_048_576
  /// The number of the first bin.
  public private(set) var first = 0
  /// The count of each bin; the first and the last are not zero.
  public private(set) var counts: [Int] = []

  private static let largestCount = 256

  /// No values.
  public init() {}

  /// Where the first bin begins.
  public var start: Double { Double(first) * width }

  /// Counts `value`; what is not finite, or beyond 1e12, is left out.
  public mutating func add(_ value: Double) {
    guard abs(value) < 1e12 else { return }
    // Coarsened before the bin's number is taken, so that it is a small one.
    var bin = (value / width).rounded(.down)
    while !counts.isEmpty && !fits(bin) {
      coarsen()
      bin = (value / width).rounded(.down)
    }
    add(1, at: Int(bin))
  }

  /// Takes in what `other` counted.
  public mutating func add(_ other: ValueCounts) {
    if other.counts.isEmpty { return }
    var other = other
    while other.width < width { other.coarsen() }
    while width < other.width { coarsen() }
    while !fits(Double(other.first)) || !fits(Double(other.first + other.counts.count - 1)) {
      coarsen()
      other.coarsen()
    }
    for (bin, count) in other.counts.enumerated() { add(count, at: other.first + bin) }
  }

  /// The same counts in bins of `width`, a larger power of two.
  public func coarsened(to width: Double) -> ValueCounts {
    var result = self
    while result.width < width { result.coarsen() }
    return result
  }

  private func fits(_ bin: Double) -> Bool {
    if counts.isEmpty { return true }
    let low = min(bin, Double(first)), high = max(bin, Double(first + counts.count - 1))
    return high - low < Double(ValueCounts.largestCount)
  }

  private mutating func add(_ count: Int, at bin: Int) {
    if counts.isEmpty { first = bin }
    if bin < first {
      counts.insert(contentsOf: repeatElement(0, count: first - bin), at: 0)
      first = bin
    }
    while counts.count <= bin - first { counts.append(0) }
    counts[bin - first] += count
  }

  private mutating func coarsen() {
    let old = self
    width *= 2
    (first, counts) = (0, [])
    // An arithmetic shift rounds down, below zero too.
    for (bin, count) in old.counts.enumerated() where count > 0 {
      add(count, at: (old.first + bin) >> 1)
    }
  }
}
