import Atoms

/// The two atoms with the smallest distance in all frames of some systems.
public struct ClosestPair: Sendable, Equatable, Codable {
  /// The distance of the two atoms in Å.
  public var distance: Double
  /// Index of the system, and index of the frame in this system.
  public var system: Int, frame: Int
  /// Indices of the two atoms; both are the same if an atom is closest to its own image.
  public var atoms: [Int]

  /// Makes a pair from its parts.
  public init(distance: Double, system: Int, frame: Int, atoms: [Int]) {
    self.distance = distance
    self.system = system
    self.frame = frame
    self.atoms = atoms
  }
}

/// The largest numbers of neighbors of an atom, and the closest two atoms, in some frames.
///
/// Neighbors are strictly closer than the cutoff, as in `dp neighbor-stat`.
public struct NeighborSurvey: Sendable, Equatable, Codable {
  /// The largest number of neighbors of each type that an atom has, `[types]`.
  public var largestCounts: [Int]
  /// The largest number of neighbors of all types together that an atom has.
  public var largestTotal: Int
  /// Whether the frames have atoms of each type, `[types]`.
  public var isPresent: [Bool]
  /// The closest two atoms; nil if no atom has a neighbor.
  public var closest: ClosestPair?
  /// What is within shorter cutoffs, if there are some.
  public var nearer: [NearerNeighbors]

  /// Starts without frames; neighbors within each of `shorterCutoffs` in Å are counted, too.
  public init(typeCount: Int, shorterCutoffs: [Double] = []) {
    let none = Array(repeating: 0, count: typeCount)
    largestCounts = none
    largestTotal = 0
    isPresent = Array(repeating: false, count: typeCount)
    nearer = shorterCutoffs.map {
      NearerNeighbors(cutoff: $0, largestCounts: none, largestTotal: 0)
    }
  }

  /// The survey of neighbors closer than `cutoff`, one of those that were counted for, in Å.
  public func within(_ cutoff: Double) -> NeighborSurvey {
    guard let there = nearer.first(where: { $0.cutoff == cutoff }) else { return self }
    var survey = self
    (survey.largestCounts, survey.largestTotal) = (there.largestCounts, there.largestTotal)
    survey.nearer = []
    return survey
  }

  /// Adds `frame`, which is frame `index` of system `system`; neighbors are closer than `cutoff` Å.
  public mutating func add(_ frame: Frame, cutoff: Double, system: Int, index: Int) {
    var data = DataCounts(typeCount: largestCounts.count, cutoff: cutoff)
    add(frame, system: system, index: index, counting: &data)
  }

  /// Adds `frame` in the same way with the cutoff of `data`, and adds its neighbors and their
  /// distances to `data`.
  public mutating func add(
    _ frame: Frame, system: Int, index: Int, counting data: inout DataCounts
  ) {
    let cutoff = data.cutoff
    for type in frame.types where type >= 0 { isPresent[type] = true }
    var pairs = PairCounts(types: frame.types, typeCount: largestCounts.count, cutoff: cutoff)
    let search = NeighborSearch(frame, cutoff: cutoff), found = FoundNeighbors()
    var counts = Array(repeating: 0, count: largestCounts.count)
    var nearCounts = nearer.map { _ in counts }
    // Among equally close pairs the smallest index of the center decides, then the smallest index
    // of the neighbor.
    var nearest = (distance: Double.infinity, center: 0, neighbor: 0)
    for box in 0..<search.boxCount {
      search.forEachCenter(inBox: box, sorting: false, found) { center in
        for type in counts.indices { counts[type] = 0 }
        for k in nearer.indices { nearCounts[k] = counts }
        var closest = (squared: Double.infinity, neighbor: 0)
        for (code, squared) in zip(found.codes, found.squaredDistances) {
          let distance = squared.squareRoot()
          guard distance < cutoff else { continue }
          let neighbor = search.images.atom(code)
          counts[frame.types[neighbor]] += 1
          for k in nearer.indices where distance < nearer[k].cutoff {
            nearCounts[k][frame.types[neighbor]] += 1
          }
          pairs.add(frame.types[center], frame.types[neighbor], distance)
          if (squared, neighbor) < closest { closest = (squared, neighbor) }
        }
        take(counts)
        for k in nearer.indices { nearer[k].take(nearCounts[k]) }
        data.addNeighbors(counts)
        let pair = (closest.squared.squareRoot(), center, closest.neighbor)
        if pair < nearest { nearest = pair }
      }
    }
    pairs.add(to: &data)
    if nearest.distance < closest?.distance ?? .infinity {
      closest = ClosestPair(
        distance: nearest.distance, system: system, frame: index,
        atoms: [nearest.center, nearest.neighbor])
    }
  }

  /// Adds an atom with `counts[type]` neighbors of each type.
  private mutating func take(_ counts: [Int]) {
    for type in counts.indices { largestCounts[type] = max(largestCounts[type], counts[type]) }
    largestTotal = max(largestTotal, counts.reduce(0, +))
  }

  /// The survey of the frames of both; if both have equally close pairs, that of `a` stays.
  public static func + (a: NeighborSurvey, b: NeighborSurvey) -> NeighborSurvey {
    var both = a
    both.largestCounts = zip(a.largestCounts, b.largestCounts).map(max)
    both.largestTotal = max(a.largestTotal, b.largestTotal)
    // A survey of no frames may have been made without the cutoffs, whichever of both it is.
    if a.nearer.isEmpty || b.nearer.isEmpty {
      both.nearer = a.nearer + b.nearer
    } else {
      both.nearer = zip(a.nearer, b.nearer).map { $0 + $1 }
    }
    both.isPresent = zip(a.isPresent, b.isPresent).map { $0 || $1 }
    if let there = b.closest, there.distance < a.closest?.distance ?? .infinity {
      both.closest = there
    }
    return both
  }

  /// Numbers of neighbor slots (`sel`) for these frames: `ratio` times the largest counts, rounded
  /// up to multiples of four.
  ///
  /// There is one number per type, or one for all types together if `isMixed`.  A type that has
  /// atoms gets at least four slots; without slots, the model would never see such neighbors, even
  /// if other data have some.
  /// Source: DeePMD-kit's `BaseUpdateSel.update_one_sel` for `"sel": "auto:<ratio>"`, which has no
  /// least number.
  public func recommendedSlots(ratio: Double = 1.1, isMixed: Bool = false) -> [Int] {
    func slots(_ count: Int, _ isPresent: Bool) -> Int {
      max(4 * ((Int(Double(count) * ratio) + 3) / 4), isPresent ? 4 : 0)
    }
    if isMixed { return [slots(largestTotal, true)] }
    return zip(largestCounts, isPresent).map(slots)
  }

  /// The types whose largest count exceeds their `slots`.
  ///
  /// A type with 0 slots is not among them: its neighbors are left out on purpose.
  public func typesBeyond(_ slots: [Int]) -> [Int] {
    slots.indices.filter { slots[$0] > 0 && largestCounts[$0] > slots[$0] }
  }
}
