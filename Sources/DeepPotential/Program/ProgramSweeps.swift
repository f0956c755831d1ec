import Atoms
import Kernels
import Measurement

/// Runs a program over frames: sweep 1 gives energies, forces and the virial, sweep 2 the
/// parameters' gradient.
///
/// Within a stage (`Stages`) a tile of atoms goes through all operations in a thread's arena.  What
/// crosses tiles waits until all tiles have ended: rows that are gathered, their adjoints (added up
/// by the reverse neighbor list), and sums into parameters (by lanes, then in a tree).  So the
/// number of threads changes no bit.  Source: docs/MATH.md, "Operations"; design of the tiles in
/// docs/ARCHITECTURE.md.
public final class ProgramSweeps<Scalar: NetworkScalar> {
  let program: Program
  let memory: ProgramMemory<Scalar>
  private let arenas: [TileArena<Scalar>]
  let threads: Int
  private var parameters: UnsafePointer<Scalar>?
  private(set) var frame: ProgramFrame?

  /// Memory for `program` on `threads` threads; `keeps` all values of sweep 1 for sweep 2, instead
  /// of computing them again, which gives the same bits.
  public init(_ program: Program, threads: Int, keeps: Bool = false) {
    precondition(threads > 0)
    self.program = program
    self.threads = threads
    memory = ProgramMemory(program, keeps: keeps)
    arenas = (0..<threads).map { _ in TileArena(program) }
  }

  /// Why the last `begin` gave false.
  var tableProblem: String? { memory.tables.lazy.compactMap(\.problem).first }

  /// Turns to parameters, which must stay where they are until the last pass.
  public func prepare(_ parameters: ParameterPointers) {
    self.parameters = Scalar.base(of: parameters)
  }

  /// Turns to `frame`, and builds the tables that it needs; false if one is not exact enough, so
  /// that the same program without tables must be run.
  public func begin(_ frame: ProgramFrame, forTraining: Bool = false) -> Bool {
    guard let parameters else { preconditionFailure("prepare comes first") }
    self.frame = frame
    measure(.layout) {
      memory.begin(frame, forTraining: forTraining)
      memory.clear(.value, frame, threads: threads)
    }
    runOnTypes { $0.forward() }
    return memory.beginTables(parameters, frame, forTraining: forTraining, threads: threads)
  }

  /// Sweep 1 over `frame`: forward and backward.
  public func predict(_ frame: ProgramFrame, forTraining: Bool = false) -> Prediction {
    let isExact = begin(frame, forTraining: forTraining)
    precondition(isExact, "a program whose tables may not be exact enough begins on its own")
    return predict(forTraining: forTraining)
  }

  /// Sweep 1 over the frame of `begin`; forces and virial are derivatives of the output or, where
  /// that has no forces, of its `component` if there is one.
  public func predict(forTraining: Bool, derivativesOf component: Int? = nil) -> Prediction {
    guard let frame else { preconditionFailure("begin comes first") }
    let derives = program.output.isDifferentiated || component != nil
    measure(.layout) {
      memory.clear(.bar, frame, threads: threads)
      memory.pairsBar.clear(frame.edges.neighbors.count)
    }
    if derives { seed(.bar) { _, column in column == component ?? 0 ? 1 : 0 } }
    let last = program.stages.count - 1
    for stage in 0..<last {
      fillGhosts(of: stage)
      run(stage) { passes in
        passes.forTraining = forTraining
        passes.forward()
      }
    }
    fillGhosts(of: last)
    let goesBack = derives || forTraining
    for stage in (0...last).reversed() where goesBack || stage == last {
      func run() {
        self.run(stage) { passes in
          passes.forTraining = forTraining && stage == last
          if stage == last || !memory.keeps {
            passes.recomputes = stage < last
            passes.forward()
          }
          passes.recomputes = false
          if goesBack { passes.backward() }
        }
      }
      if goesBack { withHalos(of: stage, .bar, run) } else { run() }
    }
    return measure(.forces) { prediction(frame, derives: derives) }
  }

  /// Sweep 2 over the frame of the last `predict(forTraining: true)`: adds the gradient of
  /// `adjoint`'s linear loss, or replaces what is there.
  public func addGradient(_ adjoint: PredictionAdjoint, to gradient: GradientPointers) {
    guard let frame else { preconditionFailure("predict comes first") }
    precondition(frame.ghosts == nil, "another program's atoms serve predictions only")
    measure(.direction) { fillDirection(frame, adjoint) }
    measure(.layout) {
      memory.clear(.dot, frame, threads: threads)
      memory.clear(.barDot, frame, threads: threads)
      let width = program.output.width
      seed(.barDot) { atom, column in
        column < width
          ? adjoint.atomValues[atom * width + column] : adjoint.forces[atom][column - width]
      }
    }
    clearLanes()
    let last = program.stages.count - 1
    for stage in 0..<last {
      run(stage) { passes in
        if !memory.keeps { recompute(&passes, backward: false) }
        passes.recomputes = false
        passes.tangent()
      }
    }
    for stage in (0...last).reversed() {
      withHalos(of: stage, .barDot) {
        runByLanes(stage) { passes in
          if !memory.keeps { recompute(&passes, backward: true) }
          if stage == last || !memory.keeps {
            passes.recomputes = stage < last
            passes.tangent()
          }
          passes.recomputes = false
          passes.backwardTangent()
        }
      }
    }
    addParameters(to: gradient)
  }

  /// The derivative of each atom's value along the direction of the last `addGradient`,
  /// `[atoms][width]`, for atoms in the frame's order.
  public var atomTangents: [Double] {
    guard let frame else { preconditionFailure("predict comes first") }
    let width = program.output.width, stride = program.output.rowWidth
    var tangents = Array(repeating: 0.0, count: frame.frame.types.count * width)
    guard program.values[program.result].moves else { return tangents }
    let results = memory[.dot, program.result].base
    for (k, atom) in frame.edges.centers.enumerated() {
      for c in 0..<width { tangents[atom * width + c] = Double(results[k * stride + c]) }
    }
    return tangents
  }

  /// Sets the adjoints of the atoms' values, or their tangents, and those of forces that nets give;
  /// `number` is called with the atom and the column.
  private func seed(_ family: Family, _ number: (_ atom: Int, _ column: Int) -> Double) {
    guard let frame, memory.has(family, program.result) else { return }
    let values = memory[family, program.result].base, width = program.output.rowWidth
    for (k, atom) in frame.edges.centers.enumerated() {
      for c in 0..<width { values[k * width + c] = Scalar(number(atom, c)) }
    }
  }

  /// Computes the values of sweep 1 in a tile's arena again, and their adjoints.
  private func recompute(_ passes: inout TilePasses<Scalar>, backward: Bool) {
    passes.recomputes = true
    passes.forTraining = true
    passes.forward()
    guard backward else { return }
    passes.backward()
  }
}

/// Tiles, threads and what waits for the end of a stage.
extension ProgramSweeps {
  /// Runs `body` for every tile of a stage.
  private func run(_ stage: Int, _ body: (inout TilePasses<Scalar>) -> Void) {
    guard let frame else { preconditionFailure("predict comes first") }
    nonisolated(unsafe) let body = body, sweeps = self
    forEachItem(below: tiles(of: stage).count, workers: threads) { tile, worker in
      sweeps.run(stage, tile, sweeps.memory.lanes[0].base, worker, frame, body)
    }
  }

  /// Runs `body` for every tile of a stage; those of one lane in order.
  private func runByLanes(_ stage: Int, _ body: (inout TilePasses<Scalar>) -> Void) {
    guard let frame else { preconditionFailure("predict comes first") }
    nonisolated(unsafe) let body = body, sweeps = self
    forEachItem(below: laneCount, workers: threads) { lane, worker in
      for tile in stride(from: lane, to: sweeps.tiles(of: stage).count, by: sweeps.laneCount) {
        sweeps.run(stage, tile, sweeps.memory.lanes[lane].base, worker, frame, body)
      }
    }
  }

  private func run(
    _ stage: Int, _ tile: Int, _ lane: UnsafeMutablePointer<Scalar>, _ worker: Int,
    _ frame: ProgramFrame, _ body: (inout TilePasses<Scalar>) -> Void
  ) {
    guard let parameters else { preconditionFailure("prepare comes first") }
    let arena = arenas[worker], operations = program.stages[stage], tiles = tiles(of: stage)
    arena.begin(memory, parameters: parameters, lane: lane)
    arena.begin(stage: stage, tile: tile, tiles, memory)
    var passes = TilePasses(
      operations: operations, runs: program.stageRuns[stage], clears: memory.plan.clears[stage],
      frame: frame, memory: memory, arena: arena, tiles: tiles, tile: tile)
    body(&passes)
  }

  /// Runs `body` for the operations on types, of which there are few.
  func runOnTypes(_ body: (TilePasses<Scalar>) -> Void) {
    guard let frame, let parameters else { preconditionFailure("prepare comes first") }
    if program.typeOperations.isEmpty { return }
    arenas[0].begin(memory, parameters: parameters, lane: memory.lanes[0].base)
    body(
      TilePasses(
        operations: program.typeOperations, runs: program.typeRuns, clears: nil, frame: frame,
        memory: memory, arena: arenas[0], tiles: frame.tiles(ofAtoms: false), tile: 0))
  }

  /// Lanes of the frame: no more than tiles.
  var laneCount: Int { min(laneLimit, frame?.tiles(ofAtoms: false).count ?? 0) }

  private func tiles(of stage: Int) -> Tiling {
    guard let frame else { preconditionFailure("predict comes first") }
    return frame.tiles(ofAtoms: program.areOfAtoms[stage])
  }

  /// Runs `body` for a stage whose operations read other atoms' rows, then adds up what is due to
  /// those.
  private func withHalos(of stage: Int, _ family: Family, _ body: () -> Void) {
    guard let frame else { preconditionFailure("predict comes first") }
    let used = Set(program.stages[stage].flatMap(\.inputs).compactMap(\.halo)).sorted().filter {
      memory.has(family, program.halos[$0].value)
    }
    let ghosts =
      frame.ghosts == nil
      ? []
      : program.gathered(in: stage).filter {
        memory.has(family, $0)
      }
    for id in ghosts {
      let width = memory.widths[id], centers = frame.edges.centerCount
      clear(
        memory[family, id].base + centers * width, (frame.edges.atoms.count - centers) * width)
    }
    body()
    for halo in used { gather(halo, family, frame) }
    for id in ghosts {
      frame.ghosts?.giveBack(memory[family, id].base, width: memory.widths[id])
    }
  }

  /// Fills the rows of ghosts that a stage gathers.
  private func fillGhosts(of stage: Int) {
    guard let ghosts = frame?.ghosts else { return }
    for id in program.gathered(in: stage) {
      ghosts.fill(memory[.value, id].base, width: memory.widths[id])
    }
  }

  /// Adds to each atom's row what waits at the pairs that end at it, in the order of the reverse
  /// neighbor list.
  private func gather(_ halo: Int, _ family: Family, _ frame: ProgramFrame) {
    let id = program.halos[halo].value, width = memory.widths[id], block = 64
    let (starts, rows) = frame.reverses[halo], atoms = frame.edges.atoms.count
    nonisolated(unsafe) let to = memory[family, id].base, from = memory.halo(halo)
    forEachItem(below: (atoms + block - 1) / block, workers: threads) { item, _ in
      rows.withUnsafeBufferPointer { rows in
        guard let first = rows.baseAddress else { return }
        for atom in item * block..<min((item + 1) * block, atoms) {
          let start = Int(starts[atom]), count = Int(starts[atom + 1]) - start
          addRows(
            Rows(from, stride: width, index: first + start), times: RowFactors(1),
            to: Rows(to + atom * width, stride: 0), width: width, count: count)
        }
      }
    }
  }
}
