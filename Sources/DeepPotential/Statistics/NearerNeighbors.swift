/// The largest numbers of neighbors within a cutoff that is shorter than that of the search, such
/// as that of a part of a hybrid.
public struct NearerNeighbors: Sendable, Equatable, Codable {
  /// The cutoff in Å.
  public let cutoff: Double
  /// The largest number of neighbors of each type around any atom, `[types]`, and of all types
  /// together.
  public private(set) var largestCounts: [Int], largestTotal: Int

  /// Names the numbers.
  public init(cutoff: Double, largestCounts: [Int], largestTotal: Int) {
    (self.cutoff, self.largestCounts) = (cutoff, largestCounts)
    self.largestTotal = largestTotal
  }

  /// Takes in the neighbors of one atom by type.
  mutating func take(_ counts: [Int]) {
    for type in counts.indices { largestCounts[type] = max(largestCounts[type], counts[type]) }
    largestTotal = max(largestTotal, counts.reduce(0, +))
  }

  /// The larger of both numbers.
  static func + (a: NearerNeighbors, b: NearerNeighbors) -> NearerNeighbors {
    NearerNeighbors(
      cutoff: a.cutoff, largestCounts: zip(a.largestCounts, b.largestCounts).map(max),
      largestTotal: max(a.largestTotal, b.largestTotal))
  }
}
