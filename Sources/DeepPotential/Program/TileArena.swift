import Kernels

/// One thread's memory for the values of a stage, for one tile of atoms at a time; and where all
/// values are.
///
/// `origins` has for each family and value the place of row 0: of the frame's row 0, so that index
/// tables of the frame lead into an arena as they lead into a whole buffer.
final class TileArena<Scalar: NetworkScalar>: @unchecked Sendable {
  // Unchecked: one thread at a time works with it.
  private let buffers = Family.allCases.map { _ in Buffer<Scalar>() }
  private let origins: Buffer<UnsafeMutablePointer<Scalar>?>
  private let valueCount: Int
  /// For each family and value where its numbers begin in the arena, and how many there are.
  private let firsts: Buffer<Int>, counts: Buffer<Int>
  /// The gradient's lane that tiles add to.
  private(set) var lane: UnsafeMutablePointer<Scalar>
  /// Memory for one atom's neighbors that go through tables.
  let pairs = TablePairs<Scalar>()
  /// Memory for one operation.
  let scratch = Buffer<Scalar>()
  /// Memory for a block of a layer's rows.
  let block = Buffer<Scalar>()
  /// Memory for networks that are computed for many rows at once, by what they make.
  let networks: [ValueID: NetworkScratch<Scalar>]
  /// The model's parameters.
  private(set) var parameters: UnsafePointer<Scalar>
  /// The memory's number when `begin` last looked.
  private var layoutNumber = 0

  init(_ program: Program) {
    valueCount = program.values.count
    origins = Buffer(Family.allCases.count * valueCount)
    (firsts, counts) = (Buffer(origins.capacity), Buffer(origins.capacity))
    lane = scratch.base
    parameters = UnsafePointer(scratch.base)
    networks = program.operations.reduce(into: [:]) { networks, operation in
      guard case .table(let op) = operation, op.atOnce, case .network(let one) = op.table.content
      else { return }
      networks[op.out] = NetworkScratch(one)
    }
  }

  /// Row 0 of a value's numbers of one family.
  @inline(__always)
  func origin(_ family: Family, _ id: ValueID) -> UnsafeMutablePointer<Scalar> {
    guard let origin = origins.base[family.rawValue * valueCount + id] else {
      preconditionFailure("value \(id) has no numbers of family \(family)")
    }
    return origin
  }

  /// Turns to tile `tile` of the operations of one stage.
  func begin(
    stage: Int, tile: Int, _ tiles: Tiling, _ memory: ProgramMemory<Scalar>
  ) {
    for family in Family.allCases {
      let start = family.rawValue * valueCount
      var size = 0
      let own = memory.plan.arenaValues[stage][family.rawValue]
      for id in own where memory.storage(family, id) == id {
        let count = tiles.rows(memory.spaces[id], of: tile).count * memory.widths[id]
        (firsts.base[start + id], counts.base[start + id]) = (size, count)
        size += (count + 15) / 16 * 16
      }
      let buffer = buffers[family.rawValue]
      buffer.reserve(size)
      for id in own {
        let place = memory.storage(family, id)
        let row = tiles.rows(memory.spaces[id], of: tile).lowerBound
        origins.base[start + id] =
          buffer.base + firsts.base[start + place] - row * memory.widths[id]
      }
    }
  }

  /// Takes in where everything is that stays from tile to tile.
  func begin(
    _ memory: ProgramMemory<Scalar>, parameters: UnsafePointer<Scalar>,
    lane: UnsafeMutablePointer<Scalar>
  ) {
    let isNew = layoutNumber != memory.layoutNumber || parameters != self.parameters
    if isNew {
      (layoutNumber, self.parameters) = (memory.layoutNumber, parameters)
      origins.base.update(from: memory.origins.base, count: origins.capacity)
      for (id, value) in memory.program.values.enumerated() {
        guard case .parameter(let start) = value.origin else { continue }
        origins.base[id] = UnsafeMutablePointer(mutating: parameters) + start
      }
    }
    if !isNew && lane == self.lane { return }
    self.lane = lane
    let adjoints = origins.base + Family.barDot.rawValue * valueCount
    for (id, offset) in memory.lane.offsets.enumerated() where offset >= 0 {
      adjoints[id] = lane + offset
    }
  }

  /// Sets the tile's numbers of a value to zero.
  func clear(_ family: Family, _ id: ValueID) {
    let place = family.rawValue * valueCount + id
    Kernels.clear(buffers[family.rawValue].base + firsts.base[place], counts.base[place])
  }
}
