import DeepPotential
import Random

/// A task of a training: a model, data, and the loss that compares them.
public struct TrainingTask {
  /// The name of the task; empty if it is the only one.
  public var name: String
  /// The model with its initial parameters; those of several tasks are laid out by `joined`.
  public var model: EnergyModel
  /// The loss.
  public var loss: Loss
  /// The data from which batches are drawn.
  public var training: BatchSource, validation: BatchSource?
  /// The number of validation batches for a line of the learning curve.
  public var validationBatches: Int
  /// The probability that a step is one of this task.
  public var probability: Double
  /// The damage of the frames that its model mends; nil for other models.
  public var damage: FrameDamage?

  /// Joins the parts.
  public init(
    name: String, model: EnergyModel, loss: Loss, training: BatchSource, validation: BatchSource?,
    validationBatches: Int, probability: Double
  ) {
    self.name = name
    self.model = model
    self.loss = loss
    self.training = training
    self.validation = validation
    self.validationBatches = validationBatches
    self.probability = probability
  }
}

/// An error in the learning curve.
public struct ErrorColumn: Sendable, Equatable {
  /// Its name, as `Loss.columns` has it.
  public let name: String
  /// The task that it belongs to; empty if there is one task.
  public let task: String
  /// Whether there are validation data of the task.
  public let hasValidation: Bool

  /// The name with that of the task behind it.
  public var label: String { task.isEmpty ? name : "\(name)_\(task)" }
}

/// The rule by which a step's task is drawn.
///
/// The task of a step depends only on the seed, the step and the probabilities.
package struct TaskChoice: Sendable {
  private let seed: UInt64
  /// The sums of the probabilities up to and with each task.
  private let cumulative: [Double]

  /// Makes a rule by `probabilities`, relative to their sum.
  package init(_ probabilities: [Double], seed: UInt64) {
    self.seed = seed
    var sum = 0.0
    cumulative = probabilities.map {
      sum += $0
      return sum
    }
  }

  /// The task of the step that follows `step` steps; a task without probability is never drawn.
  package func task(after step: Int) -> Int {
    guard cumulative.count > 1, let sum = cumulative.last else { return 0 }
    var random = CounterRandom(
      seed: seed, purpose: "training task", step: UInt64(truncatingIfNeeded: step))
    let x = random.uniform() * sum
    return cumulative.firstIndex { $0 > x } ?? cumulative.count - 1
  }
}
