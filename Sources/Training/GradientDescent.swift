import Communication
import DeepPotential
import Kernels
import Measurement

/// Training with Adam: an update follows the mean gradient of the loss over the mini-batches of
/// `batchesPerUpdate` steps; a gradient longer than `gradientLimit` is shortened to it.
///
/// A step of one of several tasks changes only what its model has, as in DeePMD-kit: other numbers
/// and their moments stay, and updates are counted for each block of parameters.
final class GradientDescent: TrainingMethod {
  /// Parameters that the same tasks share.
  private struct Block {
    let tasks: [Int]
    let ranges: TrainableRanges
  }

  private var losses: [Loss]
  private let options: TrainerOptions
  private let trainable: [TrainableRanges]
  private let blocks: [Block]
  private let evaluators: [Evaluator]
  private var adam: Adam
  /// The number of updates by each task.
  private var updates: [Int]
  private let miniBatches: MiniBatches
  /// The gradient of each task, followed by the vectors that the sum over mini-batches needs.
  private var gradients: [[Parameters]]
  /// The sum of the gradients since the last update; nil if each step does an update, as it does
  /// with several tasks.
  private var sum: Parameters?

  init(
    _ adam: AdamOptions, _ options: TrainerOptions, tasks: [RunningTask], miniBatches: MiniBatches
  ) {
    precondition(tasks.count == 1 || options.batchesPerUpdate == 1)
    losses = tasks.map(\.loss)
    self.miniBatches = miniBatches
    self.options = options
    evaluators = tasks.map(\.evaluator)
    trainable = tasks.map { TrainableRanges($0.model) }
    blocks = Self.blocks(of: tasks.map(\.model))
    updates = tasks.map { _ in 0 }
    let zeros = Parameters(zerosLike: tasks[0].model.parameters)
    self.adam = Adam(adam, for: zeros)
    gradients = tasks.map { _ in [zeros] }
    if options.batchesPerUpdate > 1 { sum = zeros }
  }

  /// The blocks of the parameters that `models` have together.
  private static func blocks(of models: [EnergyModel]) -> [Block] {
    var users: [TrainableRanges: [Int]] = [:]
    for (task, model) in models.enumerated() {
      for part in [ParameterTensor.Part.descriptor, .fitting] {
        let ranges = TrainableRanges(model.tensors.filter { $0.name.part == part })
        users[ranges, default: []].append(task)
      }
    }
    return Dictionary(grouping: users, by: \.value).map { tasks, parts in
      Block(tasks: tasks, ranges: TrainableRanges(joining: parts.map(\.key)))
    }
  }

  private static let moments = ["first_moment", "second_moment"], sumName = "gradient_sum"

  var memory: OptimizerMemory {
    var vectors = Dictionary(
      uniqueKeysWithValues: zip(Self.moments, [adam.firstMoment, adam.secondMoment]))
    vectors[Self.sumName] = sum
    var memory = OptimizerMemory(
      name: options.optimizer.name, updates: updates.reduce(0, +), vectors: vectors)
    if updates.count > 1 { memory.taskUpdates = updates }
    return memory
  }

  func use(_ losses: [Loss]) { self.losses = losses }

  func restore(_ memory: OptimizerMemory) throws {
    let shape = gradients[0][0]
    let moments = try memory.vectors(Self.moments, like: shape)
    // A checkpoint made with another number of batches per update has no sum; the group then begins
    // anew.
    if sum != nil { sum = memory.vectors[Self.sumName] ?? Parameters(zerosLike: shape) }
    updates = updates.count == 1 ? [memory.updates] : memory.taskUpdates
    guard updates.count == losses.count else { throw memory.misfit("it has other tasks") }
    adam = Adam(
      adam.options, firstMoment: moments[0], secondMoment: moments[1], updates: memory.updates)
  }

  func update(
    _ model: inout EnergyModel, of task: Int, with batches: [PreparedBatch], step: Int,
    learningRate: Double
  ) throws -> [[Double]] {
    var errors: [[Double]] = []
    try miniBatches.mean(of: &gradients[task], threads: options.threads) { index, gradient in
      errors.append(
        try lossGradient(
          of: batches[index], index, into: &gradient, model, task, learningRate: learningRate))
    }
    var length = gradients[task][0].length(in: trainable[task], threads: options.threads)
    try NonFiniteNumber.refuse(
      length, "length of the gradient", of: miniBatches.count == 1 ? 0 : nil)
    if sum != nil {
      sum?.add(gradients[task][0], threads: options.threads)
      guard (step + 1) % options.batchesPerUpdate == 0 else { return errors }
      takeMean(of: task)
      length = gradients[task][0].length(in: trainable[task], threads: options.threads)
    }
    if let limit = options.gradientLimit, length > limit {
      // PyTorch adds the same small number, and DeePMD-kit calls PyTorch.
      gradients[task][0].scale(by: limit / (length + 1e-6))
    }
    for block in blocks where block.tasks.contains(task) {
      adam.updates = block.tasks.reduce(0) { $0 + updates[$1] }
      adam.update(
        &model.parameters, gradient: gradients[task][0],
        learningRate: learningRate * options.rateFactor, trainable: block.ranges,
        threads: options.threads)
    }
    updates[task] += 1
    return errors
  }

  /// Computes the gradient of one mini-batch, and gives the errors of this mini-batch.
  private func lossGradient(
    of batch: PreparedBatch, _ index: Int, into gradient: inout Parameters, _ model: EnergyModel,
    _ task: Int, learningRate: Double
  ) throws -> [Double] {
    var value = BatchLoss(losses[task], batch.frames, learningRate: learningRate)
    evaluators[task].gradient(of: batch.inputs, with: model, into: &gradient) {
      index, prediction in
      measure(.loss) { value.add(prediction, at: index) }
    }
    try NonFiniteNumber.refuse(value.total, "loss", of: index)
    if value.gradientFactor != 1 { gradient.scale(by: value.gradientFactor) }
    if miniBatches.count > 1 {
      // A check of the sum alone could not name the mini-batch at fault.
      let length = gradient.length(in: trainable[task], threads: options.threads)
      try NonFiniteNumber.refuse(length, "length of the gradient", of: index)
    }
    return value.errors
  }

  /// Replaces the gradient by the mean over the batches since the last update, and starts a new
  /// sum.
  private func takeMean(of task: Int) {
    gradients[task][0] = sum ?? gradients[task][0]
    gradients[task][0].scale(by: 1 / Double(options.batchesPerUpdate))
    sum = Parameters(zerosLike: gradients[task][0])
  }
}

extension Parameters {
  /// The Euclidean length of the parameters in `ranges`.
  func length(in ranges: TrainableRanges, threads: Int) -> Double {
    let sums =
      ranges.float64.map { sumOfSquares(float64, in: $0, threads: threads) }
      + ranges.float32.map { sumOfSquares(float32, in: $0, threads: threads) }
    return sums.reduce(0, +).squareRoot()
  }
}
