import Kernels

/// What a value has numbers of; slopes and curvatures are those of activations.
enum Family: Int, CaseIterable {
  case value, bar, dot, barDot, slope, curvature
}

/// Where the numbers of a value are while a frame is worked on.
enum Place: Sendable, Equatable {
  /// In the model's parameters.
  case parameter(Int)
  /// In a buffer for all rows: constants, frame parameters, values of types; and each value that
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
  /// For each family and value where row 0 of its numbers is, if it is whole; and how many times
  /// that was found out.
  let origins: Buffer<UnsafeMutablePointer<Scalar>?>
  private(set) var layoutNumber = 0
  /// Numbers of the frame's row weights.
  let weights: [Buffer<Scalar>]
  /// Adjoints of rows gathered at neighbors, and the buffer of each halo.
  private let haloBuffers: [Buffer<Scalar>], haloBufferNumbers: [Int]
  /// The spaces whose rows gather what halos are for.
  let haloSpaces: [SpaceID]
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
  let widths: [Int], strides: [Int], spaces: [SpaceID], moves: [Bool], learns: [Bool]
  /// The products whose weights' gradient is taken over all atoms at once, in order, and the first
  /// of the weights in the model's vector; for each value whether it is such a product.
  let frameProducts: [(op: Operation.Bilinear, start: Int)], isFrameProduct: [Bool]
  /// Places of the program's parameters in the model's vector, but for those products' weights.
  let gradientRanges: [Range<Int>]
  let pairsBar = Buffer<SIMD3<Double>>(), pairsDot = Buffer<SIMD3<Double>>()

  /// Memory for frames of `program`.
  init(_ program: Program, keeps: Bool) {
    self.program = program
    self.keeps = keeps
    planOfPrediction = MemoryPlan(program, keeps: keeps ? .all : .messages, forTraining: false)
    planOfTraining = MemoryPlan(program, keeps: keeps ? .all : .atoms, forTraining: true)
    plan = planOfPrediction
    whole = Family.allCases.map { _ in program.values.map { _ in Buffer<Scalar>() } }
    origins = Buffer(Family.allCases.count * program.values.count)
    weights = program.weights.map { _ in Buffer() }
    haloBufferNumbers = ProgramMemory.haloBufferNumbers(program)
    haloBuffers = (0..<(haloBufferNumbers.max() ?? -1) + 1).map { _ in Buffer() }
    haloSpaces = program.halos.map { program.id(of: program.tables[$0.table].rows) }
    lanes = (0..<laneLimit).map { _ in Buffer() }
    lane = LaneLayout(program, planOfTraining)
    tables = program.networkTables.map { ProgramTables($0, program) }
    means = program.lists.map { Buffer(of: $0.mean) }
    deviations = program.lists.map { Buffer(of: $0.deviation) }
    widths = program.values.map(\.width)
    strides = program.values.map { $0.space == .one ? 0 : $0.width }
    spaces = program.values.map(\.spaceID)
    moves = program.values.map(\.moves)
    learns = program.values.map(\.learns)
    let products = planOfTraining.frameProducts
    isFrameProduct = program.values.indices.map { products[$0] != nil }
    frameProducts = products.sorted { $0.key < $1.key }.compactMap { _, op in
      guard case .parameter(let start) = program.values[op.y.value].origin else { return nil }
      return (op, start + op.y.columns.lowerBound)
    }
    gradientRanges = ProgramMemory.places(
      of: program, without: frameProducts.map { $0.start..<$0.start + $0.op.y.width })
  }

  /// The smallest range that has all parameters of `program`, cut at the ranges `without`, which
  /// are equal or apart.
  private static func places(of program: Program, without: [Range<Int>]) -> [Range<Int>] {
    let all = program.values.compactMap { value -> Range<Int>? in
      guard case .parameter(let start) = value.origin else { return nil }
      return start..<start + value.width
    }
    guard var next = all.map(\.lowerBound).min(), let end = all.map(\.upperBound).max() else {
      return []
    }
    var ranges: [Range<Int>] = []
    for range in Set(without).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      ranges.append(next..<range.lowerBound)
      next = range.upperBound
    }
    return ranges + [next..<end]
  }

  /// The buffer of each halo: halos of one stage have different ones, others share them.
  private static func haloBufferNumbers(_ program: Program) -> [Int] {
    let ofStages = program.stages.map { Set($0.flatMap(\.inputs).compactMap(\.halo)) }
    var places = Array(repeating: -1, count: program.halos.count)
    for halo in places.indices where program.usedHalos.contains(halo) {
      let beside = ofStages.filter { $0.contains(halo) }.joined()
      let taken = Set(beside.map { places[$0] })
      places[halo] = (0...taken.count).first { !taken.contains($0) } ?? taken.count
    }
    return places
  }

  /// What is due to neighbors' rows, until the stage has ended that adds to it.
  func halo(_ number: Int) -> UnsafeMutablePointer<Scalar> {
    haloBuffers[haloBufferNumbers[number]].base
  }

  /// Makes room for a frame, and puts in place what belongs to it.
  func begin(_ frame: ProgramFrame, forTraining: Bool) {
    plan = forTraining ? planOfTraining : planOfPrediction
    for (id, value) in program.values.enumerated() where places[id] == .whole {
      let rows = frame.count(value.spaceID)
      let count = (program.isGathered(id) ? max(rows, frame.edges.atoms.count) : rows) * value.width
      for family in Family.allCases
      where has(family, id) && storage(family, id) == id && !plan.isArena(family, id) {
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
      let width = program.values[program.halos[number].value].width
      haloBuffers[haloBufferNumbers[number]].reserve(frame.count(haloSpaces[number]) * width)
    }
    noteOrigins()
  }

  private func noteOrigins() {
    layoutNumber += 1
    for family in Family.allCases {
      let row = origins.base + family.rawValue * whole[family.rawValue].count
      for id in program.values.indices {
        row[id] =
          places[id] == .whole && !plan.isArena(family, id) ? self[family, id].base : nil
      }
    }
  }

  /// Turns to the tables of `parameters` and of `frame`, once the values of types are there; false
  /// if one is not exact enough.
  func beginTables(
    _ parameters: UnsafePointer<Scalar>, _ frame: ProgramFrame, forTraining: Bool, threads: Int
  ) -> Bool {
    precondition(
      program.networkTables.allSatisfy { $0.types == nil }
        || frame.tablesPresent.count == tables.count,
      "a frame that was laid out without tables")
    laneCount = lane.count
    let closest = frame.closest ?? program.cutoff
    for (number, table) in tables.enumerated() {
      let ofTypes = program.networkTables[number].types?.view.value
      guard
        let next = table.begin(
          parameters, ofTypes: ofTypes.map { UnsafePointer(self[.value, $0].base) },
          present: ofTypes == nil ? [0] : frame.tablesPresent[number], closest: closest,
          adjoints: laneCount,
          threads: threads)
      else { return false }
      laneCount = next
    }
    if forTraining { for buffer in lanes { buffer.reserve(laneCount) } }
    return true
  }

  /// The value in whose place the numbers of a family are.
  @inline(__always)
  func storage(_ family: Family, _ id: ValueID) -> ValueID {
    family == .bar ? plan.adjointStorage[id] : plan.storage[id]
  }

  /// The buffer of what is whole.
  subscript(family: Family, id: ValueID) -> Buffer<Scalar> {
    whole[family.rawValue][storage(family, id)]
  }

  /// Whether a value has numbers of `family`.
  func has(_ family: Family, _ id: ValueID) -> Bool {
    switch family {
    case .value: true
    case .bar, .dot: moves[id]
    case .barDot: learns[id] && program.values[id].space.isLocal
    case .slope, .curvature: program.isActivation[id]
    }
  }

  /// Sets the numbers of `family` to zero, of all whole values that operations make and tiles do
  /// not clear.
  func clear(_ family: Family, _ frame: ProgramFrame, threads: Int) {
    let ids = program.operations.map(\.out).filter {
      places[$0] == .whole && !plan.isOfTiles[$0] && has(family, $0)
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
///
/// Weights have no place in it whose gradient is taken over all atoms at once.
struct LaneLayout: Sendable {
  /// Parameters in a lane: their value, and the first of them in the model's vector.
  struct Stored: Sendable {
    let id: ValueID, start: Int
  }

  /// The place of each value; -1 for values that have none.
  private(set) var offsets: [Int]
  private(set) var parameters: [Stored] = []
  /// Numbers in a lane.
  private(set) var count = 0

  init(_ program: Program, _ plan: MemoryPlan) {
    offsets = Array(repeating: -1, count: program.values.count)
    let read = program.operations.flatMap { operation -> [View] in
      plan.frameProducts[operation.out].map { [$0.x] } ?? operation.inputs
    }
    let inLanes = Set(read.map(\.value))
    for (id, value) in program.values.enumerated() {
      if case .parameter(let start) = value.origin, inLanes.contains(id) {
        parameters.append(Stored(id: id, start: start))
        (offsets[id], count) = (count, count + value.width)
      }
    }
    for (id, value) in program.values.enumerated() {
      if case .parameter = value.origin { continue }
      if !value.space.isLocal && value.learns {
        offsets[id] = count
        count += program.rows(of: value.space) * value.width
      }
    }
  }
}

extension Program {
  /// How many rows a space has that is not of atoms or pairs.
  fileprivate func rows(of space: Space) -> Int {
    switch space {
    case .one: 1
    case .type: typeCount
    default: typeCount * typeCount
    }
  }

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
