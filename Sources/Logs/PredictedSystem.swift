import Atoms
import DeepPotential

/// Gathers what a model says of a system, in the form of a system: predictions in place of the
/// labels.
public struct PredictedSystem {
  /// The attribute of a file of predictions that names the types whose atoms have values of their
  /// own, where those of other types have none.
  public static let comparedTypes = "compared_types"

  private let output: OutputDefinition
  private var system: AtomicSystem
  private var predicted = 0
  /// The numbers of all frames so far, by the label that they stand for.
  private var values: [String: [Double]] = [:]

  /// Nothing predicted yet of the first `frameCount` frames of `system`, by a model that says
  /// `output`.
  public init(_ system: AtomicSystem, frameCount: Int, of output: OutputDefinition) {
    self.output = output
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
    predicted += 1
    if output.isReduced { values[output.name, default: []] += prediction.frameValue }
    if output.perAtom { values[output.atomName, default: []] += prediction.atomValues }
    guard output.hasForces else { return }
    values["force", default: []] += prediction.forces.flatMap { [$0.x, $0.y, $0.z] }
    guard output.isDifferentiated, system.isPeriodic else { return }
    values["virial", default: []] += prediction.virial.rows
  }

  /// The system with what the model says as its labels: of energies `energy`, `force` and, if it is
  /// periodic, `virial`.
  public var result: AtomicSystem {
    precondition(predicted == system.frameCount, "not all frames were predicted")
    var result = system
    result.labels.merge(values) { $1 }
    return result
  }
}
