import Atoms
import DeepPotential
import Kernels
import Random
import Testing

/// How a program is run.
struct RunOptions: Sendable {
  var threads = 1, keeps = false
}

/// What both sweeps of a program say of one frame.
struct ProgramRun: Equatable {
  var prediction: Prediction
  var gradient: Parameters
  /// The derivatives of the atoms' energies along the direction of the adjoint.
  var energyTangents: [Double]
}

extension Program {
  /// Both sweeps over `frame` in float64.
  func run(
    _ frame: Frame, _ parameters: Parameters, _ adjoint: PredictionAdjoint,
    _ options: RunOptions = RunOptions()
  ) -> ProgramRun {
    run(Double.self, frame, parameters, adjoint, options)
  }

  /// Both sweeps over `frame`, in one precision; predictions before and after have the same bits.
  func run<Scalar: NetworkScalar>(
    _ scalar: Scalar.Type, _ frame: Frame, _ parameters: Parameters,
    _ adjoint: PredictionAdjoint, _ options: RunOptions = RunOptions()
  ) -> ProgramRun {
    let sweeps = ProgramSweeps<Scalar>(self, threads: options.threads, keeps: options.keeps)
    var gradient = Parameters(zerosLike: parameters), tangents: [Double] = []
    let prediction = parameters.withPointers { pointers in
      sweeps.prepare(pointers)
      let rows = ProgramFrame(frame, self), alone = sweeps.predict(rows)
      let prediction = sweeps.predict(rows, forTraining: true)
      gradient.withGradientPointers { sweeps.addGradient(adjoint, to: $0) }
      tangents = sweeps.atomTangents
      #expect(alone == prediction && sweeps.predict(rows) == prediction)
      return prediction
    }
    return ProgramRun(prediction: prediction, gradient: gradient, energyTangents: tangents)
  }
}

/// A random direction for every prediction of a frame.
func randomAdjoint(atoms: Int, step: UInt64 = 0) -> PredictionAdjoint {
  var random = CounterRandom(seed: 2, purpose: "adjoint", step: step)
  var adjoint = PredictionAdjoint(of: .energy, atoms: atoms)
  adjoint.atomValues = (0..<atoms).map { _ in random.normal() }
  adjoint.forces = (0..<atoms).map { _ in
    SIMD3(random.normal(), random.normal(), random.normal())
  }
  adjoint.virial = Matrix3(rows: (0..<9).map { _ in random.normal() })
  return adjoint
}

extension EnergyModel {
  /// What the hand-written sweeps say, without tables.
  func handWritten(_ frame: Frame, _ adjoint: PredictionAdjoint) -> ProgramRun {
    var gradient = Parameters(), said: Prediction?
    Evaluator(threads: 1, tabulates: false).gradient(
      of: [prepare(frame)], with: self, into: &gradient
    ) { _, prediction in
      said = prediction
      return adjoint
    }
    guard let said else { preconditionFailure("one frame has one prediction") }
    return ProgramRun(prediction: said, gradient: gradient, energyTangents: [])
  }
}

/// The largest difference of two lists, relative to the largest number of the second.
func relativeError(_ found: [Double], _ expected: [Double]) -> Double {
  precondition(found.count == expected.count)
  let scale = expected.map(abs).max() ?? 1
  let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
  return worst.isNaN ? .infinity : worst / max(scale, .leastNormalMagnitude)
}

extension ProgramRun {
  /// The largest relative errors of energy, atom energies, forces, virial and gradient.
  func errors(against other: ProgramRun) -> [Double] {
    [
      relativeError([prediction.energy], [other.prediction.energy]),
      relativeError(prediction.atomEnergies, other.prediction.atomEnergies),
      relativeError(flat(prediction.forces), flat(other.prediction.forces)),
      relativeError(prediction.virial.rows, other.prediction.virial.rows),
      relativeError(
        gradient.float64 + gradient.float32.map { Double($0) },
        other.gradient.float64 + other.gradient.float32.map { Double($0) }),
    ]
  }
}

func flat(_ vectors: [SIMD3<Double>]) -> [Double] { vectors.flatMap { [$0.x, $0.y, $0.z] } }
