import Atoms
import DeepPotential

/// What a loss says of one batch.
public struct LossValue: Sendable, Equatable {
  /// The loss.
  public var total: Double
  /// One error per name in `EnergyLoss.columns`; nan where the batch has no such label.
  public var errors: [Double]
  /// The derivatives of the total with respect to the predictions, one per frame.
  public var adjoints: [PredictionAdjoint]

  /// Puts the three together.
  public init(total: Double, errors: [Double], adjoints: [PredictionAdjoint]) {
    self.total = total
    self.errors = errors
    self.adjoints = adjoints
  }
}

/// The loss of an energy model: weighted errors of energy, force, virial and more.
///
/// It sees predictions and labels only.  A term whose label a frame does not have leaves that frame out.
/// Source: docs/MATH.md, "Energy loss"; DeePMD-kit's loss `ener` (PyTorch backend, with exact 1/N).
public struct EnergyLoss: Sendable {
  /// What the loss is made of.
  public let options: EnergyLossOptions
  /// The learning rate at which prefactors have their starting values.
  public let startLearningRate: Double
  /// What it compares.
  public var output: OutputDefinition { .energy }
  /// Names of the errors in the order of `lcurve.out`: sorted, `rmse` being the root of the total.
  public let columns: [String]

  /// Makes a loss.
  public init(_ options: EnergyLossOptions, startLearningRate: Double) {
    self.options = options
    self.startLearningRate = startLearningRate
    columns = (options.activeTerms.map { EnergyLoss.column($0, options.measure) } + ["rmse"])
      .sorted()
  }

  /// The loss of `predictions` for `frames`, and its derivatives.
  public func evaluate(
    _ predictions: [Prediction], for frames: [LabeledFrame], learningRate: Double
  ) -> LossValue {
    precondition(predictions.count == frames.count)
    var batch = BatchLoss(self, frames, learningRate: learningRate)
    let adjoints = frames.indices.map { batch.add(predictions[$0], at: $0) }
    return LossValue(total: batch.total, errors: batch.errors, adjoints: adjoints)
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

extension EnergyLoss {
  /// How many frames and real atoms of a batch have the label of a term.
  struct Batch {
    let frames: Int, atoms: Int
  }

  /// What one frame adds to a term without its prefactor, and to the number displayed for it.
  struct TermSum {
    var loss = 0.0, display = 0.0

    static func + (a: TermSum, b: TermSum) -> TermSum {
      TermSum(loss: a.loss + b.loss, display: a.display + b.display)
    }
  }
}
