import Communication
import DeepPotential

/// When all validation frames are evaluated, and how the results are used (`validating`).
public struct FullValidationOptions: Sendable, Equatable {
  /// The first step after which a validation is due, and the steps from one validation to the next.
  public var start: Int, frequency: Int
  /// The metric by which models are compared.
  public var metric: ValidationMetric
  /// The number of best validations that are remembered.
  public var bestKept: Int
  /// The kinds of weights that are evaluated, in this order; never empty.
  public var weights: [TrainedWeights]
  /// The training ends after this many validations without a new best value of the first kind of
  /// weights.
  public var patience: Int?

  /// Makes options.
  public init(
    start: Int, frequency: Int, metric: ValidationMetric, bestKept: Int = 1,
    weights: [TrainedWeights] = [.present], patience: Int? = nil
  ) {
    precondition(start >= 0 && frequency > 0 && bestKept > 0 && !weights.isEmpty)
    self.start = start
    self.frequency = frequency
    self.metric = metric
    self.bestKept = bestKept
    self.weights = weights
    self.patience = patience
  }

  /// Whether a validation is due after `step` steps.
  package func isDue(_ step: Int) -> Bool { step >= start && (step - start) % frequency == 0 }
}

/// The results of one full validation.
public struct ValidationReport: Sendable {
  /// The kind of weights.
  public let weights: TrainedWeights
  /// The model with these weights.
  public let model: EnergyModel
  /// The number of steps before the validation.
  public let step: Int
  /// The errors over all validation data, as an evaluation computes them; known on the first rank.
  public let errors: EvaluationErrors
  /// The rank of this validation among the best, from 1; nil if it is not among them.
  public let place: Int?
}

/// Evaluates all validation frames and remembers the best validations.
package struct FullValidation {
  package let options: FullValidationOptions
  private let systems: [LabeledSystem]
  private let evaluator: Evaluator, communicator: Communicator
  /// The records of each kind of weights.
  package private(set) var states: [TrainedWeights: ValidationState]

  /// Evaluates `systems`, whose atoms are in the order of the data, as in an evaluation.
  package init(
    _ options: FullValidationOptions, _ systems: [LabeledSystem], threads: Int,
    communicator: Communicator = .alone
  ) {
    self.options = options
    self.communicator = communicator
    self.systems = systems
    evaluator = Evaluator(threads: threads)
    states = [:]
    restore([:])
  }

  /// Continues from the records of an earlier run; records of another metric are dropped.
  package mutating func restore(_ remembered: [TrainedWeights: ValidationState]) {
    for weights in options.weights {
      var state = ValidationState(metric: options.metric.name)
      if let known = remembered[weights], known.metric == state.metric {
        state = known
        state.best = Array(known.best.prefix(options.bestKept))
      }
      states[weights] = state
    }
  }

  /// Evaluates `model`, whose weights are of kind `weights`, after `step` steps.
  package mutating func validate(
    _ model: EnergyModel, _ weights: TrainedWeights, step: Int
  ) throws -> ValidationReport {
    var errors = systems.map { _ in EvaluationErrors(of: model.output) }
    try evaluate(
      [model], on: systems, frameCounts: systems.map(\.frameCount), with: [evaluator],
      communicator: communicator
    ) {
      errors[$0.system].add($0.predictions[0], of: $0.frame.frame, against: $0.frame.labels)
    }
    let all = errors.reduce(EvaluationErrors(of: model.output), +)  // as evaluations add up systems
    let value = communicator.broadcast([options.metric.value(of: all)])[0]
    let place = states[weights]?.add(value, step: step, keeping: options.bestKept)
    return ValidationReport(
      weights: weights, model: model, step: step, errors: all, place: place)
  }

  /// Whether there was no new best value for `patience` validations.
  package var isOutOfPatience: Bool {
    guard let patience = options.patience, let state = states[options.weights[0]] else {
      return false
    }
    return state.sinceBest >= patience
  }
}
