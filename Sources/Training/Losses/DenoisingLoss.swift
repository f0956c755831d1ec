import Atoms
import DeepPotential
import Foundation

/// The loss of a model that mends damaged frames: how far atoms are from where they were, and how
/// unlikely the model calls their types.
///
/// Source: docs/MATH.md, "Denoising"; deepmd-pytorch's and DeePMD-kit's loss `denoise`.
public struct DenoisingLoss: Sendable {
  /// What the loss compares.
  public let output: OutputDefinition
  /// What it is made of.
  public let options: DenoisingLossOptions

  /// Makes a loss of predictions of `output`.
  public init(_ options: DenoisingLossOptions, of output: OutputDefinition) {
    (self.output, self.options) = (output, options)
  }

  /// The terms that take part.
  func terms() -> [LossTerm] {
    options.activeTerms.map { LossTerm(column: $0.rawValue, weight: options.weight(of: $0)) }
  }

  /// The number of atoms of a frame that take part in `term`.
  func atomCount(_ frame: LabeledFrame, for term: DenoisingLossTerm) -> Int {
    frame.frame.types.indices.count { isCompared($0, frame, term) }
  }

  /// Whether an atom is real and, where only damaged atoms count, damaged.
  private func isCompared(
    _ atom: Int, _ frame: LabeledFrame, _ term: DenoisingLossTerm
  ) -> Bool {
    if frame.frame.types[atom] < 0 { return false }
    switch term {
    case .coordinates:
      return !options.comparesMovedOnly || frame.labels.values[DenoisingLabel.isMoved]?[atom] == 1
    case .types:
      return !options.comparesHiddenOnly
        || frame.labels.values[DenoisingLabel.isHidden]?[atom] == 1
    }
  }

  /// Adds to `adjoint` the derivatives of `weight` times the contribution of one frame to `term`;
  /// gives this contribution without the weight.
  func add(
    _ term: DenoisingLossTerm, _ batch: LabeledCount, _ weight: Double, _ prediction: Prediction,
    _ frame: LabeledFrame, _ adjoint: inout PredictionAdjoint
  ) -> TermSum {
    var part = TermSum()
    for atom in frame.frame.types.indices where isCompared(atom, frame, term) {
      let first = atom * output.width, all = prediction.atomValues
      let range = term == .coordinates ? first..<first + 3 : first + 3..<first + output.width
      let (value, slopes) =
        term == .coordinates
        ? distance(all[range], frame.labels.values[DenoisingLabel.noise]?[3 * atom..<3 * atom + 3])
        : surprise(all[range], frame.labels.values[DenoisingLabel.types]?[atom])
      part.loss += value / Double(batch.atoms)
      for (k, slope) in zip(range, slopes) {
        adjoint.atomValues[k] += weight * slope / Double(batch.atoms)
      }
    }
    part.display = part.loss
    return part
  }

  /// The mean over the components of the smooth absolute value of `update + noise`, which is 0
  /// where the update takes the noise back; and its slopes.
  private func distance(
    _ update: ArraySlice<Double>, _ noise: ArraySlice<Double>?
  ) -> (value: Double, slopes: [Double]) {
    var value = 0.0, slopes: [Double] = []
    for (a, b) in zip(update, noise ?? []) {
      let rest = a + b
      let isSmall = abs(rest) < options.beta
      value += isSmall ? rest * rest / (2 * options.beta) : abs(rest) - options.beta / 2
      slopes.append((isSmall ? rest / options.beta : rest > 0 ? 1 : rest < 0 ? -1 : 0) / 3)
    }
    return (value / 3, slopes)
  }

  /// Minus the logarithm of the probability of `type` by the softmax of `logits`, and its slopes.
  private func surprise(
    _ logits: ArraySlice<Double>, _ type: Double?
  ) -> (value: Double, slopes: [Double]) {
    guard let type, let largest = logits.max() else { return (0, []) }
    let powers = logits.map { exp($0 - largest) }, sum = powers.reduce(0, +)
    let right = Int(type)
    return (
      log(sum) - (logits[logits.startIndex + right] - largest),
      powers.enumerated().map { $1 / sum - ($0 == right ? 1 : 0) }
    )
  }
}

/// A term of such a loss; the raw value is deepmd-pytorch's name of its error.
public enum DenoisingLossTerm: String, Sendable, CaseIterable {
  /// The positions.
  case coordinates = "coord_l1_error"
  /// The types.
  case types = "token_error"
}

/// The weights of the terms, what they compare, and the damage.
public struct DenoisingLossOptions: Sendable, Equatable {
  /// The weights of positions and of types (`masked_coord_loss`, `masked_token_loss`).
  public var coordinateWeight = 1.0, typeWeight = 1.0
  /// Whether only moved atoms have their positions compared (`mask_loss_coord`), and only those
  /// that hide their types these (`mask_loss_token`).
  public var comparesMovedOnly = true, comparesHiddenOnly = true
  /// The error in Å up to which the measure of positions is quadratic.
  public var beta = 1.0
  /// What is done to frames.
  public var damage = FrameDamage()

  /// Makes deepmd-pytorch's defaults.
  public init() {}

  /// The terms with a weight, in their fixed order.
  public var activeTerms: [DenoisingLossTerm] {
    DenoisingLossTerm.allCases.filter { weight(of: $0) > 0 }
  }

  /// The weight of a term.
  public func weight(of term: DenoisingLossTerm) -> Double {
    term == .coordinates ? coordinateWeight : typeWeight
  }
}
