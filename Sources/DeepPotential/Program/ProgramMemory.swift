import Kernels

/// What a value has numbers of; slopes and curvatures are those of activations.
enum Family: Int, CaseIterable {
  case value, bar, dot, barDot, slope, curvature
}

/// Where the numbers of a value are while a frame is worked on.
enum Place: Sendable, Equatable {
  /// In the model's parameters.
  case parameter(Int)
  /// In a buffer for all rows: constants, frame parameters, what depends on types alone; and what
  /// is read after the stage that makes it, or kept for a later sweep.
  case whole
  /// In a thread's arena, while a tile of atoms is worked on.
  case arena
}

/// A program's memory for one frame after another.
final class ProgramMemory<Scalar: NetworkScalar>: @unchecked Sendable {
  // Unchecked: threads write to rows of their own tiles, and lanes of their own.
  let program: Program
  /// Whether all values of sweep 1 are kept for sweep 2, instead of computed again.
  let keeps: Bool
  /// Where values are; a training keeps those of atoms, which take little memory.
  private(set) var plan: MemoryPlan
  private let planOfPrediction: MemoryPlan, planOfTraining: MemoryPlan
  var places: [Place] { plan.places }
  /// The buffers of what is whole, by family and value.
  private let whole: [[Buffer<Scalar>]]
  /// Numbers of the frame's row weights, and adjoints of rows gathered at neighbors.
  let weights: [Buffer<Scalar>], halos: [Buffer<Scalar>]
  /// Gradients, one for each lane: parameters first, then adjoints of what depends on types.
  let lanes: [Buffer<Scalar>]
  let lane: LaneLayout
  /// The tables that stand for networks; their nodes' adjoints are behind all else in a lane.
  let tables: [ProgramTables<Scalar>]
  /// Numbers in a lane, the adjoints of nodes included.
  private(set) var laneCount = 0
  /// Statistics of each list's rows, `[types][slots][width]`.
  let means: [Buffer<Double>], deviations: [Buffer<Double>]
  /// Of each value: numbers in a row, numbers between rows, what it depends on.
  let widths: [Int], strides: [Int], moves: [Bool], learns: [Bool]
  let pairsBar = Buffer<SIMD3<Double>>(), pairsDot = Buffer<SIMD3<Double>>()

  /// Memory for frames of `program`.
  init(_ program: Program, keeps: Bool) {
    self.program = program
    self.keeps = keeps
    planOfPrediction = MemoryPlan(program, keeps: keeps ? .all : .none)
    planOfTraining = MemoryPlan(program, keeps: keeps ? .all : .atoms)
    plan = planOfPrediction
    whole = Family.allCases.map { _ in program.values.map { _ in Buffer<Scalar>() } }
    weights = program.weights.map { _ in Buffer() }
    halos = program.halos.map { _ in Buffer() }
    lanes = (0..<laneLimit).map { _ in Buffer() }
    lane = LaneLayout(program)
    tables = program.networkTables.map { ProgramTables($0, program) }
    means = program.lists.map { Buffer(of: $0.mean) }
    deviations = program.lists.map { Buffer(of: $0.deviation) }
    widths = program.values.map(\.width)
    strides = program.values.map { $0.space == .one ? 0 : $0.width }
    moves = program.values.map(\.moves)
    learns = program.values.map(\.learns)
  }

  /// Makes room for a frame, and puts in place what belongs to it.
  func begin(_ frame: ProgramFrame, forTraining: Bool) {
    plan = forTraining ? planOfTraining : planOfPrediction
    for (id, value) in program.values.enumerated() where places[id] == .whole {
      let count = frame.count(value.spaceID) * value.width
      for family in Family.allCases where has(family, id) {
        if forTraining || family == .value || family == .bar || family == .slope {
          self[family, id].reserve(count)
        }
      }
    }
    for (id, value) in program.values.enumerated() {
      if case .constant(let numbers) = value.origin { fill(self[.value, id], numbers) }
      if case .frame = value.origin { fill(self[.value, id], frame.parameters) }
    }
    for (weight, numbers) in zip(weights, frame.weights) { fill(weight, numbers) }
    let pairs = frame.edges.neighbors.count
    pairsBar.reserve(pairs)
    if forTraining { pairsDot.reserve(pairs) }
    for number in program.usedHalos {
      let halo = program.halos[number], rows = program.tables[halo.table].rows
      halos[number].reserve(frame.count(program.id(of: rows)) * program.values[halo.value].width)
    }
  }

  /// Turns to the tables of `parameters` and of `frame`, once the values of types are there; false
  /// if one is not exact enough.
  func beginTables(
    _ parameters: UnsafePointer<Scalar>, _ frame: ProgramFrame, forTraining: Bool, threads: Int
  ) -> Bool {
    precondition(
      tables.isEmpty || frame.tablesPresent.count == tables.count,
      "a frame that was laid out without tables")
    laneCount = lane.count
    let closest = frame.closest ?? program.cutoff
    for (number, table) in tables.enumerated() {
      let biases = program.networkTables[number].types?.biases.value
      guard
        let next = table.begin(
          parameters, biases: biases.map { UnsafePointer(self[.value, $0].base) },
          present: frame.tablesPresent[number], closest: closest, adjoints: laneCount,
          threads: threads)
      else { return false }
      laneCount = next
    }
    if forTraining { for buffer in lanes { buffer.reserve(laneCount) } }
    return true
  }

  /// The buffer of a value that is whole.
  subscript(family: Family, id: ValueID) -> Buffer<Scalar> { whole[family.rawValue][id] }

  /// Whether a value has numbers of `family`.
  func has(_ family: Family, _ id: ValueID) -> Bool {
    let value = program.values[id]
    return switch family {
    case .value: true
    case .bar, .dot: value.moves
    case .barDot: value.learns && value.space.isLocal
    case .slope, .curvature: program.isActivation[id]
    }
  }

  /// Sets the numbers of `family` to zero, of all whole values that operations make.
  func clear(_ family: Family, _ frame: ProgramFrame, threads: Int) {
    let ids = program.operations.map(\.out).filter {
      places[$0] == .whole && has(family, $0)
    }
    forEachItem(below: ids.count, workers: threads) { item, _ in
      let value = program.values[ids[item]]
      self[family, ids[item]].clear(frame.count(value.spaceID) * value.width)
    }
  }
}

/// Lanes that sums over tiles are taken in: few, since each holds a whole gradient.
let laneLimit = 8

/// Where the adjoints of parameters, and of what depends on types, are in a lane.
struct LaneLayout: Sendable {
  /// The place of each value; -1 for values that have none.
  private(set) var offsets: [Int]
  /// Numbers in a lane, and how many of them are parameters.
  private(set) var count = 0, parameterCount = 0
  /// The first parameter of the model that is in a lane.
  private(set) var firstParameter = 0

  init(_ program: Program) {
    offsets = Array(repeating: -1, count: program.values.count)
    let ranges = program.values.compactMap { value -> Range<Int>? in
      guard case .parameter(let start) = value.origin else { return nil }
      return start..<start + value.width
    }
    firstParameter = ranges.map(\.lowerBound).min() ?? 0
    parameterCount = (ranges.map(\.upperBound).max() ?? 0) - firstParameter
    count = parameterCount
    for (id, value) in program.values.enumerated() {
      if case .parameter(let start) = value.origin {
        offsets[id] = start - firstParameter
      } else if !value.space.isLocal && value.learns {
        offsets[id] = count
        let rows = value.space == .type ? program.typeCount : program.typeCount * program.typeCount
        count += rows * value.width
      }
    }
  }
}

extension Program {
  func id(of space: Space) -> SpaceID {
    guard let id = spaces.firstIndex(of: space) else {
      preconditionFailure("\(space) is no space of the program")
    }
    return id
  }
}

private func fill<Scalar: NetworkScalar>(_ buffer: Buffer<Scalar>, _ numbers: [Double]) {
  buffer.reserve(numbers.count)
  for (k, number) in numbers.enumerated() { buffer.base[k] = Scalar(number) }
}
