import Atoms
import DeepPotential

/// What a Kalman update sees of a batch: one error, and the direction in which it falls.
///
/// The error is `√B w mean|Δ| / N`, where Δ are the residuals of B energies or of force components, w their weight and N
/// the number of atoms; the direction is the gradient of `w Σ ± prediction`, each with the sign of its residual,
/// over N, and over the number of components for forces.
package struct KalmanResiduals {
  /// Which residuals count.
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

  /// The error of all frames taken in.
  package var error: Double { sum / Double(frames).squareRoot() }

  /// Takes in the prediction for a frame; gives what the direction takes of it.
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
