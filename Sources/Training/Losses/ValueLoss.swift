import Atoms
import DeepPotential

/// The loss of values without forces, such as dipoles and densities of states: mean squares of
/// errors of frames and of atoms.
///
/// Source: docs/MATH.md, "Other losses"; DeePMD-kit's losses `tensor` and `dos` (PyTorch backend).
public struct ValueLoss: Sendable {
  /// What the loss compares.
  public let output: OutputDefinition
  /// What it is made of.
  public let options: ValueLossOptions
  /// The learning rate at which prefactors have their starting values.
  public let startLearningRate: Double

  /// Makes a loss of predictions of `output`.
  public init(_ options: ValueLossOptions, of output: OutputDefinition, startLearningRate: Double) {
    (self.output, self.options, self.startLearningRate) = (output, options, startLearningRate)
  }

  /// The terms that take part, with their weights at `learningRate`.
  func terms(at learningRate: Double) -> [LossTerm] {
    options.activeTerms.map { term in
      let weight = options.prefactors[term]?.value(at: learningRate / startLearningRate) ?? 0
      return LossTerm(column: term.column(of: output), weight: weight)
    }
  }

  /// The label of a term.
  func label(of term: ValueLossTerm) -> String { term.isOfAtoms ? output.atomName : output.name }

  /// The number of atoms of a frame that take part in `term`.
  func atomCount(_ frame: LabeledFrame, for term: ValueLossTerm) -> Int {
    guard term.isOfAtoms, let labels = frame.labels.values[output.atomName] else {
      return frame.frame.realAtomCount
    }
    return frame.frame.types.indices.count { isLabeled($0, frame, labels) }
  }

  /// Whether an atom is real and has a label.
  private func isLabeled(_ atom: Int, _ frame: LabeledFrame, _ labels: [Double]) -> Bool {
    frame.frame.types[atom] >= 0 && !labels[atom * output.width].isNaN
  }

  /// Adds to `adjoint` the derivatives of `weight` times the contribution of one frame to `term`;
  /// gives this contribution without the weight.
  func add(
    _ term: ValueLossTerm, _ batch: LabeledCount, _ weight: Double, _ prediction: Prediction,
    _ frame: LabeledFrame, _ adjoint: inout PredictionAdjoint
  ) -> TermSum {
    guard let labels = frame.labels.values[label(of: term)] else { return TermSum() }
    let width = output.width
    guard term.isOfAtoms else {
      // The displayed number is the error divided by the mean number of atoms.
      let atoms = Double(batch.atoms) / Double(batch.frames)
      let (square, slopes) = square(prediction.frameValue[...], labels[...], term)
      let mean = 1 / Double(batch.frames * width)
      adjoint.addFrameSlopes(
        slopes.map { weight * mean * $0 }, of: output, types: frame.frame.types)
      return TermSum(loss: mean * square, display: mean * square / (atoms * atoms))
    }
    let mean = 1 / Double(batch.atoms * width)
    let weights = options.weightsAtoms ? output.atomWeightName : nil
    var part = TermSum()
    for atom in frame.frame.types.indices where isLabeled(atom, frame, labels) {
      let range = atom * width..<(atom + 1) * width
      let own = weights.flatMap { frame.labels.values[$0]?[atom] } ?? 1
      let (square, slopes) = square(prediction.atomValues[range], labels[range], term)
      part.loss += mean * own * own * square
      for (k, slope) in zip(range, slopes) {
        adjoint.atomValues[k] += weight * mean * own * own * slope
      }
    }
    part.display = part.loss
    return part
  }

  /// The sum of the squares of `values - labels`, or of their cumulative sums, and its slopes.
  private func square(
    _ values: ArraySlice<Double>, _ labels: ArraySlice<Double>, _ term: ValueLossTerm
  ) -> (Double, [Double]) {
    var rests = zip(values, labels).map { $0 - $1 }
    if term.isCumulative {
      for k in rests.indices.dropFirst() { rests[k] += rests[k - 1] }
    }
    var slopes = rests.map { 2 * $0 }
    if term.isCumulative {
      for k in slopes.indices.dropLast().reversed() { slopes[k] += slopes[k + 1] }
    }
    return (rests.reduce(0) { $0 + $1 * $1 }, slopes)
  }
}

/// The terms of a loss of values without forces, and their weights.
public struct ValueLossOptions: Sendable, Equatable {
  /// The weights of the terms; a term without an entry does not take part.
  public var prefactors: [ValueLossTerm: EnergyLossOptions.Prefactor]
  /// Whether errors of atoms are multiplied by the label `atom_weight` (`enable_atomic_weight`).
  public var weightsAtoms = false

  /// Makes options that weight no atoms.
  public init(prefactors: [ValueLossTerm: EnergyLossOptions.Prefactor]) {
    self.prefactors = prefactors
  }

  /// The active terms in their fixed order.
  public var activeTerms: [ValueLossTerm] {
    ValueLossTerm.allCases.filter { prefactors[$0]?.isActive ?? false }
  }
}

/// A term of such a loss; the raw value is the one of densities of states in inputs.
public enum ValueLossTerm: String, Sendable, CaseIterable {
  case atoms = "ados"
  case cumulativeAtoms = "acdf"
  case frames = "dos"
  case cumulativeFrames = "cdf"

  /// Whether values of atoms are compared, instead of those of frames.
  public var isOfAtoms: Bool { self == .atoms || self == .cumulativeAtoms }
  /// Whether cumulative sums of the components are compared.
  public var isCumulative: Bool { self == .cumulativeAtoms || self == .cumulativeFrames }

  /// The name of the term's error in `lcurve.out`.
  func column(of output: OutputDefinition) -> String {
    "rmse_\(isOfAtoms ? "local" : "global")_\(isCumulative ? "cdf" : output.symbol)"
  }
}
