import ArgumentParser
import Atoms
import DeepPotential
import Diagnostics
import Foundation
import Sockets
import Toolkit

/// The choice between programs' values of the atomic units.
enum UnitChoice: String, CaseIterable, ExpressibleByArgument {
  /// ASE's values for ASE, which sends a single zero byte with INIT; i-PI's values for others.
  case auto
  case iPI = "i-pi"
  case ase
  case codata

  /// The values for a server that sent `parameters` with INIT.
  func units(for parameters: [UInt8]?) -> AtomicUnits {
    switch self {
    case .auto: parameters == [0] ? .ase : .iPI
    case .iPI: .iPI
    case .ase: .ase
    case .codata: .codata
    }
  }
}

/// Answers requests with a model.
final class Computation {
  private let model: EnergyModel, structures: Structures
  private let choice: UnitChoice, usesCells: Bool, givesAtomEnergies: Bool
  private let evaluator: Evaluator
  private var toldOfTruncation = false
  private var seconds = 0.0
  /// The number of calculations so far.
  private(set) var count = 0

  /// Throws `.data` if `model`, which was read from `path`, needs more than positions.
  init(
    _ model: EnergyModel, from path: String, _ structures: Structures, units: UnitChoice,
    usingCells: Bool, withAtomEnergies: Bool, threads: Int
  ) throws {
    guard model.inputs.areOptional else {
      throw ToolError(
        .data, at: path, "takes frame or atom parameters, which the protocol does not carry",
        remedy: "give the model default_fparam if it takes frame parameters only")
    }
    (self.model, self.structures, choice) = (model, structures, units)
    (usesCells, givesAtomEnergies) = (usingCells, withAtomEnergies)
    evaluator = Evaluator(threads: threads)
  }

  /// The number of calculations in words.
  var summary: String {
    count == 0
      ? "nothing calculated"
      : "\(counted(count, "calculation")), "
        + "\(String(format: "%.2f", 1000 * seconds / Double(count))) ms each"
  }

  /// Computes the `answer`.  Throws `.data` for a request that cannot be computed.
  func answer(_ request: ForceRequest, _ answer: inout ForceAnswer) throws {
    let start = ContinuousClock.now
    let units = choice.units(for: request.parameters)
    let frame = try frame(of: request, units)
    let prediction = evaluator.predict([frame], with: model)[0]
    try evaluator.requireReach(of: model, at: "calculation \(count)")
    guard prediction.energy.isFinite, prediction.forces.allSatisfy({ $0.isFinite }) else {
      throw ToolError(
        .data, at: "calculation \(count)", "energy and forces are not finite numbers",
        remedy: "atoms may lie upon each other; look at the server's last structure")
    }
    fill(&answer, with: prediction, units)
    if evaluator.truncatedCenters > 0 && !toldOfTruncation {
      toldOfTruncation = true
      Console.shared.warn(
        counted(evaluator.truncatedCenters, "atom has", "atoms have")
          + " more neighbors than the model has slots (sel); the farthest are left out")
    }
    count += 1
    seconds += (ContinuousClock.now - start) / .seconds(1)
    Console.shared.detail(
      "calculation \(count): replica \(request.replica), \(counted(request.atomCount, "atom")), "
        + "\(prediction.energy) eV")
  }

  /// The frame in Å, with types of the model.
  private func frame(of request: ForceRequest, _ units: AtomicUnits) throws -> Frame {
    let structure = try structures.structure(ofAtoms: request.atomCount)
    let numbers = request.positions
    let positions = try (0..<request.atomCount).map { atom in
      let position =
        SIMD3(numbers[3 * atom], numbers[3 * atom + 1], numbers[3 * atom + 2]) * units.bohr
      guard position.isFinite else {
        throw ToolError(
          .data, at: "calculation \(count), atom \(atom)",
          "the server sent a position that is no finite number",
          remedy: "its dynamics may have diverged: try a smaller timestep")
      }
      return position
    }
    return Frame(
      types: structure.types, positions: positions, cell: try cell(of: request, structure, units),
      frameParameters: model.inputs.defaultFrameParameters ?? [])
  }

  /// The cell in Å; nil without periodicity.
  private func cell(
    of request: ForceRequest, _ structure: Structures.Structure, _ units: AtomicUnits
  ) throws -> Cell? {
    if !usesCells { return nil }
    if request.cell.allSatisfy({ $0 == 0 }) {
      guard structure.isPeriodic != true else {
        throw ToolError(
          .data, at: "calculation \(count)",
          "the server sent no cell, but \(structure.place) is periodic",
          remedy: "give the server the cell, or say --no-pbc")
      }
      return nil
    }
    if structure.isPeriodic == false { return nil }
    guard let cell = Cell(rows: request.cell.map { $0 * units.bohr }) else {
      throw ToolError(
        .data, at: "calculation \(count)", "the server sent a cell that spans no volume",
        remedy: "models are periodic along all directions or none (--no-pbc)")
    }
    return cell
  }

  private func fill(
    _ answer: inout ForceAnswer, with prediction: Prediction, _ units: AtomicUnits
  ) {
    answer.energy = prediction.energy / units.hartree
    answer.forces.removeAll(keepingCapacity: true)
    for force in prediction.forces {
      let force = force / units.force
      answer.forces.append(force.x)
      answer.forces.append(force.y)
      answer.forces.append(force.z)
    }
    answer.virial = prediction.virial.rows.map { $0 / units.hartree }
    if givesAtomEnergies {
      let energies = prediction.atomEnergies.map { "\($0 / units.hartree)" }
      answer.extra = "{\"atom_energies\": [\(energies.joined(separator: ", "))]}"
    }
  }
}

extension SIMD3<Double> {
  fileprivate var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }
}
