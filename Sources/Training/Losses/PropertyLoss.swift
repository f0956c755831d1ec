import Atoms
import DeepPotential

/// The loss of a property: the errors of frames, divided by the deviation of the labels.
///
/// Source: docs/MATH.md, "Other losses"; DeePMD-kit's loss `property` (PyTorch backend).
public struct PropertyLoss: Sendable {
  /// What the loss compares.
  public let output: OutputDefinition
  /// What it is made of.
  public let options: PropertyLossOptions
  /// The deviation of the labels, `[width]`: that of the first type.
  public var deviations: [Double]

  /// Makes a loss of predictions of `output`.
  public init(_ options: PropertyLossOptions, of output: OutputDefinition, deviations: [Double]) {
    precondition(deviations.count == output.width)
    (self.output, self.options, self.deviations) = (output, options, deviations)
  }

  /// The loss itself, then the errors that are only shown.
  func terms() -> [LossTerm] {
    [LossTerm(column: nil, weight: 1, isRoot: options.measure == .rootMeanSquare)]
      + options.shown.map { LossTerm(column: $0.rawValue, weight: 0) }
  }

  /// Adds to `adjoint` the derivatives of `weight` times the contribution of one frame to term
  /// number `term`; gives this contribution without the weight.
  func add(
    _ term: Int, _ batch: LabeledCount, _ weight: Double, _ prediction: Prediction,
    _ frame: LabeledFrame, _ adjoint: inout PredictionAdjoint
  ) -> TermSum {
    guard let label = frame.labels.values[output.name] else { return TermSum() }
    let scale = output.isIntensive ? 1 : 1 / Double(max(frame.frame.realAtomCount, 1))
    let mean = 1 / Double(batch.frames * output.width)
    var part = TermSum()
    if term > 0 {
      let measure = options.shown[term - 1]
      for k in label.indices {
        part.display +=
          mean
          * options.value(
            prediction.frameValue[k] * scale, label[k] * scale, measure
          ).value
      }
      return part
    }
    let measure = options.measure, factor = measure.isMean ? mean : 1
    var slopes: [Double] = []
    for k in label.indices {
      let unit = measure == .relative ? 1 : 1 / deviations[k]
      let (value, slope) = options.value(
        prediction.frameValue[k] * scale * unit, label[k] * scale * unit, measure)
      part.loss += factor * value
      slopes.append(weight * factor * slope * scale * unit)
    }
    adjoint.addFrameSlopes(slopes, of: output, types: frame.frame.types)
    return part
  }
}

/// The measure of a property's errors, and the measures that are shown.
public struct PropertyLossOptions: Sendable, Equatable {
  /// A measure of errors; the raw value is DeePMD-kit's name (`loss_func`, `metric`).
  public enum Measure: String, Sendable, CaseIterable {
    /// The square up to `beta`, a straight line beyond it.
    case smoothAbsolute = "smooth_mae"
    /// The absolute value.
    case absolute = "mae"
    /// The square.
    case squared = "mse"
    /// The root of the mean square.
    case rootMeanSquare = "rmse"
    /// The absolute value, relative to the label.
    case relative = "mape"

    /// Whether the loss is a mean over frames and components, not their sum.
    var isMean: Bool { self == .rootMeanSquare || self == .relative }
  }

  /// The measure of the loss.
  public var measure = Measure.smoothAbsolute
  /// The measures that are shown, in the order of their names.
  public var shown: [Measure] = [.absolute]
  /// The error up to which the smooth measure is quadratic.
  public var beta = 1.0

  /// Makes DeePMD-kit's defaults.
  public init() {}

  /// A measure at a prediction and a label, and its slope with respect to the prediction.
  func value(
    _ prediction: Double, _ label: Double, _ measure: Measure
  ) -> (value: Double, slope: Double) {
    let rest = prediction - label, sign = rest > 0 ? 1.0 : rest < 0 ? -1 : 0
    switch measure {
    case .smoothAbsolute:
      if abs(rest) < beta { return (rest * rest / (2 * beta), rest / beta) }
      return (abs(rest) - beta / 2, sign)
    case .absolute: return (abs(rest), sign)
    case .squared, .rootMeanSquare: return (rest * rest, 2 * rest)
    case .relative:
      let size = abs(label + 1e-3)
      return (abs(rest) / size, sign / size)
    }
  }
}
