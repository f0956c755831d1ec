/// Which neighbors of an atom count, and which slot of a descriptor each of them fills.
///
/// Of the neighbors within the cutoff the nearest `nearest` count, whatever their types.  Nearest
/// first, each is given the next slot of its section: of its type, or of all types.  A neighbor for
/// which no slot is left fills none.  A neighbor of an excluded pair of types leaves the slot that
/// it is given empty; one of a hidden pair fills it, but the center does not see it.
/// Source: docs/MATH.md, "Neighbor slots"; DeePMD-kit's `build_neighbor_list`.
public struct NeighborRule: Sendable, Equatable {
  /// How many slots there are for neighbors (`sel`).
  public enum Slots: Sendable, Equatable {
    /// So many for neighbors of each type, `[types]`.
    case ofEachType([Int])
    /// So many for neighbors of all types together.
    case ofAllTypes(Int)
  }

  /// The slots.
  public let slots: Slots
  /// Number of types.
  public let typeCount: Int
  /// Atoms farther away than this, in Å, are no neighbors.
  public private(set) var cutoff: Double
  /// How many of the nearest neighbors count.
  public private(set) var nearest: Int
  /// Where the slots of each section begin, and where the last ones end, `[sections + 1]`.
  let starts: [Int]
  /// The end of the slots that neighbors of a type may fill, 0 for excluded pairs, `[center
  /// types][types]`.
  private(set) var ends: [Int32]
  /// Pairs of types that do not see each other, but fill slots.
  let hidden: TypePairs

  /// A rule for `typeCount` types; `excludedPairs` of types fill no slots, `hiddenPairs` fill them
  /// unseen.
  ///
  /// As many of the nearest neighbors count as there are slots.
  public init(
    _ slots: Slots, typeCount: Int, cutoff: Double, excludedPairs: [[Int]] = [],
    hiddenPairs: [[Int]] = []
  ) {
    (self.slots, self.typeCount, self.cutoff) = (slots, typeCount, cutoff)
    let sections =
      switch slots {
      case .ofEachType(let counts): counts
      case .ofAllTypes(let count): [count]
      }
    let starts = sections.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    (self.starts, nearest) = (starts, starts[starts.count - 1])
    hidden = TypePairs(hiddenPairs, typeCount: typeCount)
    ends = []
    precondition(cutoff > 0 && sections.allSatisfy { $0 >= 0 } && nearest <= Int(Int32.max))
    precondition(!isTyped || sections.count == typeCount, "slots of each type")
    let row = (0..<typeCount).map { Int32(starts[section(of: $0) + 1]) }
    ends = (0..<typeCount).flatMap { _ in row }
    exclude(excludedPairs)
  }

  /// The same rule for one of the lists of a model in which the nearest `nearest` neighbors count,
  /// and neighbors of `excludedPairs` of types fill no slots; up to another `cutoff` in Å if given.
  public func inModel(
    nearest: Int, excludedPairs: [[Int]], cutoff: Double? = nil
  ) -> NeighborRule {
    var rule = self
    rule.nearest = nearest
    if let cutoff { rule.cutoff = cutoff }
    rule.exclude(excludedPairs)
    return rule
  }

  private mutating func exclude(_ pairs: [[Int]]) {
    let excluded = TypePairs(pairs, typeCount: typeCount)
    for center in 0..<typeCount {
      for type in 0..<typeCount where excluded.contains(center, type) {
        ends[center * typeCount + type] = 0
      }
    }
  }
}

extension NeighborRule {
  /// All slots.
  public var slotCount: Int { starts[starts.count - 1] }

  /// Whether each slot belongs to a type.
  public var isTyped: Bool {
    if case .ofEachType = slots { true } else { false }
  }

  /// Number of sections: of types with slots of their own, or 1.
  var sectionCount: Int { starts.count - 1 }

  /// The section of slots that neighbors of `type` are given.
  func section(of type: Int) -> Int { isTyped ? type : 0 }

  /// Whether there are slots that are filled without being seen.
  var hidesTypes: Bool { !hidden.isEmpty }
}
