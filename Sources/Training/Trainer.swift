import DeepPotential
import Diagnostics
import Kernels
import Measurement

/// Trains an energy model: batch, predictions, loss, gradient, update, step by step.
///
/// What it does at a step depends on the model, the data, the options and the number of the step alone, so a training
/// that goes on from a `TrainingState` repeats what an uninterrupted one would have done, bit by bit.
public final class Trainer {
  /// The model as trained so far.
  public private(set) var model: EnergyModel
  /// Number of completed steps.
  public private(set) var step = 0
  /// The learning curve that `TrainingEvents.line` receives lines of.
  public let curve: LearningCurve
  private let loss: EnergyLoss
  private let rate: LearningRate
  private let options: TrainerOptions
  private let method: any TrainingMethod
  private let training: BatchQueue
  private let validationBatches: BatchQueue?
  private let evaluator: Evaluator
  private var average: WeightAverage?
  private var fullValidation: FullValidation?

  /// Prepares the training of `model` from its first step on.
  ///
  /// `allValidation` is what full validation evaluates, atoms in the order of the data.
  public init(
    _ model: EnergyModel, loss: EnergyLoss, rate: LearningRate, options: TrainerOptions,
    training: BatchSource, validation: BatchSource?, allValidation: [LabeledSystem] = []
  ) {
    self.model = model
    self.loss = loss
    self.rate = rate
    self.options = options
    let preparation = FramePreparation(model)
    func queue(_ source: BatchSource) -> BatchQueue {
      BatchQueue(
        source, preparation, memory: options.frameMemory, threads: options.threads,
        preparesAhead: options.preparesAhead)
    }
    self.training = queue(training)
    validationBatches = validation.map(queue)
    curve = LearningCurve(columns: loss.columns, hasValidation: validation != nil)
    evaluator = Evaluator(threads: options.threads)
    average = options.averageDecay.map {
      WeightAverage(decay: $0, startingFrom: model.parameters)
    }
    fullValidation = options.fullValidation.map {
      FullValidation($0, allValidation, threads: options.threads)
    }
    switch options.optimizer {
    case .adam(let adam):
      method = GradientDescent(adam, options, loss: loss, model: model, evaluator: evaluator)
    case .kalman(let kalman):
      method = KalmanTraining(
        kalman, options, loss: loss, model: model, evaluator: evaluator, totalSteps: rate.totalSteps
      )
    }
  }

  /// Where the training stands.
  public var state: TrainingState {
    TrainingState(
      step: step, optimizer: method.memory,
      samplerState: [
        "training": [training.drawn], "validation": [validationBatches?.drawn ?? 0],
      ], average: average?.weights, validation: validation)
  }

  /// Goes on from a state, with the model that belongs to it; only at the start of a trainer's life.
  ///
  /// Throws `.data` if the state is not one of the present optimizer.
  public func resume(_ model: EnergyModel, from state: TrainingState) throws {
    precondition(step == 0 && model.parameters.float64.count == self.model.parameters.float64.count)
    self.model = model
    step = state.step
    guard state.optimizer.name == options.optimizer.name else {
      throw state.optimizer.misfit(
        "it was written by \(state.optimizer.name), the input says \(options.optimizer.name)")
    }
    try method.restore(state.optimizer)
    average = try options.averageDecay.map {
      WeightAverage(decay: $0, startingFrom: try state.average(like: model.parameters))
    }
    fullValidation?.restore(state.validation)
    training.skip(state.step)
    validationBatches?.skip(options.linesDisplayed(until: state.step) * options.validationBatches)
  }

  /// Trains to the last step of the learning rate's schedule, or until asked to stop.
  ///
  /// A checkpoint is due every `saveFrequency` steps and at the end.
  /// Throws `.data` in the very step in which the loss or its gradient is not finite, and what handlers throw.
  public func run(_ events: TrainingEvents) throws -> TrainingEnd {
    while step < rate.totalSteps {
      if isOutOfPatience { return .outOfPatience }
      let report = try advance()
      if options.isDisplayed(step) {
        let validation = measure(.validation) {
          validationErrors(learningRate: report.learningRate)
        }
        try events.line(
          curve.row(
            step: step, training: report.errors, validation: validation,
            learningRate: report.learningRate))
      }
      try validateFully(events)
      let stops = step < rate.totalSteps && (isOutOfPatience || events.shouldStop())
      if step == rate.totalSteps { try events.finish(&model) }
      if step == rate.totalSteps || step % options.saveFrequency == 0 || stops {
        try events.checkpoint(model, state)
      }
      events.progress(report)
      if stops { return isOutOfPatience ? .outOfPatience : .stopped }
    }
    return .complete
  }

  /// What full validation remembers of each kind of weights.
  public var validation: [TrainedWeights: ValidationState] { fullValidation?.states ?? [:] }

  /// Whether full validation has seen no progress for too long.
  private var isOutOfPatience: Bool { fullValidation?.isOutOfPatience ?? false }

  /// Evaluates all validation frames if that is due.
  private func validateFully(_ events: TrainingEvents) throws {
    guard let options = fullValidation?.options, options.isDue(step) else { return }
    let reports = measure(.validation) {
      options.weights.compactMap { weights in
        var model = model
        if weights == .averaged, let average { model.parameters = average.weights }
        return fullValidation?.validate(model, weights, step: step)
      }
    }
    try events.validated(reports, state)
  }

  /// Does one step.
  package func advance() throws -> StepReport { try measure(.step) { try advanceOnce() } }

  private func advanceOnce() throws -> StepReport {
    let learningRate = rate.value(at: step)
    let next = measure(.batch) { training.next() }
    let errors: [Double]
    do {
      errors = try method.update(&model, with: next, step: step, learningRate: learningRate)
    } catch let found as NonFiniteNumber {
      throw divergence(found, next.batch)
    }
    average?.add(model.parameters, threads: options.threads)
    step += 1
    return StepReport(
      step: step, errors: errors, learningRate: learningRate, frames: next.frames.count)
  }

  /// Mean errors of the next validation batches, weighted by their atoms; nan where no batch has the label.
  private func validationErrors(learningRate: Double) -> [Double]? {
    guard let validationBatches else { return nil }
    var sums = loss.columns.map { _ in 0.0 }, weights = sums
    for _ in 0..<options.validationBatches {
      let next = validationBatches.next()
      let predictions = evaluator.predict(next.inputs, with: model)
      let value = loss.evaluate(predictions, for: next.frames, learningRate: learningRate)
      let atoms = Double(next.frames.reduce(0) { $0 + $1.frame.realAtomCount })
      for (column, error) in value.errors.enumerated() where !error.isNaN {
        sums[column] += atoms * error
        weights[column] += atoms
      }
    }
    return zip(sums, weights).map { $1 > 0 ? $0 / $1 : .nan }
  }

  private func divergence(_ found: NonFiniteNumber, _ batch: Batch) -> ToolError {
    ToolError(
      .data, at: "step \(step + 1)",
      "the \(found.name) is \(found.value) in the batch of \(training.source.place(of: batch))",
      remedy: "lower start_lr, or look at the data with dp-stat; the last checkpoint is kept")
  }
}
