/// A rule that chooses the neighbors of an atom and gives each of them a slot of a descriptor.
///
/// The rule takes the `nearest` nearest neighbors within the cutoff, whatever their types.  It goes
/// through them from the nearest on and gives each the next slot of its section; a section belongs
/// to one type or to all types.  A neighbor gets no slot if its section is full.  A neighbor of an
/// excluded pair of types leaves its slot empty.  A neighbor of a hidden pair of types fills its
/// slot, but the center does not see this neighbor.
/// Source: docs/MATH.md, "Neighbor slots"; DeePMD-kit's `build_neighbor_list`.
public struct NeighborRule: Sendable, Equatable {
  /// Number of slots for neighbors (`sel`).
  public enum Slots: Sendable, Equatable {
    /// Number of slots for neighbors of each type, `[types]`.
    case ofEachType([Int])
    /// Number of slots for neighbors of all types together.
    case ofAllTypes(Int)
  }

  /// Number of slots, for each type or for all types.
  public let slots: Slots
  /// Number of types.
  public let typeCount: Int
  /// The largest distance of a neighbor, in Å.
  public private(set) var cutoff: Double
  /// The largest number of neighbors that the rule takes.
  public private(set) var nearest: Int
  /// The first slot of each section, then the end of the last section, `[sections + 1]`.
  let starts: [Int]
  /// The end of the slots that neighbors of a type may fill, 0 for excluded pairs,
  /// `[center types][types]`.
  private(set) var ends: [Int32]
  /// Pairs of types that fill slots of each other but do not see each other.
  let hidden: TypePairs

  /// Makes a rule for `typeCount` types and a `cutoff` in Å, with `nearest` equal to the number of
  /// slots.
  ///
  /// Neighbors of `excludedPairs` of types fill no slots; neighbors of `hiddenPairs` fill slots,
  /// but their centers do not see them.
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

  /// The same rule as part of a model with several lists: it takes `nearest` neighbors, and
  /// neighbors of `excludedPairs` of types fill no slots; within `cutoff` Å, or as far as before.
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
  /// Number of slots of all sections.
  public var slotCount: Int { starts[starts.count - 1] }

  /// Whether each type has slots of its own.
  public var isTyped: Bool {
    if case .ofEachType = slots { true } else { false }
  }

  /// Number of sections: one per type if each type has slots of its own, else 1.
  var sectionCount: Int { starts.count - 1 }

  /// The section that gives slots to neighbors of `type`.
  func section(of type: Int) -> Int { isTyped ? type : 0 }

  /// Whether the rule has hidden pairs of types.
  var hidesTypes: Bool { !hidden.isEmpty }
}
