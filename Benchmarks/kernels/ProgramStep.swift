import Atoms
import DeepPotential
import Kernels

/// Both sweeps of se_e2_a as a program beside the hand-written ones, and of DPA-1; on one thread.
struct ProgramStep: Codable {
  /// The number format, and how the sweeps are run.
  let precision: String, way: String
  /// Seconds of a prediction, and of a prediction with its gradient; nil if it has none.
  let prediction: Double, training: Double?

  /// The model of DeePMD-kit's water example, 192 atoms, by hand.
  private static func byHand() -> [ProgramStep] {
    [true, false].map { handWritten(.float64, tabulates: $0) }
      + [handWritten(.float32, tabulates: false)]
  }

  /// The same by hand and as a program, and DPA-1.
  static func all() -> [ProgramStep] {
    byHand() + [program(Double.self, keeps: false), program(Double.self, keeps: true)]
      + [program(Float.self, keeps: false)]
      + [0, 2].flatMap { [dpa1(layers: $0, keeps: false), dpa1(layers: $0, keeps: true)] }
      + predictions("se_e2_a", waterModel(.float64)) + predictions("DPA-1", dpa1Model(layers: 0))
  }

  /// Predictions of a program by tables, and without them by networks for many rows at once.
  private static func predictions(_ name: String, _ model: EnergyModel) -> [ProgramStep] {
    let ways = [
      ("tables", model.program(tabulates: true)), ("networks at once", model.program(atOnce: true)),
    ]
    return ways.map { way, program in
      let frame = ProgramFrame(waterLikeFrame(), program)
      let sweeps = ProgramSweeps<Double>(program, threads: 1)
      return model.parameters.withPointers { parameters in
        sweeps.prepare(parameters)
        return ProgramStep(
          precision: "float64", way: "\(name) as a program, \(way)",
          prediction: secondsPerCall { _ = sweeps.predict(frame) }, training: nil)
      }
    }
  }

  private static func handWritten(_ precision: Precision, tabulates: Bool) -> ProgramStep {
    let model = waterModel(precision), frame = model.prepare(waterLikeFrame())
    let evaluator = Evaluator(threads: 1, tabulates: tabulates)
    var gradient = Parameters(zerosLike: model.parameters)
    let prediction = secondsPerCall { _ = evaluator.predict([frame], with: model) }
    let training = secondsPerCall {
      evaluator.gradient(of: [frame], with: model, into: &gradient) { adjoint(of: $1) }
    }
    return ProgramStep(
      precision: precision.rawValue, way: tabulates ? "by hand, tables" : "by hand",
      prediction: prediction, training: training)
  }

  private static func program<Scalar: NetworkScalar>(
    _ scalar: Scalar.Type, keeps: Bool
  ) -> ProgramStep {
    let model = waterModel(Scalar.precision)
    return time(
      scalar, model.program(), model.parameters, way: keeps ? "program, kept" : "program",
      keeps: keeps)
  }

  static func time<Scalar: NetworkScalar>(
    _ scalar: Scalar.Type, _ program: Program, _ parameters: Parameters, way: String, keeps: Bool
  ) -> ProgramStep {
    let frame = ProgramFrame(waterLikeFrame(), program)
    let sweeps = ProgramSweeps<Scalar>(program, threads: 1, keeps: keeps)
    var gradient = Parameters(zerosLike: parameters)
    return parameters.withPointers { parameters in
      sweeps.prepare(parameters)
      let prediction = secondsPerCall { _ = sweeps.predict(frame) }
      let training = secondsPerCall {
        let adjoint = adjoint(of: sweeps.predict(frame, forTraining: true))
        gradient.withGradientPointers(replacing: true) { sweeps.addGradient(adjoint, to: $0) }
      }
      return ProgramStep(
        precision: Scalar.precision.rawValue, way: way, prediction: prediction,
        training: training)
    }
  }

  static func adjoint(of prediction: Prediction) -> PredictionAdjoint {
    var adjoint = PredictionAdjoint(of: .energy, atoms: prediction.forces.count)
    adjoint.forces = prediction.forces
    return adjoint
  }
}
