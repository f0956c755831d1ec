import Atoms
import Communication
import DeepPotential

/// The loss of one batch, taken in frame by frame: a frame's derivatives need no other frame's
/// prediction.
public struct BatchLoss: Sendable {
  private let loss: Loss
  private let frames: [LabeledFrame]
  private let columns: [String]
  private var terms: [Term]

  /// One term of the loss, over the frames that have its label.
  private struct Term: Sendable {
    let column: String?
    let weight: Double, isRoot: Bool
    let labeled: LabeledCount
    /// What each frame adds; nil for frames without the label.
    var sums: [TermSum?]

    /// The sum over all frames, in a fixed tree; nil if no frame has the label.
    var total: TermSum? {
      let sums = sums.compactMap(\.self)
      return SumTree(leafCount: sums.count).fold(leaf: { sums[$0] }, combine: +)
    }
  }

  /// The loss of predictions for `frames`, still to come.
  public init(_ loss: Loss, _ frames: [LabeledFrame], learningRate: Double) {
    precondition(!frames.isEmpty)
    self.loss = loss
    self.frames = frames
    columns = loss.columns
    terms = loss.terms(at: learningRate).enumerated().map { number, term in
      let isLabeled = frames.map { loss.isLabeled($0.labels, for: number) }
      // A term is a mean over frames or, where it compares atoms, over all real atoms of the batch.
      let atoms = zip(frames, isLabeled).reduce(0) {
        $0 + ($1.1 ? loss.atomCount($1.0, for: number) : 0)
      }
      return Term(
        column: term.column, weight: term.weight, isRoot: term.isRoot,
        labeled: LabeledCount(frames: isLabeled.count { $0 }, atoms: atoms),
        sums: isLabeled.map { $0 ? TermSum() : nil })
    }
  }

  /// Takes in the prediction for frame `index`, and gives the derivatives of the loss with respect
  /// to it, but for `gradientFactor`.
  public mutating func add(_ prediction: Prediction, at index: Int) -> PredictionAdjoint {
    let frame = frames[index]
    var adjoint = PredictionAdjoint(of: loss.output, atoms: frame.frame.types.count)
    for k in terms.indices where terms[k].sums[index] != nil {
      terms[k].sums[index] = loss.add(
        k, terms[k].labeled, terms[k].weight, prediction, frame, &adjoint)
    }
    return adjoint
  }

  /// The loss of all predictions taken in.
  public var total: Double {
    terms.reduce(0) { sum, term in
      let value = term.total?.loss ?? 0
      return sum + term.weight * (term.isRoot ? value.squareRoot() : value)
    }
  }

  /// The factor of all derivatives, which is known once all predictions are taken in: 1, or the
  /// slope of the root of a sum over frames.
  public var gradientFactor: Double {
    guard let root = terms.first(where: \.isRoot) else { return 1 }
    let value = (root.total?.loss ?? 0).squareRoot()
    return value > 0 ? 1 / (2 * value) : 0
  }

  /// One error per name in `Loss.columns`; nan where the batch has no such label, the total's if it
  /// has none at all.
  public var errors: [Double] {
    let isLabeled = terms.contains { $0.total != nil }
    var errors = ["rmse": isLabeled ? total.squareRoot() : .nan]
    for term in terms {
      guard let column = term.column else { continue }
      let shown = term.total?.display ?? .nan
      errors[column] = column.hasPrefix("rmse") ? shown.squareRoot() : shown
    }
    return columns.map { errors[$0] ?? .nan }
  }
}
