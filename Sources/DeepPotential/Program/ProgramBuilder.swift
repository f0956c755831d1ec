import Kernels

/// Puts a program together: a descriptor or a fitting net adds its operations, sizes and flags
/// follow.
public struct ProgramBuilder {
  /// Number of types.
  public let typeCount: Int
  /// The name of each type, if they are known.
  let typeMap: [String]?
  private(set) var values: [Value] = []
  private(set) var operations: [Operation] = []
  private(set) var lists: [PairList] = []
  private(set) var spaces: [Space] = [.one, .atom], tables: [IndexTable] = []
  private(set) var weights: [RowWeight] = [], halos: [Halo] = []
  private var parameters: [Int: ValueID] = [:]
  /// Whether what is added is part of attention, for profiles.
  var isInAttention = false
  /// The vectors of each atom that descriptors have offered, `[3][count]` each.
  private(set) var vectors: [View] = []

  /// The rows of pairs that a descriptor has offered, and the list that they are of.
  private(set) var pairRows: (view: View, list: Int)?

  /// A program for `typeCount` types without names, without operations.
  public init(typeCount: Int) { (self.typeCount, typeMap) = (typeCount, nil) }

  /// A program for the types of `typeMap`, without operations.
  public init(typeMap: [String]) { (typeCount, self.typeMap) = (typeMap.count, typeMap) }

  /// Offers `view`, `[3][count]`, as vectors of each atom that turn with the frame: an output may
  /// take them.
  mutating func offerVectors(_ view: View) { vectors.append(view) }

  /// Offers `view` as the descriptor's rows of the pairs in `list`: an output may take them.
  mutating func offerPairs(_ view: View, list: Int) { pairRows = (view, list) }

  /// The vectors of all descriptors as one view, `[3][count]`; nil if there are none.
  mutating func vectorsSideBySide() -> View? {
    if vectors.count < 2 { return vectors.first }
    let count = vectors.reduce(0) { $0 + $1.width / 3 }
    var terms: [Term] = [], first = 0
    for view in vectors {
      let own = view.width / 3
      for axis in 0..<3 {
        terms.append(Term(view[axis * own..<(axis + 1) * own], offset: axis * count + first))
      }
      first += own
    }
    return sum("R", terms, rows: .atom)
  }

  /// Adds a pair list and gives its number.
  public mutating func list(_ list: PairList) -> Int {
    lists.append(list)
    return lists.count - 1
  }

  /// Makes neighbors beyond the cutoff of a list no matter of it, because the lists so far belong
  /// to models of their own.
  mutating func keepListsApart() {
    for k in lists.indices { lists[k].reachesBeyond = false }
  }

  /// The parameters at `range` of the flat vector, as one row.
  public mutating func parameter(_ range: Range<Int>, _ name: String) -> View {
    if let known = parameters[range.lowerBound] { return whole(known) }
    let view = add(name, .one, range.count, .parameter(range.lowerBound), learns: true)
    parameters[range.lowerBound] = view.value
    return view
  }

  /// Numbers that are the same for all frames, `[rows of space][width]`.
  public mutating func constant(
    _ numbers: [Double], width: Int, of space: Space, _ name: String
  ) -> View {
    precondition(!space.isLocal && numbers.count % width == 0)
    return add(name, space, width, .constant(numbers))
  }

  /// The normalized frame and atom parameters of each atom, `width` numbers.
  public mutating func frameParameters(width: Int) -> View {
    add("parameters", .atom, width, .frame)
  }

  /// The columns of `view`, read through `table`.
  public mutating func at(_ view: View, _ table: IndexTable) -> View {
    let id = self.id(table)
    guard table.isFar else { return View(view.value, columns: view.columns, table: id) }
    let halo = intern(Halo(value: view.value, table: id), in: \.halos)
    return View(view.value, columns: view.columns, table: id, halo: halo)
  }

  /// The space of the value that a view reads.
  public func space(_ view: View) -> Space { values[view.value].space }

  private func whole(_ value: ValueID) -> View { View(value, columns: 0..<values[value].width) }

  private mutating func add(
    _ name: String, _ space: Space, _ width: Int, _ origin: Value.Origin, moves: Bool = false,
    learns: Bool = false
  ) -> View {
    values.append(
      Value(
        name: name, space: space, spaceID: id(space), width: width, origin: origin, moves: moves,
        learns: learns, isOfAttention: isInAttention))
    return whole(values.count - 1)
  }

  /// Adds an operation, whose result depends on displacements or parameters if an input does.
  mutating func emit(
    _ name: String, _ space: Space, width: Int, inputs: [View], moves: Bool = false,
    _ operation: (ValueID) -> Operation
  ) -> View {
    let out = add(
      name, space, width, .operation, moves: moves || inputs.contains { values[$0.value].moves },
      learns: inputs.contains { values[$0.value].learns })
    operations.append(operation(out.value))
    return out
  }

  /// Adds an operation that may stand for the one that has made `out` so far.
  mutating func addAlternative(_ operation: Operation) { operations.append(operation) }

  mutating func id(_ space: Space) -> SpaceID { intern(space, in: \.spaces) }
  mutating func id(_ table: IndexTable) -> TableID { intern(table, in: \.tables) }
  mutating func id(_ weight: RowWeight) -> WeightID { intern(weight, in: \.weights) }

  mutating func intern<Element: Equatable>(
    _ element: Element, in list: WritableKeyPath<ProgramBuilder, [Element]>
  ) -> Int {
    if let known = self[keyPath: list].firstIndex(of: element) { return known }
    self[keyPath: list].append(element)
    return self[keyPath: list].count - 1
  }
}
