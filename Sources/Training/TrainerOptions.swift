import DeepPotential

/// What decides how a training goes, apart from model, data and loss.
public struct TrainerOptions: Sendable, Equatable {
  /// Steps between lines of the learning curve, and between checkpoints.
  public var displayFrequency: Int, saveFrequency: Int
  /// Validation batches per line of the learning curve.
  public var validationBatches: Int
  /// Gradients longer than this are shortened to it.
  public var gradientLimit: Double?
  /// Mini-batches of a step, over all ranks; the update is made for their mean.
  public var miniBatches = 1
  /// What the learning rate is multiplied with for an update (`scale_by_worker`).
  public var rateFactor = 1.0
  /// Steps whose gradients are averaged for one update (`acc_freq`).
  public var batchesPerUpdate = 1
  /// The optimizer.
  public var optimizer: OptimizerOptions
  /// How much of the weights' moving average stays at a step; nil for no average (`ema_decay`).
  public var averageDecay: Double?
  /// When all validation frames are evaluated.
  public var fullValidation: FullValidationOptions?
  /// Number of threads; the results do not depend on it.
  public var threads: Int
  /// Bytes of frames with their neighbors that are kept from step to step, of training and of
  /// validation data each.
  public var frameMemory: Int = 64 << 20
  /// Whether the next batch is prepared while a step goes on, if there are several threads; the
  /// results do not depend on it.
  public var preparesAhead = true

  /// Makes options.
  public init(
    displayFrequency: Int, saveFrequency: Int, validationBatches: Int = 1,
    gradientLimit: Double? = nil, optimizer: OptimizerOptions = .adam(AdamOptions()),
    threads: Int = 1
  ) {
    precondition(displayFrequency > 0 && saveFrequency > 0 && validationBatches > 0)
    self.displayFrequency = displayFrequency
    self.saveFrequency = saveFrequency
    self.validationBatches = validationBatches
    self.gradientLimit = gradientLimit
    self.optimizer = optimizer
    self.threads = threads
  }

  /// Whether a line of the learning curve is due after `step` steps: after the first and every so
  /// many.
  func isDisplayed(_ step: Int) -> Bool { step == 1 || step % displayFrequency == 0 }

  /// Lines of the learning curve in the first `step` steps.
  func linesDisplayed(until step: Int) -> Int {
    step == 0 ? 0 : step / displayFrequency + (displayFrequency > 1 ? 1 : 0)
  }
}

/// What a training tells while it goes on; the receiver writes files and messages.
public struct TrainingEvents {
  /// A step is done, before its checkpoint: for what is written step by step.
  public var stepped: (StepReport) throws -> Void
  /// A good moment for a checkpoint.
  public var checkpoint: (EnergyModel, TrainingState) throws -> Void
  /// All validation frames were evaluated, with each kind of weights; the state has what came of
  /// it.
  public var validated: ([ValidationReport], TrainingState) throws -> Void
  /// The last step is done: what is made of the model before its checkpoint.
  public var finish: (inout EnergyModel) throws -> Void
  /// A step is done, with all that is written of it.
  public var progress: (StepReport) -> Void
  /// Whether to stop after this step.
  public var shouldStop: () -> Bool

  /// Makes a set of handlers.
  public init(
    stepped: @escaping (StepReport) throws -> Void = { _ in },
    checkpoint: @escaping (EnergyModel, TrainingState) throws -> Void,
    validated: @escaping ([ValidationReport], TrainingState) throws -> Void = { _, _ in },
    finish: @escaping (inout EnergyModel) throws -> Void = { _ in },
    progress: @escaping (StepReport) -> Void = { _ in },
    shouldStop: @escaping () -> Bool = { false }
  ) {
    self.stepped = stepped
    self.checkpoint = checkpoint
    self.validated = validated
    self.finish = finish
    self.progress = progress
    self.shouldStop = shouldStop
  }
}

/// How a run of a training ended.
public enum TrainingEnd: Sendable, Equatable {
  /// All steps are done.
  case complete
  /// It was asked to stop, to be continued.
  case stopped
  /// No validation was better than the best one for as long as one was waited for.
  case outOfPatience
}

/// What one step did.
public struct StepReport: Sendable, Equatable {
  /// Number of completed steps, this one included.
  public var step: Int
  /// The errors of the batch before the update, in the order of the learning curve's columns.
  public var errors: [Double]
  /// The learning rate of the update.
  public var learningRate: Double
  /// Frames in the batch.
  public var frames: Int
  /// Whether a line of the learning curve is due.
  public var isDisplayed = false
  /// The errors of validation batches in the same order, if a line is due and there are validation
  /// data.
  public var validation: [Double]?
}
