import Atoms
import DeepPotential

/// Collects the predictions for a system, and gives them as a system whose labels are the
/// predictions.
public struct PredictedSystem {
  private var system: AtomicSystem
  private var energies: [Double] = [], forces: [Double] = [], virials: [Double] = []

  /// Starts without predictions for the first `frameCount` frames of `system`.
  public init(_ system: AtomicSystem, frameCount: Int) {
    let atoms = system.atomCount
    var labels: [String: [Double]] = [:]
    for name in ["fparam", "aparam"] {
      labels[name] = system.labels[name].map {
        Array($0.prefix($0.count / system.frameCount * frameCount))
      }
    }
    self.system = AtomicSystem(
      place: system.place, typeNames: system.typeNames, types: system.types,
      frameTypes: system.frameTypes.map { Array($0.prefix(frameCount * atoms)) },
      isPeriodic: system.isPeriodic, frameCount: frameCount,
      positions: Array(system.positions.prefix(frameCount * atoms * 3)),
      cells: Array(system.cells.prefix(system.isPeriodic ? frameCount * 9 : 0)), labels: labels)
  }

  /// Adds the prediction for the next frame; atoms are in the order of the file.
  public mutating func add(_ prediction: Prediction) {
    energies.append(prediction.energy)
    for force in prediction.forces { forces += [force.x, force.y, force.z] }
    virials += prediction.virial.rows
  }

  /// The system with the predicted `energy`, `force` and, if it is periodic, `virial`.
  public var result: AtomicSystem {
    precondition(energies.count == system.frameCount, "not all frames were predicted")
    var result = system
    result.labels["energy"] = energies
    result.labels["force"] = forces
    if system.isPeriodic { result.labels["virial"] = virials }
    return result
  }
}
