/// The rows of one pair list of a frame: atom by atom its pairs, then what stands for its empty
/// slots.
struct ListRows: Sendable {
  /// The pair of each row, -1 for none; the atoms of center and neighbor, and the neighbor's type.
  private(set) var edges: [Int32] = [], centers: [Int32] = [], neighbors: [Int32] = []
  private(set) var neighborTypes: [Int32] = []
  /// The place of a row's statistics, -1 for none; how often it counts; its slot.
  private(set) var statistics: [Int32] = [], multiplicities: [Double] = [], slots: [Int32] = []
  /// The rows of each atom.
  private(set) var starts = [0]
  /// The number of empty slots of each atom, excluded pairs included.
  private(set) var emptySlots: [Double] = []

  /// The rows of `list` for `edges`; pairs of types in `excluded` are no neighbors.  The type of
  /// empty slots that belong to no type is `emptyType`.
  init(_ list: PairList, _ edges: FrameEdges, typeCount: Int, excluded: [[Int]], emptyType: Int) {
    let slots = ListSlots(list, typeCount: typeCount, excluded: excluded)
    var filled = Array(repeating: false, count: list.slotCount)
    for (atom, type) in edges.types.enumerated() {
      for k in filled.indices { filled[k] = false }
      let hidden = addPairs(of: atom, edges, slots, &filled)
      emptySlots.append(Double(list.slotCount - (self.edges.count - starts[atom])))
      if list.constants != .none { addConstants(of: atom, type, emptyType, filled, slots) }
      if list.constants == .emptyAndExcluded {
        for type in hidden { append(atom, neighborType: type) }
      }
      starts.append(self.edges.count)
    }
  }

  /// Adds the pairs of `atom` and marks the slots they fill; gives the types of those that it does
  /// not see.
  private mutating func addPairs(
    of atom: Int, _ edges: FrameEdges, _ slots: ListSlots, _ filled: inout [Bool]
  ) -> [Int] {
    var next = slots.starts, hidden: [Int] = []
    let center = edges.types[atom]
    for pair in edges.pairs(of: atom) {
      let neighbor = Int(edges.neighbors[pair]), type = edges.types[neighbor]
      let section = slots.isTyped ? type : 0, slot = next[section]
      next[section] += 1
      guard slot < slots.starts[section + 1],
        edges.distances[pair] <= slots.list.cutoff ?? .infinity,
        !slots.excluded.contains(center, type)
      else { continue }
      filled[slot] = true
      if slots.hidden.contains(center, type) {
        hidden.append(type)
      } else {
        append(
          atom, edge: pair, neighbor: neighbor, neighborType: type,
          statistics: center * slots.list.slotCount + slot, slot: slot)
      }
    }
    return hidden
  }

  /// Adds a row for the empty slots of each section, or several where their statistics differ.
  private mutating func addConstants(
    of atom: Int, _ type: Int, _ emptyType: Int, _ filled: [Bool], _ slots: ListSlots
  ) {
    let count = slots.list.slotCount
    var empty = Array(repeating: 0, count: count)
    for slot in filled.indices where !filled[slot] {
      empty[slots.classes[type * count + slot]] += 1
    }
    for section in slots.list.slots.indices {
      for slot in slots.starts[section]..<slots.starts[section + 1] where empty[slot] > 0 {
        append(
          atom, neighborType: slots.isTyped ? section : emptyType,
          statistics: type * count + slot, multiplicity: empty[slot], slot: slot)
      }
    }
  }

  private mutating func append(
    _ atom: Int, edge: Int = -1, neighbor: Int? = nil, neighborType: Int, statistics: Int = -1,
    multiplicity: Int = 1, slot: Int = -1
  ) {
    edges.append(Int32(edge))
    centers.append(Int32(atom))
    neighbors.append(Int32(neighbor ?? atom))
    neighborTypes.append(Int32(neighborType))
    self.statistics.append(Int32(statistics))
    multiplicities.append(Double(multiplicity))
    slots.append(Int32(slot))
  }
}

/// What decides which slot a neighbor fills.
private struct ListSlots {
  let list: PairList
  /// Where the slots of each section begin, and where the last ones end.
  let starts: [Int]
  let isTyped: Bool
  /// Pairs of types that are no neighbors, and those that the descriptor does not see.
  let excluded: TypePairs, hidden: TypePairs
  /// For each center type and slot the first slot of its section with the same statistics.
  let classes: [Int]

  init(_ list: PairList, typeCount: Int, excluded: [[Int]]) {
    self.list = list
    isTyped = list.isTyped || list.slots.count > 1
    let starts = list.slots.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    self.starts = starts
    self.excluded = TypePairs(excluded, typeCount)
    hidden = TypePairs(list.excludedPairs, typeCount)
    let count = list.slotCount, width = list.statisticsWidth
    var classes = Array(repeating: 0, count: typeCount * count)
    for type in 0..<typeCount where list.constants != .none {
      func numbers(_ slot: Int) -> (ArraySlice<Double>, ArraySlice<Double>) {
        let k = (type * count + slot) * width
        return (list.mean[k..<k + width], list.deviation[k..<k + width])
      }
      for section in list.slots.indices {
        var first: [Int] = []
        for slot in starts[section]..<starts[section + 1] {
          let known = first.first { numbers($0) == numbers(slot) }
          if known == nil { first.append(slot) }
          classes[type * count + slot] = known ?? slot
        }
      }
    }
    self.classes = classes
  }
}

/// A set of unordered pairs of types.
struct TypePairs: Sendable {
  private let table: [Bool], typeCount: Int

  init(_ pairs: [[Int]], _ typeCount: Int) {
    var table = Array(repeating: false, count: typeCount * typeCount)
    for pair in pairs {
      precondition(pair.count == 2, "a pair of types has two")
      table[pair[0] * typeCount + pair[1]] = true
      table[pair[1] * typeCount + pair[0]] = true
    }
    (self.table, self.typeCount) = (table, typeCount)
  }

  func contains(_ a: Int, _ b: Int) -> Bool { table[a * typeCount + b] }
}
