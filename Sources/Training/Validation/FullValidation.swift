import Communication
import DeepPotential

/// When all validation frames are evaluated, and what is made of it (`validating`).
public struct FullValidationOptions: Sendable, Equatable {
  /// The first step after which it is due, and the steps from one to the next.
  public var start: Int, frequency: Int
  /// By what models are compared.
  public var metric: ValidationMetric
  /// How many of the best are remembered.
  public var bestKept: Int
  /// Which weights are evaluated, in this order; never empty.
  public var weights: [TrainedWeights]
  /// Validations without a new best of the first weights after which the training ends.
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

  /// Whether it is due after `step` steps.
  package func isDue(_ step: Int) -> Bool { step >= start && (step - start) % frequency == 0 }
}

/// What one full validation found.
public struct ValidationReport: Sendable {
  /// Which weights were evaluated.
  public let weights: TrainedWeights
  /// The model with these weights.
  public let model: EnergyModel
  /// Steps before it.
  public let step: Int
  /// Its errors, as an evaluation of all validation data finds them; on the first rank.
  public let errors: EvaluationErrors
  /// Its place among the best, 1 for the best of all; nil if it is not among them.
  public let place: Int?
}

/// Evaluates all validation frames and remembers the best validations.
package struct FullValidation {
  package let options: FullValidationOptions
  private let systems: [LabeledSystem]
  private let evaluator: Evaluator, communicator: Communicator
  /// What is remembered of each kind of weights.
  package private(set) var states: [TrainedWeights: ValidationState]

  /// Evaluates `systems`, whose atoms are in the order of the data, as an evaluation has them.
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

  /// Goes on from what was remembered; of another metric nothing counts.
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

  /// Whether there was no new best for as long as one is waited for.
  package var isOutOfPatience: Bool {
    guard let patience = options.patience, let state = states[options.weights[0]] else {
      return false
    }
    return state.sinceBest >= patience
  }
}
