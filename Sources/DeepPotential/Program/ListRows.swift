/// The rows of one pair list of a frame: atom by atom its pairs, then what stands for its empty
/// slots.
package struct ListRows: Sendable {
  /// The pair of each row, -1 for none; the atoms of center and neighbor, and the neighbor's type.
  package private(set) var edges: [Int32] = [], centers: [Int32] = [], neighbors: [Int32] = []
  package private(set) var neighborTypes: [Int32] = []
  /// The place of a row's statistics, -1 for none; how often it counts.
  package private(set) var statistics: [Int32] = [], multiplicities: [Double] = []
  /// The rows of each atom.
  package private(set) var starts = [0]
  /// The number of empty slots of each atom, excluded pairs included.
  package private(set) var emptySlots: [Double] = []

  /// The atoms with more neighbors than slots.
  private(set) var truncated: [Int] = []

  /// The rows of `list` for the pairs of `all`.  The type of empty slots that belong to no type is
  /// `emptyType`.
  package init(_ list: PairList, _ all: NeighborList, emptyType: Int) {
    let filler = SlotFiller(list.rule), classes = SlotClasses(list)
    var filled = Array(repeating: false, count: list.slotCount)
    for (atom, type) in all.types.prefix(all.centerCount).enumerated() {
      for k in filled.indices { filled[k] = false }
      let hidden = addPairs(of: atom, all, filler, &filled)
      if filler.isTruncated { truncated.append(atom) }
      emptySlots.append(Double(list.slotCount - (edges.count - starts[atom])))
      if list.constants != .none { addConstants(of: atom, type, emptyType, filled, list, classes) }
      if list.constants == .emptyAndExcluded {
        for type in hidden { append(atom, neighborType: type) }
      }
      starts.append(edges.count)
    }
  }

  /// Adds the pairs of `atom` and marks the slots they fill; gives the types of those that it does
  /// not see.
  private mutating func addPairs(
    of atom: Int, _ all: NeighborList, _ filler: SlotFiller, _ filled: inout [Bool]
  ) -> [Int] {
    let center = all.types[atom], pairs = all.pairs(of: atom, within: filler.rule.cutoff)
    filler.fill(center: center, count: pairs.count) {
      all.types[Int(all.neighbors[pairs.lowerBound + $0])]
    }
    var hidden: [Int] = []
    for k in 0..<filler.count {
      guard let slot = filler.slot(k) else { continue }
      filled[slot] = true
      if filler.isPair(k) {
        let pair = pairs.lowerBound + k
        append(
          atom, edge: pair, neighbor: Int(all.neighbors[pair]), neighborType: filler.type(k),
          statistics: center * filler.rule.slotCount + slot)
      } else {
        hidden.append(filler.type(k))
      }
    }
    return hidden
  }

  /// Adds a row for the empty slots of each section, or several where their statistics differ.
  private mutating func addConstants(
    of atom: Int, _ type: Int, _ emptyType: Int, _ filled: [Bool], _ list: PairList,
    _ classes: SlotClasses
  ) {
    let rule = list.rule, count = rule.slotCount
    var empty = Array(repeating: 0, count: count)
    for slot in filled.indices where !filled[slot] { empty[classes.first(type, slot)] += 1 }
    for section in 0..<rule.sectionCount {
      for slot in rule.starts[section]..<rule.starts[section + 1] where empty[slot] > 0 {
        append(
          atom, neighborType: rule.isTyped ? section : emptyType,
          statistics: type * count + slot, multiplicity: empty[slot])
      }
    }
  }

  private mutating func append(
    _ atom: Int, edge: Int = -1, neighbor: Int? = nil, neighborType: Int, statistics: Int = -1,
    multiplicity: Int = 1
  ) {
    edges.append(Int32(edge))
    centers.append(Int32(atom))
    neighbors.append(Int32(neighbor ?? atom))
    neighborTypes.append(Int32(neighborType))
    self.statistics.append(Int32(statistics))
    multiplicities.append(Double(multiplicity))
  }
}

/// Which slots of a section share their statistics, so that one row stands for all that are empty.
private struct SlotClasses {
  /// For each center type and slot the first slot of its section with the same statistics.
  private let classes: [Int]
  private let slotCount: Int

  init(_ list: PairList) {
    let rule = list.rule, count = rule.slotCount, width = list.statisticsWidth
    var classes = Array(repeating: 0, count: rule.typeCount * count)
    for type in 0..<rule.typeCount where list.constants != .none {
      func numbers(_ slot: Int) -> (ArraySlice<Double>, ArraySlice<Double>) {
        let k = (type * count + slot) * width
        return (list.mean[k..<k + width], list.deviation[k..<k + width])
      }
      for section in 0..<rule.sectionCount {
        var first: [Int] = []
        for slot in rule.starts[section]..<rule.starts[section + 1] {
          let known = first.first { numbers($0) == numbers(slot) }
          if known == nil { first.append(slot) }
          classes[type * count + slot] = known ?? slot
        }
      }
    }
    (self.classes, slotCount) = (classes, count)
  }

  /// The first slot of the same section whose statistics for centers of `type` are those of `slot`.
  func first(_ type: Int, _ slot: Int) -> Int { classes[type * slotCount + slot] }
}
