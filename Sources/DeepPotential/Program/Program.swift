/// A model as a list of operations: what it reads, makes and depends on, without parameters and
/// without a frame.
///
/// Source: docs/MATH.md, "Operations".
public struct Program: Sendable {
  /// Number of types.
  public let typeCount: Int
  /// All values.
  public let values: [Value]
  /// What is done, in order; operations whose results nobody needs are left out.
  public let operations: [Operation]
  /// How neighbors are seen.
  public let lists: [PairList]
  /// What the program says of a frame.
  public let output: OutputDefinition
  /// The output's values of atoms, without biases, and behind each the force where nets give it.
  public let result: ValueID
  /// Radius in Å beyond which atoms do not see each other, and how many of the nearest neighbors
  /// count.
  public let cutoff: Double, neighborLimit: Int
  /// What an atom of each type has besides the result of the operations, `[types][width]`.
  public let biases: [Double]
  /// How frame and atom parameters are normalized, where the operations read them.
  public let inputs: ModelInputs?
  /// Atoms that go through all operations of a stage together; a stage of atoms alone has more.
  public var tileSize: Int
  let spaces: [Space], tables: [IndexTable], weights: [RowWeight], halos: [Halo]
  /// The halos that operations read; a gathered source of a dense layer is not read itself.
  let usedHalos: Set<Int>
  /// Whether atoms gather the rows of their neighbors.
  public let passesMessages: Bool
  /// The operations on atoms stage by stage, and those on types, which come first.
  let stages: [[Operation]], typeOperations: [Operation]
  /// Whether a stage is one of atoms alone (`Stages`), which has larger tiles.
  let areOfAtoms: [Bool]
  /// The operations of each stage, and those on types, cut where the kind of work changes.
  let stageRuns: [[WorkRun]], typeRuns: [WorkRun]
  /// Which of the spaces, index tables and row weights a frame is laid out with: those that
  /// operations name, with or without tables for networks.
  let usedSpaces: Set<SpaceID>, usedTables: Set<TableID>, usedWeights: Set<WeightID>
  /// Its operations that are tables, by their numbers.
  let networkTables: [NetworkTable]
  /// Whether a value is read after the stage that makes it.
  let crosses: [Bool]
  /// Whether a value is an activation of another, so that its slopes are kept.
  let isActivation: [Bool]

  /// The program of `builder` that makes `result`, the values of `output` of each atom.
  ///
  /// Neighbors are searched once, within `cutoff` Å, at least the largest of the lists, and the
  /// nearest `neighborLimit` kept; `excludedPairs` of types fill no slots of any list.  The values
  /// of `kept` views stay readable after sweep 1.  If it `tabulates`, tables stand for networks
  /// where they can; else, if `atOnce`, such networks are computed for many rows at once, which
  /// serves predictions only.  Frames are laid out for all these programs alike.  If it `fuses`,
  /// one operation stands for a chain of them where it can.
  public init(
    _ builder: ProgramBuilder, of output: OutputDefinition = .energy, result: View, cutoff: Double,
    neighborLimit: Int, excludedPairs: [[Int]] = [], biases: [Double], inputs: ModelInputs? = nil,
    kept: [View] = [], tileSize: Int = 16, tabulates: Bool = false, atOnce: Bool = false,
    fuses: Bool = true
  ) {
    precondition(builder.space(result) == .atom)
    precondition(result == View(result.value, columns: 0..<output.rowWidth))
    precondition(builder.values[result.value].width == output.rowWidth)
    precondition(biases.count == builder.typeCount * output.width)
    self.output = output
    typeCount = builder.typeCount
    precondition(builder.lists.allSatisfy { $0.rule.cutoff <= cutoff })
    (values, self.result) = (builder.values, result.value)
    lists = builder.lists.map { list in
      var list = list
      list.rule = list.rule.inModel(
        nearest: neighborLimit, excludedPairs: excludedPairs,
        cutoff: list.reachesBeyond ? cutoff : nil)
      return list
    }
    (self.cutoff, self.neighborLimit) = (cutoff, neighborLimit)
    (self.biases, self.tileSize) = (biases, tileSize)
    self.inputs = inputs
    (spaces, tables) = (builder.spaces, builder.tables)
    (weights, halos) = (builder.weights, builder.halos)
    let ways = fuses ? builder.operations : builder.operations.filter { !$0.isFused }
    let chosen = Program.chosen(ways, tabulates: tabulates, atOnce: atOnce, for: result.value)
    networkTables = chosen.tables
    passesMessages = chosen.operations.contains { $0.inputs.contains { $0.halo != nil } }
    // Where nothing is gathered, layers are short and their numbers stay in the caches.
    operations =
      passesMessages && fuses
      ? MessageFusion.fused(chosen.operations, values) : chosen.operations
    let either = Program.needed(Program.fused(ways), for: result.value)
    usedSpaces = Set(either.flatMap { [$0.rows, builder.values[$0.out].spaceID] })
    usedTables = Set(either.flatMap(\.tables))
    usedWeights = Set(either.flatMap(\.weights))
    usedHalos = Set(operations.flatMap(\.inputs).compactMap(\.halo))
    typeOperations = operations.filter { !builder.values[$0.out].space.isLocal }
    let local = operations.filter { builder.values[$0.out].space.isLocal }
    let staged = Stages(local, spaces, values, last: result.value, splits: passesMessages)
    (stages, areOfAtoms) = (staged.operations, staged.areOfAtoms)
    stageRuns = stages.map { WorkRun.runs($0, in: builder) }
    typeRuns = WorkRun.runs(typeOperations, in: builder)
    var crosses = staged.crosses
    for view in kept { crosses[view.value] = true }
    self.crosses = crosses
    var isActivation = Array(repeating: false, count: values.count)
    for case .map(let map) in operations { isActivation[map.out] = true }
    for case .table(let table) in operations where table.atOnce { isActivation[table.out] = true }
    self.isActivation = isActivation
  }

  /// The operations that make `result`, with or without tables, and the tables among them.
  private static func chosen(
    _ operations: [Operation], tabulates: Bool, atOnce: Bool, for result: ValueID
  ) -> (operations: [Operation], tables: [NetworkTable]) {
    /// The form in which an operation that has a table is used; nil if it is not.
    func used(_ operation: Operation, _ table: NetworkTable) -> Operation? {
      if table.isGiven || tabulates && table.isSmooth { return operation }
      return atOnce ? operation.atOnce : nil
    }
    let others = operations.compactMap { operation in
      operation.table.flatMap { used(operation, $0) }
    }
    let replaced = Set(others.map(\.out))
    let ways = operations.compactMap { operation in
      if let table = operation.table { return used(operation, table) }
      return replaced.contains(operation.out) ? nil : operation
    }
    var chosen = needed(fused(ways), for: result), tables: [NetworkTable] = []
    for k in chosen.indices where chosen[k].table != nil {
      chosen[k].table?.number = tables.count
      tables += chosen[k].table.map { [$0] } ?? []
    }
    return (chosen, tables)
  }

  /// The operations without those for which a fused one stands.
  private static func fused(_ operations: [Operation]) -> [Operation] {
    let fused = Set(operations.filter(\.isFused).map(\.out))
    return operations.filter { $0.isFused || !fused.contains($0.out) }
  }

  /// The operations that `result` depends on.
  private static func needed(_ operations: [Operation], for result: ValueID) -> [Operation] {
    var needed: Set = [result], kept: [Operation] = []
    for operation in operations.reversed() where needed.contains(operation.out) {
      needed.formUnion(operation.inputs.map(\.value))
      kept.append(operation)
    }
    return kept.reversed()
  }
}

extension Program {
  /// The lists whose angles operations go over, or tell apart the rows of.
  var listsWithAngles: Set<Int> {
    let weights = usedWeights.map { self.weights[$0] }
    let spaces = usedSpaces.map { self.spaces[$0] } + usedTables.map { tables[$0].rows }
    return Set(spaces.compactMap(\.listOfAngles) + weights.compactMap(\.listOfAngles))
  }

  /// Whether atoms gather their neighbors' rows of value `id`.
  func isGathered(_ id: ValueID) -> Bool { usedHalos.contains { halos[$0].value == id } }

  /// The values whose rows stage `stage` gathers, in order.
  func gathered(in stage: Int) -> [ValueID] {
    Set(stages[stage].flatMap(\.inputs).filter { $0.halo != nil }.map(\.value)).sorted()
  }

  /// Whether tables stand for networks.
  public var hasTables: Bool { !networkTables.isEmpty }
}

extension Program: CustomStringConvertible {
  /// The program as a table: stage, halo, moves and learns, operation, `value[rows][width] <-
  /// inputs`.
  public var description: String {
    let parts = [typeOperations] + stages
    return parts.enumerated().flatMap { stage, operations in
      operations.map { line(stage - 1, $0) }
    }.joined(separator: "\n")
  }

  private func line(_ stage: Int, _ operation: Operation) -> String {
    let out = values[operation.out]
    let flags = (out.moves ? "m" : "-") + (out.learns ? "l" : "-")
    let halo = operation.inputs.contains { $0.halo != nil } ? "HALO" : "    "
    let inputs = operation.inputs.map { view in
      values[view.value].name + (view.table.map { "[\(tables[$0])]" } ?? "")
    }
    let kind = "\(operation)".prefix { $0 != "(" }
    return "\(stage < 0 ? "-" : "\(stage)") \(halo) \(flags) \(kind) \(out.name)"
      + "[\(out.space)][\(out.width)] <- " + inputs.joined(separator: ", ")
  }
}
