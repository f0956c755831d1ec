import Communication
import DeepPotential
import Diagnostics
import Kernels
import Measurement

/// Trains an energy model step by step: batch, predictions, loss, gradient, update.
///
/// With several tasks each step draws one of them, whose model it trains; the models share
/// parameters (`joined`).
///
/// A step depends only on the models, the data, the options and the number of the step.  So a
/// training that continues from a `TrainingState` gives the same bits as one that was never
/// interrupted.
public final class Trainer {
  /// Number of completed steps.
  public private(set) var step = 0
  /// The errors of a step, those of one task after those of another, and whether there are
  /// validation data of any task.
  public let errorColumns: [ErrorColumn], hasValidation: Bool
  private let rate: LearningRate
  private let options: TrainerOptions
  private let method: any TrainingMethod
  private let communicator: Communicator
  private let miniBatches: MiniBatches
  private var tasks: [RunningTask]
  private let choice: TaskChoice
  /// The number of the task whose model has the parameters.
  private var active = 0
  private var average: WeightAverage?
  private var fullValidation: FullValidation?
  /// Whether the training continues from a checkpoint.
  private var hasResumed = false

  /// Prepares the training of `model` from its first step on.
  ///
  /// Full validation evaluates `allValidation`, whose atoms are in the order of the data.  The
  /// ranks of `communicator` share out the work; each rank has a trainer, and all trainers have the
  /// same model after each step.
  public convenience init(
    _ model: EnergyModel, loss: Loss, rate: LearningRate, options: TrainerOptions,
    training: BatchSource, validation: BatchSource?, allValidation: [LabeledSystem] = [],
    communicator: Communicator = .alone
  ) {
    let task = TrainingTask(
      name: "", model: model, loss: loss, training: training, validation: validation,
      validationBatches: options.validationBatches, probability: 1)
    self.init(
      [task], rate: rate, options: options, allValidation: allValidation,
      communicator: communicator)
  }

  /// Prepares the training of one or more `tasks`, whose models share a vector of parameters, as
  /// above; full validation and the Kalman filter are for one task.
  public init(
    _ tasks: [TrainingTask], rate: LearningRate, options: TrainerOptions,
    allValidation: [LabeledSystem] = [], communicator: Communicator = .alone
  ) {
    precondition(tasks.count == 1 || options.fullValidation == nil)
    self.rate = rate
    self.options = options
    self.communicator = communicator
    miniBatches = MiniBatches(count: options.miniBatches, communicator: communicator)
    choice = TaskChoice(tasks.map(\.probability), seed: options.taskSeed)
    var running: [RunningTask] = []
    for task in tasks {
      running.append(
        RunningTask(
          task, firstColumn: running.last?.places.upperBound ?? 0, options,
          frameMemory: options.frameMemory / tasks.count, communicator))
    }
    errorColumns = zip(tasks, running).flatMap { task, running in
      running.columns.map {
        ErrorColumn(name: $0, task: task.name, hasValidation: task.validation != nil)
      }
    }
    hasValidation = tasks.contains { $0.validation != nil }
    average = options.averageDecay.map {
      WeightAverage(decay: $0, startingFrom: tasks[0].model.parameters)
    }
    fullValidation = options.fullValidation.map {
      FullValidation($0, allValidation, threads: options.threads, communicator: communicator)
    }
    switch options.optimizer {
    case .adam(let adam):
      method = GradientDescent(adam, options, tasks: running, miniBatches: miniBatches)
    case .kalman(let kalman):
      precondition(tasks.count == 1)
      method = KalmanTraining(
        kalman, options, loss: tasks[0].loss, model: tasks[0].model,
        evaluator: running[0].evaluator, miniBatches: miniBatches, totalSteps: rate.totalSteps)
    }
    for task in running.indices.dropFirst() { running[task].model.parameters = Parameters() }
    self.tasks = running
  }

  /// Names of the errors of a step, with those of their tasks if there are several.
  public var columns: [String] { errorColumns.map(\.label) }

  /// The model of the task that was trained last, after the completed steps.
  public var model: EnergyModel { tasks[active].model }

  /// The models of all tasks after the completed steps.
  public var models: [EnergyModel] {
    tasks.map { task in
      var model = task.model
      model.parameters = self.model.parameters
      return model
    }
  }

  /// Gives the parameters to the model of `task`.
  private func activate(_ task: Int) {
    if task == active { return }
    let parameters = tasks[active].model.parameters
    tasks[active].model.parameters = Parameters()
    tasks[task].model.parameters = parameters
    active = task
  }

  /// How often, and for how long, steps waited for their batches.
  public var shortage: BatchShortage {
    tasks.map(\.training.shortage).reduce(into: BatchShortage()) { $0.add($1) }
  }

  /// The state of the training, whole on the first rank; every rank must ask for it.
  public var state: TrainingState {
    TrainingState(
      step: step, optimizer: method.memory,
      samplerState: [
        "training": tasks.map(\.drawn), "validation": tasks.map(\.validationDrawn),
      ], average: average?.weights, validation: validation)
  }

  /// Continues from a state and the model of the only task, as below.
  public func resume(_ model: EnergyModel, from state: TrainingState) throws {
    try resume([model], from: state)
  }

  /// Continues from a state and the models that belong to it, laid out by `joined` as those of the
  /// tasks are; allowed only before the first step of this trainer.
  ///
  /// Throws `.data` if the state belongs to another optimizer or to other tasks.
  public func resume(_ models: [EnergyModel], from state: TrainingState) throws {
    let parameters = models[0].parameters
    precondition(
      step == 0 && models.count == tasks.count && parameters.hasShape(of: model.parameters))
    for (task, model) in models.enumerated() {
      tasks[task].model = model
      tasks[task].loss = tasks[task].loss.scaled(by: model.outputDeviation)
      if task != active { tasks[task].model.parameters = Parameters() }
    }
    method.use(tasks.map(\.loss))
    step = state.step
    hasResumed = true
    guard state.optimizer.name == options.optimizer.name else {
      throw state.optimizer.misfit(
        "it was written by \(state.optimizer.name), the input says \(options.optimizer.name)")
    }
    try method.restore(state.optimizer)
    average = try options.averageDecay.map {
      WeightAverage(decay: $0, startingFrom: try state.average(like: parameters))
    }
    fullValidation?.restore(state.validation)
    try skipBatches(of: state)
  }

  /// Passes over the batches that the steps so far have used.
  private func skipBatches(of state: TrainingState) throws {
    if tasks.count == 1 {
      // Numbers that follow from the options hold after a restart with other ones, too.
      let lines = options.linesDisplayed(until: step) * tasks[0].validationBatches
      return tasks[0].skip(
        training: step * options.miniBatches, validation: tasks[0].validation == nil ? 0 : lines)
    }
    let training = state.samplerState["training"] ?? []
    let validation = state.samplerState["validation"] ?? []
    guard training.count == tasks.count, validation.count == tasks.count,
      (training + validation).allSatisfy({ $0 >= 0 })
    else { throw ToolError(.data, at: "checkpoint", "does not count the batches of each task") }
    for task in tasks.indices {
      tasks[task].skip(training: training[task], validation: validation[task])
    }
  }

  /// Trains until the learning rate's schedule ends or `events` ask to stop.
  ///
  /// A checkpoint is due every `saveFrequency` steps and at the end; a training of no steps ends at
  /// once.  Throws `.data` in the very step whose loss or gradient is not finite, and the errors of
  /// the handlers.
  public func run(_ events: TrainingEvents) throws -> TrainingEnd {
    if rate.totalSteps == 0 && !hasResumed {
      try finish(events)
      try save(events)
    }
    while step < rate.totalSteps {
      if isOutOfPatience { return .outOfPatience }
      var report = try advance()
      if options.isDisplayed(step) {
        report.isDisplayed = true
        try measure(.validation) { try addErrors(to: &report) }
      }
      try events.stepped(report)
      try validateFully(events)
      let stops =
        step < rate.totalSteps
        && (isOutOfPatience || communicator.isTrueAnywhere(events.shouldStop()))
      if step == rate.totalSteps { try finish(events) }
      if step == rate.totalSteps || step % options.saveFrequency == 0 || stops {
        try save(events)
      }
      events.progress(report)
      if stops { return isOutOfPatience ? .outOfPatience : .stopped }
    }
    return .complete
  }

  /// Hands out a checkpoint.  Its file is whole in memory before it is on the disk, so partial sums
  /// of gradients are given back first.
  private func save(_ events: TrainingEvents) throws {
    for task in tasks { task.evaluator.releaseGradients() }
    try events.checkpoint(models, state)
  }

  /// Lets the handler finish the model of each task.
  private func finish(_ events: TrainingEvents) throws {
    for task in tasks.indices {
      activate(task)
      try events.finish(&tasks[task].model, task)
    }
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
    let learningRate = rate.value(at: step), task = choice.task(after: step)
    activate(task)
    let batches = try measure(.batch) { try tasks[task].nextBatches(miniBatches) }
    let own: [[Double]]
    do {
      own = try method.update(
        &tasks[task].model, of: task, with: batches, step: step, learningRate: learningRate)
    } catch let found as NonFiniteNumber {
      throw divergence(found, batches.map(\.batch))
    }
    average?.add(model.parameters, threads: options.threads)
    step += 1
    // Each row holds the errors of a mini-batch and its number of frames.
    let names = tasks[task].columns
    let rows = communicator.gather(
      rows: zip(own, batches).map { $0 + [Double($1.frames.count)] }, width: names.count + 1)
    var errors = errorColumns.map { _ in Double.nan }
    errors.replaceSubrange(
      tasks[task].places, with: MiniBatches.mean(rows.map { $0.dropLast() }, columns: names))
    return StepReport(
      step: step, errors: errors, learningRate: learningRate,
      frames: rows.reduce(0) { $0 + Int($1[names.count]) })
  }

  /// Adds what a line of the learning curve has besides the errors of the step: those of validation
  /// batches, and those of training batches of other tasks.
  private func addErrors(to report: inout StepReport) throws {
    let trained = active, rate = report.learningRate
    defer { activate(trained) }
    var validation = errorColumns.map { _ in Double.nan }
    for task in tasks.indices {
      activate(task)
      let places = tasks[task].places, model = model
      if task != trained {
        report.errors.replaceSubrange(
          places,
          with: try tasks[task].trainingErrors(model, miniBatches, learningRate: rate))
      }
      if let errors = try tasks[task].validationErrors(model, communicator, learningRate: rate) {
        validation.replaceSubrange(places, with: errors)
      }
    }
    if hasValidation { report.validation = validation }
  }

  private func divergence(_ found: NonFiniteNumber, _ batches: [Batch]) -> ToolError {
    let place =
      found.batch.map { "the batch of \(tasks[active].training.source.place(of: batches[$0]))" }
      ?? "this step"
    return ToolError(
      .data, at: "step \(step + 1)", "the \(found.name) is \(found.value) in \(place)",
      remedy: "\(options.optimizer.remedyOfDivergence), or look at the data with dp-stat; the last "
        + "checkpoint is kept")
  }
}
