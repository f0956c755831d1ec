import Kernels

/// Computes the index tables and row weights of a frame that a program names.
struct FrameTables: Sendable {
  let program: Program, edges: NeighborList
  private let lists: [ListRows]
  private var angles: [AngleRows?]
  private var parts: [Space: [Int32]] = [:]

  /// The tables for `edges`; `emptyType` is the type of empty slots that belong to no type.
  init(_ program: Program, _ edges: NeighborList, emptyType: Int, threads: Int) {
    self.program = program
    self.edges = edges
    let withAngles = program.listsWithAngles
    let all = mapItems(below: program.lists.count, workers: threads) { number in
      let list = program.lists[number], rows = ListRows(list, edges, emptyType: emptyType)
      return (rows, withAngles.contains(number) ? AngleRows(list, rows, edges) : nil)
    }
    lists = all.map(\.0)
    angles = all.map(\.1)
    for (id, space) in program.spaces.enumerated() where program.usedSpaces.contains(id) {
      if let part = part(of: space) { parts[space] = part }
    }
  }

  /// Number of atoms with more neighbors than some list has slots for.
  var truncatedCenters: Int {
    Set(lists.flatMap(\.truncated)).union(edges.truncated).count
  }

  /// The rows of the pair list, or of its angles, that one net is for; the atoms of one
  /// type.
  private func part(of space: Space) -> [Int32]? {
    switch space {
    case .atoms(let type): return pick(0..<edges.centerCount) { edges.types[$0] == type }
    case .net(let list, let net):
      let key = program.lists[list].nets[net], rows = lists[list]
      return pick(rows.edges.indices) {
        Int(rows.neighborTypes[$0]) == key.second
          && (key.first ?? centerType(list, $0)) == centerType(list, $0)
      }
    case .angleNet(let list, let net):
      let key = program.lists[list].angleNets[net], rows = lists[list]
      let angles = angles(list)
      return pick(angles.first.indices) {
        Int(rows.neighborTypes[Int(angles.second[$0])]) == key.second
          && Int(rows.neighborTypes[Int(angles.first[$0])]) == key.first ?? key.second
      }
    case .inner(let list): return angles(list).inner
    case .one, .type, .typePair, .atom, .pairs, .angles: return nil
    }
  }

  private func pick(_ rows: Range<Int>, _ isIn: (Int) -> Bool) -> [Int32] {
    rows.filter(isIn).map { Int32($0) }
  }

  private func angles(_ list: Int) -> AngleRows {
    guard let angles = angles[list] else { preconditionFailure("the list has no angles") }
    return angles
  }

  private func centerType(_ list: Int, _ row: Int) -> Int {
    edges.types[Int(lists[list].centers[row])]
  }

  private func part(_ space: Space) -> [Int32] {
    guard let part = parts[space] else { preconditionFailure("no space of the program") }
    return part
  }

  /// Number of rows of a space.
  func count(_ space: Space) -> Int {
    switch space {
    case .one: 1
    case .type: program.typeCount
    case .typePair: program.typeCount * program.typeCount
    case .atom: edges.centerCount
    case .pairs(let list): lists[list].edges.count
    case .angles(let list): angles(list).first.count
    case .atoms, .net, .angleNet, .inner: part(space).count
    }
  }

  /// The atom of each row of a space whose rows belong to atoms, in order.
  func atoms(of space: Space) -> [Int32] {
    switch space {
    case .one, .type, .typePair: []
    case .atom: (0..<edges.centerCount).map { Int32($0) }
    case .atoms: part(space)
    case .pairs(let list): lists[list].centers
    case .net(let list, _), .inner(let list):
      FrameTables.at(part(space), lists[list].centers)
    case .angles(let list): FrameTables.at(angles(list).first, lists[list].centers)
    case .angleNet(let list, _):
      FrameTables.at(FrameTables.at(part(space), angles(list).first), lists[list].centers)
    }
  }

  /// The numbers at `places`; its arguments are looked up once, and not for every row.
  private static func at<Number>(_ places: [Int32], _ numbers: [Number]) -> [Number] {
    places.map { numbers[Int($0)] }
  }

  /// The entries of a table.
  func entries(_ table: IndexTable) -> [Int32] {
    let types = Int32(program.typeCount)
    switch table {
    case .edge(let list): return lists[list].edges
    case .statistics(let list): return lists[list].statistics
    case .atomType: return edges.types.prefix(edges.centerCount).map { Int32($0) }
    case .firstType: return (0..<types * types).map { $0 / types }
    case .secondType: return (0..<types * types).map { $0 % types }
    case .atom(let space): return atoms(of: space)
    case .neighbor(let list): return lists[list].neighbors
    case .centerType(let list): return lists[list].edges.indices.map { Int32(centerType(list, $0)) }
    case .neighborType(let list): return lists[list].neighborTypes
    case .typePair(let list):
      return lists[list].edges.indices.map {
        lists[list].neighborTypes[$0] * types + Int32(centerType(list, $0))
      }
    case .row(let space): return part(space)
    case .first(let space): return ends(of: space, \.first)
    case .second(let space): return ends(of: space, \.second)
    case .innerFirst(let list):
      return FrameTables.at(angles(list).first, angles(list).innerNumbers)
    case .innerSecond(let list):
      return FrameTables.at(angles(list).second, angles(list).innerNumbers)
    case .firstNeighborType(let list): return neighborTypes(list, \.first)
    case .secondNeighborType(let list): return neighborTypes(list, \.second)
    case .neighborTypePair(let list):
      return zip(neighborTypes(list, \.first), neighborTypes(list, \.second)).map {
        $0 * types + $1
      }
    }
  }

  private func ends(of space: Space, _ end: KeyPath<AngleRows, [Int32]>) -> [Int32] {
    switch space {
    case .angles(let list): angles(list)[keyPath: end]
    case .angleNet(let list, _): FrameTables.at(part(space), angles(list)[keyPath: end])
    default: preconditionFailure("only angles have two rows")
    }
  }

  private func neighborTypes(_ list: Int, _ end: KeyPath<AngleRows, [Int32]>) -> [Int32] {
    FrameTables.at(angles(list)[keyPath: end], lists[list].neighborTypes)
  }

  /// The numbers of a weight.
  func numbers(_ weight: RowWeight) -> [Double] {
    switch weight {
    case .multiplicity(let space): return multiplicities(space)
    case .emptySlots(let list): return lists[list].emptySlots
    case .emptySlotsOfRow(let list): return emptySlotsOfRow(list)
    case .inverseCount(let list): return counts(list).map { 1 / (1e-4 + $0) }
    case .inverseRootCount(let list): return counts(list).map { 1 / (1e-4 + $0.squareRoot()) }
    case .reciprocalCount(let list): return counts(list).map { $0 > 0 ? 1 / $0 : 0 }
    case .isInner(let list): return angles(list).innerNumbers.map { $0 >= 0 ? 1 : 0 }
    case .isOuter(let list): return angles(list).innerNumbers.map { $0 >= 0 ? 0 : 1 }
    }
  }

  private func multiplicities(_ space: Space) -> [Double] {
    switch space {
    case .pairs(let list): lists[list].multiplicities
    case .net(let list, _): FrameTables.at(part(space), lists[list].multiplicities)
    case .angles(let list), .angleNet(let list, _):
      zip(
        FrameTables.at(ends(of: space, \.first), lists[list].multiplicities),
        FrameTables.at(ends(of: space, \.second), lists[list].multiplicities)
      ).map { $0 * $1 }
    default: preconditionFailure("rows of \(space) count once")
    }
  }

  private func emptySlotsOfRow(_ list: Int) -> [Double] {
    FrameTables.at(lists[list].centers, lists[list].emptySlots)
  }

  /// The number of filled slots of each row's atom.
  private func counts(_ list: Int) -> [Double] {
    emptySlotsOfRow(list).map { Double(program.lists[list].slotCount) - $0 }
  }
}
