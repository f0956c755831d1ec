import Communication
import DeepPotential
import Diagnostics
import Kernels
import Measurement

/// Trains an energy model step by step: batch, predictions, loss, gradient, update.
///
/// A step depends only on the model, the data, the options and the number of the step.  So a
/// training that continues from a `TrainingState` gives the same bits as one that was never
/// interrupted.
public final class Trainer {
  /// The model after the completed steps.
  public private(set) var model: EnergyModel
  /// Number of completed steps.
  public private(set) var step = 0
  /// Names of the errors of a step (`Loss.columns`), and whether it has those of validation data,
  /// too.
  public let columns: [String], hasValidation: Bool
  private var loss: Loss
  private let rate: LearningRate
  private let options: TrainerOptions
  private let method: any TrainingMethod
  private let communicator: Communicator
  private let miniBatches: MiniBatches
  private let training: BatchQueue
  private let validationBatches: BatchQueue?
  private let evaluator: Evaluator
  private var average: WeightAverage?
  private var fullValidation: FullValidation?
  /// Whether the training continues from a checkpoint.
  private var hasResumed = false

  /// Prepares the training of `model` from its first step on.
  ///
  /// Full validation evaluates `allValidation`, whose atoms are in the order of the data.  The
  /// ranks of `communicator` share out the work; each rank has a trainer, and all trainers have the
  /// same model after each step.
  public init(
    _ model: EnergyModel, loss: Loss, rate: LearningRate, options: TrainerOptions,
    training: BatchSource, validation: BatchSource?, allValidation: [LabeledSystem] = [],
    communicator: Communicator = .alone
  ) {
    self.model = model
    self.loss = loss
    self.rate = rate
    self.options = options
    let preparation = FramePreparation(model)
    func queue(_ source: BatchSource, batches: Int) -> BatchQueue {
      var source = source
      source.handOut(communicator.share(of: batches), ofEvery: batches)
      return BatchQueue(
        source, preparation, memory: options.frameMemory, threads: options.threads,
        preparesAhead: options.preparesAhead)
    }
    self.communicator = communicator
    miniBatches = MiniBatches(count: options.miniBatches, communicator: communicator)
    self.training = queue(training, batches: options.miniBatches)
    validationBatches = validation.map { queue($0, batches: options.validationBatches) }
    (columns, hasValidation) = (loss.columns, validation != nil)
    evaluator = Evaluator(threads: options.threads)
    average = options.averageDecay.map {
      WeightAverage(decay: $0, startingFrom: model.parameters)
    }
    fullValidation = options.fullValidation.map {
      FullValidation($0, allValidation, threads: options.threads, communicator: communicator)
    }
    switch options.optimizer {
    case .adam(let adam):
      method = GradientDescent(
        adam, options, loss: loss, model: model, evaluator: evaluator, miniBatches: miniBatches)
    case .kalman(let kalman):
      method = KalmanTraining(
        kalman, options, loss: loss, model: model, evaluator: evaluator, miniBatches: miniBatches,
        totalSteps: rate.totalSteps)
    }
  }

  /// How often, and for how long, steps waited for their batches.
  public var shortage: BatchShortage { training.shortage }

  /// The number of validation batches that the lines of the learning curve have used so far.
  private var validationBatchesDrawn: Int {
    options.linesDisplayed(until: step) * options.validationBatches
  }

  /// The state of the training, whole on the first rank; every rank must ask for it.
  public var state: TrainingState {
    TrainingState(
      step: step, optimizer: method.memory,
      samplerState: [
        "training": [step * options.miniBatches],
        "validation": [validationBatches == nil ? 0 : validationBatchesDrawn],
      ], average: average?.weights, validation: validation)
  }

  /// Continues from a state and the model that belongs to it; allowed only before the first step of
  /// this trainer.
  ///
  /// Throws `.data` if the state belongs to another optimizer.
  public func resume(_ model: EnergyModel, from state: TrainingState) throws {
    precondition(step == 0 && model.parameters.float64.count == self.model.parameters.float64.count)
    self.model = model
    loss = loss.scaled(by: model.outputDeviation)
    method.use(loss)
    step = state.step
    hasResumed = true
    guard state.optimizer.name == options.optimizer.name else {
      throw state.optimizer.misfit(
        "it was written by \(state.optimizer.name), the input says \(options.optimizer.name)")
    }
    try method.restore(state.optimizer)
    average = try options.averageDecay.map {
      WeightAverage(decay: $0, startingFrom: try state.average(like: model.parameters))
    }
    fullValidation?.restore(state.validation)
    training.skip(step * options.miniBatches)
    validationBatches?.skip(validationBatchesDrawn)
  }

  /// Trains until the learning rate's schedule ends or `events` ask to stop.
  ///
  /// A checkpoint is due every `saveFrequency` steps and at the end; a training of no steps ends at
  /// once.  Throws `.data` in the very step whose loss or gradient is not finite, and the errors of
  /// the handlers.
  public func run(_ events: TrainingEvents) throws -> TrainingEnd {
    if rate.totalSteps == 0 && !hasResumed {
      try events.finish(&model)
      try events.checkpoint(model, state)
    }
    while step < rate.totalSteps {
      if isOutOfPatience { return .outOfPatience }
      var report = try advance()
      if options.isDisplayed(step) {
        report.isDisplayed = true
        report.validation = try measure(.validation) {
          try validationErrors(learningRate: report.learningRate)
        }
      }
      try events.stepped(report)
      try validateFully(events)
      let stops =
        step < rate.totalSteps
        && (isOutOfPatience || communicator.isTrueAnywhere(events.shouldStop()))
      if step == rate.totalSteps { try events.finish(&model) }
      if step == rate.totalSteps || step % options.saveFrequency == 0 || stops {
        try events.checkpoint(model, state)
      }
      events.progress(report)
      if stops { return isOutOfPatience ? .outOfPatience : .stopped }
    }
    return .complete
  }

  /// The records of full validation for each kind of weights.
  public var validation: [TrainedWeights: ValidationState] { fullValidation?.states ?? [:] }

  /// Whether full validation has found no better model for too long.
  private var isOutOfPatience: Bool { fullValidation?.isOutOfPatience ?? false }

  /// Evaluates all validation frames if full validation is due.
  private func validateFully(_ events: TrainingEvents) throws {
    guard let options = fullValidation?.options, options.isDue(step) else { return }
    let reports = try measure(.validation) {
      try options.weights.compactMap { weights in
        var model = model
        if weights == .averaged, let average { model.parameters = average.weights }
        return try fullValidation?.validate(model, weights, step: step)
      }
    }
    try events.validated(reports, state)
  }

  /// Does one step.
  package func advance() throws -> StepReport { try measure(.step) { try advanceOnce() } }

  private func advanceOnce() throws -> StepReport {
    let learningRate = rate.value(at: step)
    let batches = try measure(.batch) { try miniBatches.share.map { _ in try training.next() } }
    let own: [[Double]]
    do {
      own = try method.update(&model, with: batches, step: step, learningRate: learningRate)
    } catch let found as NonFiniteNumber {
      throw divergence(found, batches.map(\.batch))
    }
    average?.add(model.parameters, threads: options.threads)
    step += 1
    // Each row holds the errors of a mini-batch and its number of frames.
    let rows = communicator.gather(
      rows: zip(own, batches).map { $0 + [Double($1.frames.count)] }, width: columns.count + 1)
    return StepReport(
      step: step, errors: MiniBatches.mean(rows.map { $0.dropLast() }, columns: columns),
      learningRate: learningRate, frames: rows.reduce(0) { $0 + Int($1[columns.count]) })
  }

  /// The mean errors of the next validation batches, weighted by their atoms; nan where no batch
  /// has the label.
  private func validationErrors(learningRate: Double) throws -> [Double]? {
    guard let validationBatches else { return nil }
    let own = try communicator.share(of: options.validationBatches).map { _ in
      let next = try validationBatches.next()
      let predictions = evaluator.predict(next.inputs, with: model)
      let value = loss.evaluate(predictions, for: next.frames, learningRate: learningRate)
      return value.errors + [Double(next.frames.reduce(0) { $0 + $1.frame.realAtomCount })]
    }
    let count = columns.count
    var sums = columns.map { _ in 0.0 }, weights = sums
    for row in communicator.gather(rows: own, width: count + 1) {
      for column in 0..<count where !row[column].isNaN {
        sums[column] += row[count] * row[column]
        weights[column] += row[count]
      }
    }
    return zip(sums, weights).map { $1 > 0 ? $0 / $1 : .nan }
  }

  private func divergence(_ found: NonFiniteNumber, _ batches: [Batch]) -> ToolError {
    let place =
      found.batch.map { "the batch of \(training.source.place(of: batches[$0]))" } ?? "this step"
    return ToolError(
      .data, at: "step \(step + 1)", "the \(found.name) is \(found.value) in \(place)",
      remedy: "\(options.optimizer.remedyOfDivergence), or look at the data with dp-stat; the last "
        + "checkpoint is kept")
  }
}
