import Atoms
import DeepPotential

/// The loss of one batch, its errors and its derivatives.
public struct LossValue: Sendable, Equatable {
  /// The loss.
  public var total: Double
  /// One error per name in `EnergyLoss.columns`; nan where the batch has no such label.
  public var errors: [Double]
  /// The derivatives of the total with respect to each frame's prediction.
  public var adjoints: [PredictionAdjoint]

  /// Joins the three values.
  public init(total: Double, errors: [Double], adjoints: [PredictionAdjoint]) {
    self.total = total
    self.errors = errors
    self.adjoints = adjoints
  }
}

/// The loss of an energy model: weighted errors of energy, force, virial and more.
///
/// It uses predictions and labels only.  A term ignores the frames that lack its label.
/// Source: docs/MATH.md, "Energy loss"; DeePMD-kit's loss `ener` (PyTorch backend, with exact 1/N).
public struct EnergyLoss: Sendable {
  /// The terms, their prefactors and their measure.
  public let options: EnergyLossOptions
  /// The learning rate at which the prefactors have their starting values.
  public let startLearningRate: Double
  /// The sorted names of the errors, as in `lcurve.out`; `rmse` is the root of the total.
  public let columns: [String]

  /// Makes a loss.
  public init(_ options: EnergyLossOptions, startLearningRate: Double) {
    self.options = options
    self.startLearningRate = startLearningRate
    columns = (options.activeTerms.map { EnergyLoss.column($0, options.measure) } + ["rmse"])
      .sorted()
  }

  /// Computes the loss of `predictions` for `frames`, and its derivatives.
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
  /// The number of frames, and of real atoms, in a batch that have the label of a term.
  struct Batch {
    let frames: Int, atoms: Int
  }

  /// The contribution of one frame to a term without its prefactor, and to the error that is
  /// displayed.
  struct TermSum {
    var loss = 0.0, display = 0.0

    static func + (a: TermSum, b: TermSum) -> TermSum {
      TermSum(loss: a.loss + b.loss, display: a.display + b.display)
    }
  }
}
