import Atoms
import DeepPotential

/// The loss of what a model says, a weighted sum of terms; one case per kind of loss.
///
/// It sees predictions and labels only.  A term whose label a frame does not have leaves that frame
/// out.
public enum Loss: Sendable {
  /// `ener`.
  case energy(EnergyLoss)
  /// `tensor` and `dos`.
  case values(ValueLoss)
  /// `property`.
  case property(PropertyLoss)
  /// `denoise`.
  case denoising(DenoisingLoss)

  /// What it compares.
  public var output: OutputDefinition {
    switch self {
    case .energy: .energy
    case .values(let loss): loss.output
    case .property(let loss): loss.output
    case .denoising(let loss): loss.output
    }
  }

  /// The same loss for a model whose labels have other deviations, `[types][width]`.
  public func scaled(by deviations: [Double]) -> Loss {
    guard case .property(var loss) = self else { return self }
    loss.deviations = Array(deviations.prefix(loss.output.width))
    return .property(loss)
  }

  /// Its terms, in their fixed order, with their weights at `learningRate`.
  func terms(at learningRate: Double) -> [LossTerm] {
    switch self {
    case .energy(let loss): loss.terms(at: learningRate)
    case .values(let loss): loss.terms(at: learningRate)
    case .property(let loss): loss.terms()
    case .denoising(let loss): loss.terms()
    }
  }

  /// Whether a frame takes part in term number `term`.
  func isLabeled(_ labels: FrameLabels, for term: Int) -> Bool {
    switch self {
    case .energy(let loss): loss.isLabeled(labels, for: loss.options.activeTerms[term])
    case .values(let loss): labels.values[loss.label(of: loss.options.activeTerms[term])] != nil
    case .property(let loss): labels.values[loss.output.name] != nil
    case .denoising: labels.values[DenoisingLabel.noise] != nil
    }
  }

  /// The number of atoms of a labeled frame that take part in term number `term`.
  func atomCount(_ frame: LabeledFrame, for term: Int) -> Int {
    switch self {
    case .values(let loss): loss.atomCount(frame, for: loss.options.activeTerms[term])
    case .denoising(let loss): loss.atomCount(frame, for: loss.options.activeTerms[term])
    case .energy, .property: frame.frame.realAtomCount
    }
  }

  /// Adds the derivatives of `weight` times one frame's part of term number `term` of a batch, and
  /// gives that part without the weight.
  func add(
    _ term: Int, _ batch: LabeledCount, _ weight: Double, _ prediction: Prediction,
    _ frame: LabeledFrame, _ adjoint: inout PredictionAdjoint
  ) -> TermSum {
    switch self {
    case .energy(let loss):
      loss.add(loss.options.activeTerms[term], batch, weight, prediction, frame, &adjoint)
    case .values(let loss):
      loss.add(loss.options.activeTerms[term], batch, weight, prediction, frame, &adjoint)
    case .property(let loss): loss.add(term, batch, weight, prediction, frame, &adjoint)
    case .denoising(let loss):
      loss.add(loss.options.activeTerms[term], batch, weight, prediction, frame, &adjoint)
    }
  }

  /// Names of the errors in the order of `lcurve.out`: sorted; of energies `rmse` is the root of
  /// the total.
  public var columns: [String] {
    let total = if case .energy = self { ["rmse"] } else { [String]() }
    return (terms(at: 1).compactMap(\.column) + total).sorted()
  }

  /// The loss of `predictions` for `frames`, and its derivatives.
  public func evaluate(
    _ predictions: [Prediction], for frames: [LabeledFrame], learningRate: Double
  ) -> LossValue {
    precondition(predictions.count == frames.count)
    var batch = BatchLoss(self, frames, learningRate: learningRate)
    var adjoints = frames.indices.map { batch.add(predictions[$0], at: $0) }
    if batch.gradientFactor != 1 {
      for k in adjoints.indices { adjoints[k].scale(by: batch.gradientFactor) }
    }
    return LossValue(total: batch.total, errors: batch.errors, adjoints: adjoints)
  }
}

/// What a loss says of one batch.
public struct LossValue: Sendable, Equatable {
  /// The loss.
  public var total: Double
  /// One error per name in `Loss.columns`; nan where the batch has no such label.
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

/// A term of a loss.
struct LossTerm {
  /// The name of its error in `lcurve.out`, if it is shown; where that begins with `rmse` the root
  /// is.
  let column: String?
  /// Its weight at the present learning rate.
  let weight: Double
  /// Whether the root of its sum over frames is the loss; then no other term has a weight.
  var isRoot = false
}

/// How many frames of a batch have the label of a term, and how many of their real atoms take
/// part.
struct LabeledCount {
  let frames: Int, atoms: Int
}

/// What one frame adds to a term without its weight, and to the number displayed for it.
struct TermSum {
  var loss = 0.0, display = 0.0

  static func + (a: TermSum, b: TermSum) -> TermSum {
    TermSum(loss: a.loss + b.loss, display: a.display + b.display)
  }
}
