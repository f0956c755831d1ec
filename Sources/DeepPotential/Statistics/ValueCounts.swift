/// Counts of values in at most 256 bins of equal width, which is a power of two.
///
/// The bins have the smallest width at which 256 of them hold all values: for a value outside,
/// pairs of bins are joined until it fits.  So the counts do not depend on the order of the values,
/// nor on the groups in which they were counted.
public struct ValueCounts: Sendable, Equatable, Codable {
  /// Width of a bin; bin k begins at `(first + k) * width`.
  public private(set) var width = 1.0 / 1_048_576
  /// The number of the first bin.
  public private(set) var first = 0
  /// The count of each bin; the first and the last are not zero.
  public private(set) var counts: [Int] = []

  private static let largestCount = 256

  /// Starts without values.
  public init() {}

  /// The lower end of the first bin.
  public var start: Double { Double(first) * width }

  /// Counts `values`, without those that are not finite or not below 1e12 in magnitude.
  public init(_ values: [Double]) {
    let known = values.filter { abs($0) < 1e12 }
    guard let least = known.min(), let most = known.max() else { return }
    while (most / width).rounded(.down) - (least / width).rounded(.down)
      >= Double(ValueCounts.largestCount)
    { width *= 2 }
    first = Int((least / width).rounded(.down))
    counts = Array(repeating: 0, count: Int((most / width).rounded(.down)) - first + 1)
    for value in known { counts[Int((value / width).rounded(.down)) - first] += 1 }
  }

  /// Adds the counts of `other`.
  public mutating func add(_ other: ValueCounts) {
    if other.counts.isEmpty { return }
    var other = other
    while other.width < width { other.coarsen() }
    while width < other.width { coarsen() }
    while !fits(other.first) || !fits(other.first + other.counts.count - 1) {
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

  private func fits(_ bin: Int) -> Bool {
    if counts.isEmpty { return true }
    return max(bin, first + counts.count - 1) - min(bin, first) < ValueCounts.largestCount
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
    // An arithmetic shift rounds down, also below zero.
    for (bin, count) in old.counts.enumerated() where count > 0 {
      add(count, at: (old.first + bin) >> 1)
    }
  }
}
