import Atoms
import DeepPotential

/// The errors of predictions against labels, quantity by quantity, as `dp test` defines them.
///
/// Energies and virials count once per frame and component, forces once per atom and component.
/// Values "per atom" are divided by the frame's number of atoms.  Padding atoms do not count.
/// Virial and stress count for periodic frames only.
/// Source: docs/FORMATS.md, "Evaluation"; DeePMD-kit's `compute_energy_type_metrics`.
public struct EvaluationErrors: Sendable, Equatable {
  /// A quantity that is compared; the cases are in the order of reports.
  public enum Quantity: String, Sendable, CaseIterable {
    /// Energy of the frame, eV.
    case energy
    /// Energy of the frame divided by its atoms, eV.
    case energyPerAtom = "energy_per_atom"
    /// Components of the forces, eV/Å.
    case force
    /// Components of the forces, weighted by `atom_pref`, eV/Å.
    case forceWeighted = "force_weighted"
    /// Components of the virial, eV.
    case virial
    /// Components of the virial divided by the atoms, eV.
    case virialPerAtom = "virial_per_atom"
    /// Components of the stress, -virial / volume, eV/Å³.
    case stress

    /// The unit of the errors.
    public var unit: String {
      switch self {
      case .energy, .energyPerAtom, .virial, .virialPerAtom: "eV"
      case .force, .forceWeighted: "eV/Å"
      case .stress: "eV/Å³"
      }
    }
  }

  /// The errors of each quantity that had labels.
  public private(set) var sums: [Quantity: ErrorSum] = [:]
  /// The errors of the components of the forces on atoms of each type.
  public private(set) var forcesByType: [Int: ErrorSum] = [:]
  /// The number of frames compared.
  public private(set) var frameCount = 0

  /// Starts without frames.
  public init() {}

  /// Adds the errors of `prediction` for `frame`.
  public mutating func add(_ prediction: Prediction, of frame: Frame, against labels: FrameLabels) {
    frameCount += 1
    let atoms = Double(max(frame.realAtomCount, 1))
    if let energy = labels.energy {
      add(.energy, prediction.energy - energy)
      add(.energyPerAtom, (prediction.energy - energy) / atoms)
    }
    if let forces = labels.forces {
      addForces(prediction.forces, forces, weights: labels.forceWeights, types: frame.types)
    }
    if let virial = labels.virial, let cell = frame.cell {
      for (x, label) in zip(prediction.virial.rows, virial.rows) {
        add(.virial, x - label)
        add(.virialPerAtom, (x - label) / atoms)
        add(.stress, (label - x) / cell.volume)
      }
    }
  }

  /// Adds the errors of forces, in eV/Å, and adds them again with `weights` if these are given.
  private mutating func addForces(
    _ forces: [SIMD3<Double>], _ labels: [SIMD3<Double>], weights: [Double]?, types: [Int]
  ) {
    for (atom, (force, label)) in zip(forces, labels).enumerated() where types[atom] >= 0 {
      let error = force - label
      for component in 0..<3 {
        add(.force, error[component])
        forcesByType[types[atom], default: ErrorSum()].add(error[component])
        if let weights { add(.forceWeighted, error[component], weight: weights[atom]) }
      }
    }
  }

  /// Adds one error of `quantity`.
  private mutating func add(_ quantity: Quantity, _ error: Double, weight: Double = 1) {
    sums[quantity, default: ErrorSum()].add(error, weight: weight)
  }

  /// Merges the errors of two sets of frames.
  public static func + (a: EvaluationErrors, b: EvaluationErrors) -> EvaluationErrors {
    var both = a
    both.frameCount += b.frameCount
    both.sums.merge(b.sums) { $0 + $1 }
    both.forcesByType.merge(b.forcesByType) { $0 + $1 }
    return both
  }
}
