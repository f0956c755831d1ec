import Atoms
import Kernels

/// The sweeps of a model that is run as a program: with tables of its embedding nets where they are
/// exact enough, or without.
final class ProgramModelSweeps<Row: NetworkScalar>: ModelSweeps {
  private let tabulated: ProgramSweeps<Row>?, direct: ProgramSweeps<Row>, threads: Int
  private let wantsTables: Bool
  /// The direct way for predictions, made when it is needed.
  private var atOnce: ProgramSweeps<Row>?
  /// Those of the two that the last frame went through.
  private var sweeps: ProgramSweeps<Row>
  private let model: EnergyModel
  private(set) var directReason: String?
  private var parameters: ParameterPointers?

  /// Memory for frames of `model` on `threads` threads; `tabulates` allows tables of embedding
  /// nets.
  init(_ model: EnergyModel, threads: Int, tabulates: Bool) {
    var shape = model
    shape.parameters = Parameters()
    (self.model, self.threads, wantsTables) = (shape, threads, tabulates)
    let program = model.program(tabulates: tabulates)
    // A layer's sums over neighbors take little memory where messages are not stored, and computing
    // them again as much time as a pass.
    let keeps = program.passesMessages
    tabulated =
      program.hasTables ? ProgramSweeps(program, threads: threads, keeps: keeps) : nil
    direct = ProgramSweeps(model.program(), threads: threads, keeps: keeps)
    sweeps = tabulated ?? direct
  }

  func prepare(_ model: EnergyModel, parameters: ParameterPointers, closest: Double) {
    self.parameters = parameters
    for sweeps in [tabulated, direct, atOnce] { sweeps?.prepare(parameters) }
  }

  func predict(
    _ frame: PreparedFrame, forTraining: Bool, derivativesOf component: Int?
  ) -> Prediction {
    predict(tables(of: frame), forTraining: forTraining, derivativesOf: component)
  }

  /// Sweep 1, through tables or the direct way.
  private func predict(
    _ frame: ProgramFrame, forTraining: Bool, derivativesOf component: Int? = nil
  ) -> Prediction {
    sweeps = direct
    directReason = nil
    if let tabulated, tabulated.begin(frame, forTraining: forTraining) {
      sweeps = tabulated
    } else {
      if wantsTables, let reason = tabulated?.tableProblem ?? model.descriptor.reasonAgainstTables {
        directReason = reason
        noticeDirectWay(reason)
      }
      if !forTraining { sweeps = sweepsAtOnce() }
      _ = sweeps.begin(frame, forTraining: forTraining)
    }
    return sweeps.predict(forTraining: forTraining, derivativesOf: component)
  }

  private func sweepsAtOnce() -> ProgramSweeps<Row> {
    if let atOnce { return atOnce }
    guard let parameters else { preconditionFailure("prepare comes first") }
    let made = ProgramSweeps<Row>(model.program(atOnce: true), threads: threads)
    made.prepare(parameters)
    atOnce = made
    return made
  }

  func atomVirials(_ atoms: Int) -> [Matrix3] { sweeps.atomVirials(atoms) }

  func descriptors(_ frame: PreparedFrame) -> [Double] {
    guard let parameters else { preconditionFailure("prepare comes first") }
    let (rows, program) = model.rowsAndProgram(keepsRows: true)
    let sweeps = ProgramSweeps<Row>(program, threads: threads)
    sweeps.prepare(parameters)
    _ = sweeps.predict(tables(of: frame))
    return sweeps.numbers(of: rows)
  }

  func predict(
    _ listed: ListedAtoms, derivativesOf component: Int?, into result: ListedPrediction
  ) -> ListedSums {
    clear(result.forces, 3 * listed.count)
    clear(result.atomVirials, 9 * listed.count)
    let emptyType = (0..<listed.ownCount).lazy.map { Int(listed.types[$0]) }.first { $0 >= 0 }
    var sums = ListedSums(of: model.output)
    // Blocks, so that memory does not grow with the number of atoms; where atoms read each other's
    // rows they are all needed at once, and other processes wait for this one even if it has none.
    let passesMessages = direct.program.passesMessages
    let size = passesMessages ? max(1, listed.ownCount) : 256
    for start in stride(from: 0, to: passesMessages ? size : listed.ownCount, by: size) {
      let centers = start..<min(start + size, listed.ownCount)
      predict(
        centers, of: listed, emptyType ?? 0, derivativesOf: component, into: result, &sums)
    }
    return sums
  }

  /// Adds what a block of own atoms gives.
  private func predict(
    _ centers: Range<Int>, of listed: ListedAtoms, _ emptyType: Int,
    derivativesOf component: Int?, into result: ListedPrediction, _ sums: inout ListedSums
  ) {
    let program = (tabulated ?? direct).program
    let edges = NeighborList(
      centers, of: listed, cutoff: program.cutoff, limit: program.neighborLimit)
    let ghosts = listed.ghosts.map {
      GhostRows(
        swaps: $0, atoms: edges.atoms, centerCount: edges.centerCount, listedCount: listed.count)
    }
    precondition(ghosts != nil || !program.passesMessages, "nobody says where ghosts come from")
    let frame = ProgramFrame(
      block(edges, of: listed), edges.numbered, program, emptyType: emptyType, ghosts: ghosts,
      threads: threads)
    let prediction = predict(frame, forTraining: false, derivativesOf: component)
    for (k, value) in prediction.frameValue.enumerated() { sums.frameValue[k] += value }
    sums.truncatedCenters += frame.truncatedCenters
    sums.closest = min(sums.closest, frame.closest ?? .infinity)
    if let values = result.atomValues {
      let width = model.output.width
      values.advanced(by: centers.lowerBound * width).update(
        repeating: 0, count: centers.count * width)
      for (k, atom) in edges.centers.enumerated() {
        for c in 0..<width {
          values[atom * width + c] = prediction.atomValues[k * width + c]
        }
      }
    }
    sums.virial = sums.virial + prediction.virial
    if let forces = result.forces {
      for (atom, force) in zip(edges.atoms, prediction.forces) {
        for axis in 0..<3 { forces[3 * atom + axis] += force[axis] }
      }
    }
    guard let virials = result.atomVirials else { return }
    for (atom, virial) in zip(edges.atoms, sweeps.atomVirials(edges.atoms.count)) {
      for (k, number) in virial.rows.enumerated() { virials[9 * atom + k] += number }
    }
  }

  /// The block's atoms as a frame of their own; neighbors have no atom parameters.
  private func block(_ edges: NeighborList, of listed: ListedAtoms) -> Frame {
    var frame = Frame(
      types: edges.types, positions: edges.atoms.map { listed.position($0) }, cell: nil)
    frame.frameParameters = listed.frameParameters
    let width = model.inputs.atomParameters
    let own = edges.centers.flatMap { listed.atomParameters[width * $0..<width * ($0 + 1)] }
    frame.atomParameters =
      own + Array(repeating: 0, count: width * (edges.atoms.count - edges.centerCount))
    return frame
  }

  func addGradient(_ adjoint: PredictionAdjoint, to gradient: GradientPointers) {
    sweeps.addGradient(adjoint, to: gradient)
  }

  private func tables(of frame: PreparedFrame) -> ProgramFrame {
    guard case .program(let tables) = frame.neighbors else {
      preconditionFailure("a frame that was prepared for other sweeps")
    }
    return tables
  }
}
