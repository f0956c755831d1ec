import Atoms

/// How a model's neighbor slots are filled.
struct SlotFilling: Sendable {
  /// Slots of each neighbor type.
  let capacities: [Int]
  /// All of them.
  let total: Int
  /// Whether the model excludes pairs of a center and a neighbor type, `[center * types + neighbor]`.
  private let excluded: [Bool]
  /// Whether the descriptor does.
  private let hidden: [Bool]

  /// The slots of `capacities`; pairs of types that do not see each other, in any order.
  init(_ capacities: [Int], excludedByModel: [[Int]], excludedByDescriptor: [[Int]]) {
    self.capacities = capacities
    total = capacities.reduce(0, +)
    excluded = SlotFilling.table(excludedByModel, typeCount: capacities.count)
    hidden = SlotFilling.table(excludedByDescriptor, typeCount: capacities.count)
  }

  /// Whether there are slots that are filled without being seen.
  var hidesTypes: Bool { hidden.contains(true) }

  /// What becomes of neighbors of `type` around a center of type `center`.
  func sees(_ center: Int, _ type: Int) -> (pairs: Bool, hidden: Bool) {
    let place = center * capacities.count + type
    return (!excluded[place] && !hidden[place], !excluded[place] && hidden[place])
  }

  private static func table(_ pairs: [[Int]], typeCount: Int) -> [Bool] {
    var table = Array(repeating: false, count: typeCount * typeCount)
    for pair in pairs {
      precondition(pair.count == 2, "a pair of types has two")
      table[pair[0] * typeCount + pair[1]] = true
      table[pair[1] * typeCount + pair[0]] = true
    }
    return table
  }
}

/// The filled slots of some atoms of a frame, in the order in which a search came by them.
struct SlotPart: Sendable {
  private(set) var centers: [Int] = []
  /// Pairs of each center by neighbor type, `[centers][types]`.
  private(set) var counts: [UInt32] = []
  /// Slots filled unseen, the same way.
  private(set) var hiddenCounts: [UInt32] = []
  /// The pairs of each center, type by type.
  private(set) var codes: [UInt32] = []
  private(set) var truncatedCenters = 0
  /// The smallest squared distance of two atoms, in Å².
  private(set) var closestSquared = Double.infinity
  private let rule: SlotFilling
  private var found: [Int], next: [Int]

  init(_ rule: SlotFilling) {
    self.rule = rule
    found = Array(repeating: 0, count: rule.capacities.count)
    next = found
  }

  /// Fills the slots of atom `center`, whose neighbors are `neighbors`, nearest first; atoms are of `types`.
  mutating func add(
    _ center: Int, _ neighbors: FoundNeighbors, types: [Int], _ images: PeriodicImages
  ) {
    let codes = neighbors.codes, nearest = min(codes.count, rule.total)
    if let squared = neighbors.squaredDistances.first {
      closestSquared = min(closestSquared, squared)
    }
    for type in found.indices { found[type] = 0 }
    for k in 0..<nearest { found[types[images.atom(codes[k])]] += 1 }
    let isTruncated =
      codes.count > nearest || found.indices.contains { found[$0] > rule.capacities[$0] }
    if isTruncated { truncatedCenters += 1 }
    centers.append(center)
    reserve(around: types[center])
    for k in 0..<nearest {
      let type = types[images.atom(codes[k])]
      if found[type] == 0 { continue }
      found[type] -= 1
      self.codes[next[type]] = codes[k]
      next[type] += 1
    }
  }

  /// Makes room for what was `found`, and limits it to what there are slots for and a center of type `center` sees.
  private mutating func reserve(around center: Int) {
    var end = codes.count
    for type in found.indices {
      let filled = min(found[type], rule.capacities[type]), (sees, hides) = rule.sees(center, type)
      found[type] = sees ? filled : 0
      next[type] = end
      end += found[type]
      counts.append(UInt32(found[type]))
      if rule.hidesTypes { hiddenCounts.append(UInt32(hides ? filled : 0)) }
    }
    codes.append(contentsOf: repeatElement(0, count: end - codes.count))
  }
}
