import Kernels

/// Where the numbers of a program's values are while a frame is worked on.
struct MemoryPlan: Sendable {
  /// Which values are kept for a later pass or sweep; others are computed again.
  enum Kept {
    case messages, atoms, all
  }

  /// The place of each value.
  let places: [Place]
  /// For each value the one in whose place its numbers are: its own or, where a sum goes on with a
  /// value that nothing else reads, that value's.
  ///
  /// All families share the place: such a term has the adjoint of the sum.
  let storage: [ValueID]
  /// Whether tiles clear the numbers of a value, each its own: those in arenas, and those of atoms
  /// that no other tile adds to.
  let isOfTiles: [Bool]
  /// For each stage and operation what a tile clears before it runs.
  let clears: [[OperationClears]]
  /// The products of atoms' numbers with weights whose gradient is one product over all atoms,
  /// since all that it needs is there when sweep 2 has ended; by the values that they make.
  let frameProducts: [ValueID: Operation.Bilinear]

  init(_ program: Program, keeps: Kept) {
    // Those of a chain for which one operation stands are made by nobody, and need no memory.
    let made = program.operations.reduce(into: [:]) { $0[$1.out] = $1.isMessage }
    let places = program.values.indices.map { id in
      program.values[id].origin == .operation && made[id] == nil
        ? .arena : MemoryPlan.place(of: id, isMessage: made[id] == true, program, keeps)
    }
    let storage = MemoryPlan.storage(program, places)
    let isOfTiles = program.values.enumerated().map { id, value in
      places[id] == .arena
        || value.space.isLocal && value.origin == .operation && !program.crosses[id]
          && id != program.result
    }
    (self.places, self.storage, self.isOfTiles) = (places, storage, isOfTiles)
    clears = program.stages.map { OperationClears.of($0, isOfTiles, storage: storage) }
    frameProducts = MemoryPlan.frameProducts(program, places)
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
    for case .sum(let op) in operations where places[op.out] == .arena {
      let continued = op.continued { view in
        let value = values[view.value]
        return places[view.value] == .arena && readers[view.value] == 1
          && !rereads.contains(view.value) && value.spaceID == values[op.out].spaceID
          && view == View(view.value, columns: 0..<values[op.out].width)
          && value.width == values[op.out].width && value.moves == values[op.out].moves
      }
      if let continued { storage[op.out] = storage[continued] }
    }
    return storage
  }
}

/// Which of a tile's numbers are set to zero before an operation runs: each where it is first added
/// to, so that it is in cache then.
struct OperationClears: Sendable {
  /// What the operation makes, forward; what it is the first to reach, backward.
  let forward: ValueID?, backward: [ValueID]

  /// The numbers that the operations of one stage clear, of those in places of their own.
  static func of(
    _ operations: [Operation], _ isOfTiles: [Bool], storage: [ValueID]
  ) -> [OperationClears] {
    var reached = Set<ValueID>()
    let clears = operations.reversed().map { operation in
      let out = operation.out, isOwn = isOfTiles[out] && storage[out] == out
      let read = Set(operation.inputs.map { storage[$0.value] }).subtracting(reached).filter {
        isOfTiles[$0]
      }
      reached.formUnion(read)
      return OperationClears(
        forward: isOwn && !operation.setsAll ? out : nil, backward: read.sorted())
    }
    return clears.reversed()
  }
}

extension Operation {
  /// Whether it replaces all numbers of what it makes, instead of adding to them.
  fileprivate var setsAll: Bool {
    if case .bilinear(let op) = self { op.dense != nil } else { false }
  }

  /// Whether a pass needs the numbers that it has made.
  fileprivate var readsItsResult: Bool { if case .softmax = self { true } else { false } }
}

extension Operation.Sum {
  /// The value of a term in whose place the sum may be: of the first term, or of one of two, so
  /// that the order changes no bit.
  fileprivate func continued(_ isAlone: (View) -> Bool) -> ValueID? {
    if to != nil { return nil }
    return terms.prefix(terms.count == 2 ? 2 : 1).first { term in
      term.factor == 1 && term.weight == nil && term.offset == 0 && isAlone(term.x)
    }?.x.value
  }
}
