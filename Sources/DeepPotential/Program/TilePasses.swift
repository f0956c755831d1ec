import Kernels

/// The passes of a stage's operations over one tile of atoms, on one thread.
///
/// Passes add to numbers that are zero: each operation clears what it is the first to add to, but
/// for numbers that it sets all of.  Where
/// sweep 2 computes sweep 1's numbers again (`recomputes`), whole buffers have them already, and
/// nothing is added to those.
struct TilePasses<Scalar: NetworkScalar> {
  let operations: [Operation], runs: [WorkRun]
  /// What each of them clears; nil for operations on types, whose numbers no tile clears.
  let clears: [OperationClears]?
  let frame: ProgramFrame
  let memory: ProgramMemory<Scalar>
  let arena: TileArena<Scalar>
  let tiles: Tiling, tile: Int
  var recomputes = false
  /// Whether sweep 2 follows.
  var forTraining = false

  /// The tile's rows of a space.
  @inline(__always)
  func range(_ space: SpaceID) -> Range<Int> { tiles.rows(space, of: tile) }

  /// Rows of a value's numbers, as an operation over rows of `space` reads them.
  @inline(__always)
  func rows(_ family: Family, _ view: View, _ space: SpaceID) -> Rows<Scalar> {
    rows(arena.origin(family, view.value) + view.columns.lowerBound, view, space)
  }

  /// Where what is due to `view` is added up: in the value, in a lane, or in a halo until the stage
  /// has ended; nil if nothing is.
  @inline(__always)
  func target(_ family: Family, _ view: View, _ space: SpaceID) -> Rows<Scalar>? {
    if family == .bar ? !moves(view.value) : !learns(view.value) { return nil }
    if family == .bar && recomputes {
      // What does not learn leads to displacements alone, which have their adjoints already.
      if memory.places[view.value] == .whole || !learns(view.value) { return nil }
    }
    guard let halo = view.halo else { return rows(family, view, space) }
    let width = memory.widths[view.value]
    let first = range(space).lowerBound * width + view.columns.lowerBound
    return Rows(memory.halo(halo) + first, stride: width)
  }

  /// Rows of what an operation makes: its own, or those that `table` leads to.
  @inline(__always)
  func rows(
    _ family: Family, of out: ValueID, _ table: TableID?, _ space: SpaceID
  ) -> Rows<Scalar> {
    rows(family, View(out, columns: 0..<memory.widths[out], table: table), space)
  }

  @inline(__always)
  private func rows(
    _ origin: UnsafeMutablePointer<Scalar>, _ view: View, _ space: SpaceID
  ) -> Rows<Scalar> {
    let first = range(space).lowerBound, stride = memory.strides[view.value]
    guard let table = view.table else { return Rows(origin + first * stride, stride: stride) }
    return Rows(origin, stride: stride, index: entries(table, space))
  }

  /// The entries of a table for the tile's rows.
  @inline(__always)
  func entries(_ table: TableID, _ space: SpaceID) -> UnsafePointer<Int32> {
    UnsafePointer(frame.tables[table].base + range(space).lowerBound)
  }

  /// A factor, and the numbers of a weight for the tile's rows.
  @inline(__always)
  func factors(_ common: Double, _ weight: WeightID?, _ space: SpaceID) -> RowFactors<Scalar> {
    let own = weight.map { UnsafePointer(memory.weights[$0].base + range(space).lowerBound) }
    return RowFactors(Scalar(common), own)
  }

  /// Clears what operation `k` is the first to add to in a pass that fills `family`.
  func begin(_ k: Int, _ family: Family) {
    guard let clears = clears?[k] else { return }
    switch family {
    case .value: if let id = clears.forward { clear(family, id) }
    case .dot: if let id = clears.tangent { clear(family, id) }
    default:
      for id in clears.backward { clear(family, id) }
      for halo in clears.halos { clearHalo(family, halo) }
    }
  }

  private func clear(_ family: Family, _ id: ValueID) {
    if memory.plan.isArena(family, id) { return arena.clear(family, id) }
    if family == .bar && recomputes || !memory.has(family, id) { return }
    let rows = range(memory.spaces[id]), width = memory.widths[id]
    Kernels.clear(memory[family, id].base + rows.lowerBound * width, rows.count * width)
  }

  /// Clears the place for what the tile's rows owe to neighbors.
  private func clearHalo(_ family: Family, _ halo: Int) {
    let place = memory.program.halos[halo], width = memory.widths[place.value]
    if family == .bar && recomputes || !memory.has(family, place.value) { return }
    let rows = range(memory.haloSpaces[halo])
    Kernels.clear(memory.halo(halo) + rows.lowerBound * width, rows.count * width)
  }

  /// Whether operation `k` sets the rows of a halo, instead of adding to what is there.
  func sets(_ halo: Int?, _ k: Int) -> Bool {
    guard let halo, let clears = clears?[k] else { return false }
    return clears.setHalos.contains(halo)
  }

  /// Whether a value depends on displacements, or on parameters.
  func moves(_ id: ValueID) -> Bool { memory.moves[id] }
  func learns(_ id: ValueID) -> Bool { memory.learns[id] }

  /// Whether what an operation makes is there already.
  func isDone(_ id: ValueID) -> Bool { recomputes && memory.places[id] == .whole }

  /// The rows of a table operation.
  func tableRows(_ op: Operation.Table) -> TableRows<Scalar> {
    TableRows(
      memory.tables[op.table.number].base,
      tableNumbers: op.table.types.map { entries($0.rows, op.rows) },
      x: rows(.value, op.x, op.rows), width: memory.widths[op.out], count: range(op.rows).count)
  }

  /// The pairs of a geometry operation.
  func pairRows(_ op: Operation.Geometry) -> PairRows {
    let statistics = op.statistics.map {
      RowStatistics(
        mean: memory.means[op.list].base, deviation: memory.deviations[op.list].base,
        places: entries($0, op.rows), width: op.function.width)
    }
    return PairRows(
      op.function, edges: entries(op.edges, op.rows), statistics: statistics,
      count: range(op.rows).count)
  }
}
