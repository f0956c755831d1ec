import DeepPotential

/// The options of a training, apart from the model, the data and the loss.
public struct TrainerOptions: Sendable, Equatable {
  /// The number of steps between lines of the learning curve, and between checkpoints.
  public var displayFrequency: Int, saveFrequency: Int
  /// The number of validation batches for a line of the learning curve.
  public var validationBatches: Int
  /// The length to which longer gradients are shortened.
  public var gradientLimit: Double?
  /// The number of mini-batches of a step, over all ranks; the update uses their mean.
  public var miniBatches = 1
  /// The factor of the learning rate in updates (`scale_by_worker`).
  public var rateFactor = 1.0
  /// The number of steps whose gradients are averaged for one update (`acc_freq`).
  public var batchesPerUpdate = 1
  /// The seed of the numbers by which steps choose one of several tasks.
  public var taskSeed: UInt64 = 1
  /// The optimizer.
  public var optimizer: OptimizerOptions
  /// The factor of the moving average of the weights at each step (`ema_decay`); nil for no
  /// average.
  public var averageDecay: Double?
  /// The options of full validation; nil for none.
  public var fullValidation: FullValidationOptions?
  /// The number of threads, on which the results do not depend.
  public var threads: Int
  /// The number of bytes for cached frames with their neighbors: once for training, once for
  /// validation data; tasks share them.
  public var frameMemory: Int = 64 << 20
  /// Whether batches are prepared during the step before, if there are several threads; the results
  /// do not depend on it.
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

  /// Whether a line of the learning curve is due after `step` steps: after the first and every
  /// `displayFrequency`.
  func isDisplayed(_ step: Int) -> Bool { step == 1 || step % displayFrequency == 0 }

  /// The number of lines in the learning curve of the first `step` steps.
  func linesDisplayed(until step: Int) -> Int {
    step == 0 ? 0 : step / displayFrequency + (displayFrequency > 1 ? 1 : 0)
  }
}

/// The handlers that a training calls; they write files and messages.
public struct TrainingEvents {
  /// Called after a step and before its checkpoint, for logs that grow with each step.
  public var stepped: (StepReport) throws -> Void
  /// Called with the models of all tasks when a checkpoint is due.
  public var checkpoint: ([EnergyModel], TrainingState) throws -> Void
  /// Called when all validation frames have been evaluated with each kind of weights; the state
  /// includes the results.
  public var validated: ([ValidationReport], TrainingState) throws -> Void
  /// Called for each task, by its number, after the last step and before its checkpoint; it may
  /// change the bias of the task's model.
  public var finish: (inout EnergyModel, Int) throws -> Void
  /// Called after a step and all that is written for it.
  public var progress: (StepReport) -> Void
  /// Asked after each step whether to stop.
  public var shouldStop: () -> Bool

  /// Makes a set of handlers.
  public init(
    stepped: @escaping (StepReport) throws -> Void = { _ in },
    checkpoint: @escaping ([EnergyModel], TrainingState) throws -> Void,
    validated: @escaping ([ValidationReport], TrainingState) throws -> Void = { _, _ in },
    finish: @escaping (inout EnergyModel, Int) throws -> Void = { _, _ in },
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

/// The reason why a training ended.
public enum TrainingEnd: Sendable, Equatable {
  /// All steps are done.
  case complete
  /// The training was asked to stop; it can be continued.
  case stopped
  /// For a set number of validations none was better than the best one.
  case outOfPatience
}

/// The report of one step.
public struct StepReport: Sendable, Equatable {
  /// The number of completed steps, this one included.
  public var step: Int
  /// The errors of the batch before the update, in the order of the learning curve's columns; of
  /// other tasks those of another batch if a line is due, and nan if none is.
  public var errors: [Double]
  /// The learning rate of the update.
  public var learningRate: Double
  /// Frames in the batch.
  public var frames: Int
  /// Whether a line of the learning curve is due.
  public var isDisplayed = false
  /// The errors of validation batches in the same order; nil if no line is due or there are no
  /// validation data.
  public var validation: [Double]?
}
