import Atoms
import Kernels

/// The sweeps of a model that is run as a program.
final class ProgramModelSweeps<Row: NetworkScalar>: ModelSweeps {
  private let sweeps: ProgramSweeps<Row>, threads: Int
  private var model: EnergyModel, parameters: ParameterPointers?

  /// Memory for frames of `model` on `threads` threads.
  init(_ model: EnergyModel, threads: Int) {
    (self.model, self.threads) = (model, threads)
    self.model.parameters = Parameters()
    sweeps = ProgramSweeps(model.program(), threads: threads)
  }

  func prepare(_ model: EnergyModel, parameters: ParameterPointers, closest: Double) {
    self.parameters = parameters
    sweeps.prepare(parameters)
  }

  func predict(_ frame: PreparedFrame, forTraining: Bool) -> Prediction {
    sweeps.predict(tables(of: frame), forTraining: forTraining)
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

  func predict(_ listed: ListedAtoms, into result: ListedPrediction) -> ListedSums {
    preconditionFailure("lists of other programs")
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
