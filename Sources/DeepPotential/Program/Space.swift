/// What the rows of a value stand for.  Lists, nets and types are numbers of the program's
/// `PairList`s, of a list's nets and of the type map.
public enum Space: Hashable, Sendable {
  /// The only row of a parameter.
  case one
  /// Types; ordered pairs of types, row first · types + second.
  case type, typePair
  /// Atoms; atoms of one type.
  case atom
  case atoms(type: Int)
  /// Rows of a pair list: an atom's neighbors, then what stands for its empty slots.
  case pairs(list: Int)
  /// Rows of a pair list that one embedding net is for.
  case net(list: Int, net: Int)
  /// Ordered pairs of rows of one atom, p = q included; those that one net is for.
  case angles(list: Int)
  case angleNet(list: Int, net: Int)
  /// Rows of a pair list that take part in its angles.
  case inner(list: Int)

  /// Whether its rows are atoms.
  var isOfAtoms: Bool {
    switch self {
    case .atom, .atoms: true
    default: false
    }
  }

  /// Whether its rows belong to atoms; the rows of others are few and the same for all atoms.
  public var isLocal: Bool {
    switch self {
    case .one, .type, .typePair: false
    default: true
    }
  }

  /// The list whose angles, or rows that take part in them, these are.
  var listOfAngles: Int? {
    switch self {
    case .angles(let list), .angleNet(let list, _), .inner(let list): list
    default: nil
    }
  }
}

/// Which row of a value each row of an operation reads, or adds to: an index table of a frame.
public enum IndexTable: Hashable, Sendable {
  /// The pair of each row of a pair list, -1 for rows that stand for empty slots; the place of its
  /// statistics.
  case edge(list: Int), statistics(list: Int)
  /// The type of each atom; the two types of each pair of types.
  case atomType, firstType, secondType
  /// The atom of each row of a space.
  case atom(of: Space)
  /// The neighbor's atom of each row of a pair list: where such a table is read, a stage ends.
  case neighbor(list: Int)
  /// The types of center and neighbor of each row of a pair list, and neighbor · types + center.
  case centerType(list: Int), neighborType(list: Int), typePair(list: Int)
  /// The row of the pair list for each row of one of its parts.
  case row(of: Space)
  /// The two rows of the pair list for each angle, or angle of a net.
  case first(of: Space), second(of: Space)
  /// The same as rows of `inner`.
  case innerFirst(list: Int), innerSecond(list: Int)
  /// The two neighbors' types of each angle, and first · types + second.
  case firstNeighborType(list: Int), secondNeighborType(list: Int), neighborTypePair(list: Int)

  /// The space whose rows have an entry each.
  public var rows: Space {
    switch self {
    case .atomType: .atom
    case .firstType, .secondType: .typePair
    case .atom(let space), .row(let space), .first(let space), .second(let space): space
    case .edge(let list), .statistics(let list), .neighbor(let list), .centerType(let list),
      .neighborType(let list),
      .typePair(let list):
      .pairs(list: list)
    case .innerFirst(let list), .innerSecond(let list), .firstNeighborType(let list),
      .secondNeighborType(let list), .neighborTypePair(let list):
      .angles(list: list)
    }
  }

  /// Whether it leads to another atom's row.
  public var isFar: Bool {
    if case .neighbor = self { true } else { false }
  }
}

/// A number for each row of a space that does not depend on parameters or displacements.
public enum RowWeight: Hashable, Sendable {
  /// How often a row counts: 1, or the number of empty slots it stands for; for angles the product
  /// of their rows'.
  case multiplicity(Space)
  /// The number of an atom's empty slots; for each row of a pair list that of its atom.
  case emptySlots(list: Int), emptySlotsOfRow(list: Int)
  /// For each row of a pair list `1/(1e-4 + n)` and `1/(1e-4 + √n)`, where n is the number of
  /// filled slots.
  case inverseCount(list: Int), inverseRootCount(list: Int)
  /// For each row of a pair list 1/n; 0 where no slot is filled.
  case reciprocalCount(list: Int)
  /// 1 for the rows of a pair list that take part in its angles, 0 for the others; and the other
  /// way round.
  case isInner(list: Int), isOuter(list: Int)

  /// The list whose angles it is about.
  var listOfAngles: Int? {
    switch self {
    case .isInner(let list), .isOuter(let list): list
    default: rows.listOfAngles
    }
  }

  /// The space whose rows have a number each.
  public var rows: Space {
    switch self {
    case .multiplicity(let space): space
    case .emptySlots: .atom
    case .emptySlotsOfRow(let list), .inverseCount(let list), .inverseRootCount(let list),
      .reciprocalCount(let list), .isInner(let list), .isOuter(let list):
      .pairs(list: list)
    }
  }
}
