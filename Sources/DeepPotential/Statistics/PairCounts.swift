/// Counts of distances between neighbors in one frame, for the types that the frame has.
struct PairCounts {
  /// The types of the frame, and the place of each type in this list, `[all types]`.
  private let types: [Int], places: [Int]
  private let perDistance: Double
  /// `[centers][neighbors][bins]`.
  private var counts: [Int]

  private static let bins = DataCounts.distanceBins

  /// Starts with counts of zero, for atoms of `types` and neighbors up to `cutoff` Å.
  init(types: [Int], typeCount: Int, cutoff: Double) {
    self.types = (0..<typeCount).filter(Set(types).contains)
    var places = Array(repeating: 0, count: typeCount)
    for (place, type) in self.types.enumerated() { places[type] = place }
    self.places = places
    perDistance = Double(PairCounts.bins) / cutoff
    counts = Array(repeating: 0, count: self.types.count * self.types.count * PairCounts.bins)
  }

  /// Counts a neighbor of type `b` at `distance` Å, below the cutoff, from an atom of type `a`.
  mutating func add(_ a: Int, _ b: Int, _ distance: Double) {
    let bin = min(Int(distance * perDistance), PairCounts.bins - 1)
    counts[(places[a] * types.count + places[b]) * PairCounts.bins + bin] += 1
  }

  /// Adds the counts to `data`, which has one place for both orders of two types.
  func add(to data: inout DataCounts) {
    for (center, a) in types.enumerated() {
      for (neighbor, b) in types.enumerated() {
        let start = (center * types.count + neighbor) * PairCounts.bins
        let row = counts[start..<start + PairCounts.bins]
        if row.contains(where: { $0 > 0 }) { data.addDistances(min(a, b), max(a, b), row) }
      }
    }
  }
}
