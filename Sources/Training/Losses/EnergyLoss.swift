import Atoms
import DeepPotential

/// The loss of an energy model: weighted errors of energy, force, virial and more.
///
/// Source: docs/MATH.md, "Energy loss"; DeePMD-kit's loss `ener` (PyTorch backend, with exact 1/N).
public struct EnergyLoss: Sendable {
  /// What the loss is made of.
  public let options: EnergyLossOptions
  /// The learning rate at which prefactors have their starting values.
  public let startLearningRate: Double

  /// Makes a loss.
  public init(_ options: EnergyLossOptions, startLearningRate: Double) {
    self.options = options
    self.startLearningRate = startLearningRate
  }

  /// The terms that take part, in their fixed order, with their weights at `learningRate`.
  func terms(at learningRate: Double) -> [LossTerm] {
    options.activeTerms.map { kind in
      let prefactor = options.prefactors[kind] ?? .zero
      return LossTerm(
        column: EnergyLoss.column(kind, options.measure),
        weight: prefactor.value(at: learningRate / startLearningRate))
    }
  }

  /// Whether a frame takes part in `term`.
  func isLabeled(_ labels: FrameLabels, for term: EnergyLossTerm) -> Bool {
    switch term {
    case .energy: labels.energy != nil
    case .force: labels.forces != nil
    case .virial: labels.virial != nil
    case .atomEnergy: labels.atomEnergies != nil
    case .weightedForce:
      labels.forces != nil && (labels.forceWeights != nil || options.assumesForceWeights)
    case .generalizedForce: labels.forces != nil && labels.generalizedDirections != nil
    }
  }

  /// The name of a term's error in `lcurve.out`.
  static func column(
    _ term: EnergyLossTerm, _ measure: EnergyLossOptions.Measure
  ) -> String {
    let isAbsolute = measure == .absolute && term != .generalizedForce
    return (isAbsolute ? "mae_" : "rmse_") + term.rawValue
  }
}
