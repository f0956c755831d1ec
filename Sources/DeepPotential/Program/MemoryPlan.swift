import Kernels

/// Where the numbers of a program's values are while a frame is worked on.
struct MemoryPlan: Sendable {
  /// Which values are kept for a later pass or sweep; others are computed again.
  enum Kept {
    case messages, atoms, all
  }

  /// The place of each value; that of its adjoints may be an arena though this is not.
  let places: [Place]
  /// For each family which values have those numbers in arenas.
  private let inArenas: [[Bool]]
  /// For each stage and family those of them that its operations make.
  let arenaValues: [[[ValueID]]]
  /// For each value the one in whose place its numbers are, of all families but adjoints: its own
  /// or, where a sum goes on with a value that nothing else reads, that value's.
  let storage: [ValueID]
  /// The same of adjoints: in a training the same values.
  ///
  /// In a prediction no pass reads an adjoint after the one that makes it.  So a sum and the term
  /// that it continues have one place for theirs, though the numbers of both are kept: the place
  /// holds the sum's adjoint until the sum has used it, and then the term's.
  let adjointStorage: [ValueID]
  /// Whether tiles clear the numbers of a value, each its own: all but those that neighbors gather,
  /// the result, and those on types.
  let isOfTiles: [Bool]
  /// For each stage and operation what a tile clears before it runs.
  let clears: [[OperationClears]]
  /// The products of atoms' numbers with weights whose gradient is one product over all atoms,
  /// since all that it needs is there when sweep 2 has ended; by the values that they make.
  let frameProducts: [ValueID: Operation.Bilinear]

  init(_ program: Program, keeps: Kept, forTraining: Bool) {
    // Those of a chain for which one operation stands are made by nobody, and need no memory.
    let made = program.operations.reduce(into: [:]) { $0[$1.out] = $1.isMessage }
    let places = program.values.indices.map { id in
      program.values[id].origin == .operation && made[id] == nil
        ? .arena : MemoryPlan.place(of: id, isMessage: made[id] == true, program, keeps)
    }
    let storage = MemoryPlan.storage(program, places)
    let isOfTiles = program.values.enumerated().map { id, value in
      places[id] == .arena
        || value.space.isLocal && value.origin == .operation && !program.isGathered(id)
          && id != program.result
    }
    (self.places, self.storage, self.isOfTiles) = (places, storage, isOfTiles)
    let isPassing = MemoryPlan.passing(program, places, storage, isOfTiles)
    let inArenas = Family.allCases.map { family in
      let isOfPass = family == .barDot || family == .bar && !forTraining
      return places.indices.map { places[$0] == .arena || isOfPass && isPassing[$0] }
    }
    self.inArenas = inArenas
    arenaValues = program.stages.map { operations in
      inArenas.map { isArena in operations.map(\.out).filter { isArena[$0] } }
    }
    let outlivesPass = places.indices.map {
      places[$0] == .whole && isOfTiles[$0] && !isPassing[$0]
    }
    adjointStorage =
      forTraining ? storage : MemoryPlan.adjointStorage(program, storage, outlivesPass)
    clears = OperationClears.of(program, isOfTiles, storage, adjoints: adjointStorage)
    frameProducts = MemoryPlan.frameProducts(program, places)
  }

  /// Whether the numbers of a family are in arenas.
  func isArena(_ family: Family, _ id: ValueID) -> Bool { inArenas[family.rawValue][id] }

  /// Whole values whose adjoints a tile makes and uses up in one pass through one stage, so that
  /// these may be in an arena: in trainings only the adjoints' tangents, in predictions adjoints.
  private static func passing(
    _ program: Program, _ places: [Place], _ storage: [ValueID], _ isOfTiles: [Bool]
  ) -> [Bool] {
    var isPassing = program.values.enumerated().map { id, value in
      // `frameProducts` read those of atoms when the sweep has ended.
      places[id] == .whole && isOfTiles[id] && !program.crosses[id] && !value.space.isOfAtoms
    }
    for id in isPassing.indices where !isPassing[id] { isPassing[storage[id]] = false }
    return storage.map { isPassing[$0] }
  }

  /// `places`, and the place of a sum for the adjoint of a term that no operation reads after the
  /// sum: what that is due besides is added when the sum's adjoint has been used.
  private static func adjointStorage(
    _ program: Program, _ places: [ValueID], _ outlivesPass: [Bool]
  ) -> [ValueID] {
    let values = program.values, operations = program.stages.flatMap { $0 }
    var storage = places, lastReaders = Array(repeating: -1, count: values.count)
    for (k, operation) in operations.enumerated() {
      for view in operation.inputs { lastReaders[view.value] = k }
    }
    for (k, operation) in operations.enumerated().reversed() {
      // A sum in the place of another term has its adjoint until that term's maker has used it.
      guard let (sum, layer) = operation.sumOfRows, places[sum.out] == sum.out else { continue }
      let continued = sum.terms.first { term in
        let id = term.x.value, others = operation.inputs.filter { $0.value == id }
        return outlivesPass[sum.out] && outlivesPass[id] && lastReaders[id] == k
          && term.isAlone(sumOf: values[sum.out], values[id])
          && others.count == (layer?.x.value == id ? 2 : 1)
      }
      guard let place = continued.map({ storage[$0.x.value] }) else { continue }
      for id in storage.indices where storage[id] == place { storage[id] = storage[sum.out] }
    }
    return storage
  }

  private static func frameProducts(
    _ program: Program, _ places: [Place]
  ) -> [ValueID: Operation.Bilinear] {
    program.operations.reduce(into: [:]) { found, operation in
      guard case .bilinear(let op) = operation, op.dense != nil,
        case .parameter = places[op.y.value], program.values[op.out].space.isOfAtoms,
        places[op.x.value] == .whole, places[op.out] == .whole
      else { return }
      found[op.out] = op
    }
  }

  private static func place(
    of id: ValueID, isMessage: Bool, _ program: Program, _ keeps: Kept
  ) -> Place {
    let value = program.values[id]
    if case .parameter(let start) = value.origin { return .parameter(start) }
    let isKept =
      switch keeps {
      case .messages: isMessage
      case .atoms: value.space.isOfAtoms
      case .all: true
      }
    let isArena =
      value.origin == .operation && value.space.isLocal && !isKept && !program.crosses[id]
      && id != program.result
    return isArena ? .arena : .whole
  }

  private static func storage(_ program: Program, _ places: [Place]) -> [ValueID] {
    let values = program.values, operations = program.operations
    var storage = Array(values.indices), readers = Array(repeating: 0, count: values.count)
    for view in operations.flatMap(\.inputs) { readers[view.value] += 1 }
    let rereads = Set(operations.filter(\.readsItsResult).map(\.out))
    /// Whether the numbers of `sum` may be where those of its term `id` are.
    func mayBeInPlace(_ sum: ValueID, _ id: ValueID) -> Bool {
      if places[sum] == .arena { return places[id] == .arena }
      return places[sum] == .whole && places[id] == .whole && values[id].origin == .operation
        && values[id].space.isLocal && !program.crosses[id] && !program.isGathered(sum)
        && sum != program.result && values[id].learns == values[sum].learns
    }
    for case .sum(let op) in operations where op.to == nil {
      // The first term, or one of two, so that the order changes no bit.
      let continued = op.terms.prefix(op.terms.count == 2 ? 2 : 1).first { term in
        let id = term.x.value
        return mayBeInPlace(op.out, id) && readers[id] == 1 && !rereads.contains(id)
          && term.isAlone(sumOf: values[op.out], values[id])
      }
      if let continued { storage[op.out] = storage[continued.x.value] }
    }
    return storage
  }
}

extension Operation {
  /// The sum that gives each row, and the layer that is added to it if there is one; nil if it
  /// makes no such rows.
  fileprivate var sumOfRows: (sum: Sum, layer: GatheredLayer?)? {
    switch self {
    case .sum(let op) where op.to == nil: (op, nil)
    case .message(let op) where op.to == nil && op.layers.count == 1: (op.others, op.layers[0])
    default: nil
    }
  }

  /// Whether a pass needs the numbers that it has made.
  fileprivate var readsItsResult: Bool { if case .softmax = self { true } else { false } }
}

extension Operation.Term {
  /// Whether it is all of `value`, row by row, in the rows of `sum`, and so may be in its place.
  fileprivate func isAlone(sumOf sum: Value, _ value: Value) -> Bool {
    factor == 1 && weight == nil && offset == 0 && value.spaceID == sum.spaceID
      && x == View(x.value, columns: 0..<sum.width) && value.width == sum.width
      && value.moves == sum.moves
  }
}
