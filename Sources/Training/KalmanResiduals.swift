import Atoms
import DeepPotential

/// The two things that a Kalman update needs of a batch: one error, and the direction in which the
/// error falls.
///
/// The error is `√B w mean|Δ| / N`, where Δ are the residuals of B energies or of force components,
/// w their weight and N the number of atoms.  The direction is the gradient of `w Σ ± prediction`,
/// each term with the sign of its residual, divided by N, and for forces by the number of
/// components.
package struct KalmanResiduals {
  /// The kind of residuals.
  package enum Kind {
    case energy
    case forces(on: [Int])
  }

  private let kind: Kind, weight: Double, frames: Int
  private var sum = 0.0

  package init(_ kind: Kind, _ weight: Double, _ frames: [LabeledFrame]) {
    self.kind = kind
    self.weight = weight
    self.frames = frames.count
  }

  /// The error of all frames added so far.
  package var error: Double { sum / Double(frames).squareRoot() }

  /// Adds the prediction for a frame; gives the derivatives of this frame's contribution to the
  /// direction.
  package mutating func add(_ prediction: Prediction, _ frame: LabeledFrame) -> PredictionAdjoint {
    var adjoint = PredictionAdjoint(of: .energy, atoms: frame.frame.types.count)
    let scale = weight / Double(frame.frame.realAtomCount)
    switch kind {
    case .energy:
      let residual = (frame.labels.energy ?? 0) - prediction.energy
      sum += scale * abs(residual)
      let sign = residual < 0 ? -scale : scale
      adjoint.addFrameSlopes([sign], of: .energy, types: frame.frame.types)
    case .forces(let atoms):
      let part = scale / Double(3 * atoms.count)
      for atom in atoms {
        let residual = (frame.labels.forces?[atom] ?? .zero) - prediction.forces[atom]
        for axis in 0..<3 {
          sum += part * abs(residual[axis])
          adjoint.forces[atom][axis] += residual[axis] < 0 ? -part : part
        }
      }
    }
    return adjoint
  }
}
