import Communication
import DeepPotential
import Kernels
import Measurement

/// Training with Adam: an update follows the mean gradient of the loss over the mini-batches of
/// `batchesPerUpdate` steps; a gradient longer than `gradientLimit` is shortened to it.
final class GradientDescent: TrainingMethod {
  private var loss: Loss
  private let options: TrainerOptions
  private let trainable: TrainableRanges
  private let evaluator: Evaluator
  private var adam: Adam
  private let miniBatches: MiniBatches
  /// The gradient, followed by the vectors that the sum over mini-batches needs.
  private var gradients: [Parameters]
  private var gradient: Parameters {
    get { gradients[0] }
    _modify { yield &gradients[0] }
  }
  /// The sum of the gradients since the last update; nil if each step does an update.
  private var sum: Parameters?

  init(
    _ adam: AdamOptions, _ options: TrainerOptions, loss: Loss, model: EnergyModel,
    evaluator: Evaluator, miniBatches: MiniBatches
  ) {
    self.loss = loss
    self.miniBatches = miniBatches
    self.options = options
    self.evaluator = evaluator
    trainable = TrainableRanges(model)
    self.adam = Adam(adam, for: model.parameters)
    gradients = [Parameters(zerosLike: model.parameters)]
    if options.batchesPerUpdate > 1 { sum = gradients[0] }
  }

  private static let moments = ["first_moment", "second_moment"], sumName = "gradient_sum"

  var memory: OptimizerMemory {
    var vectors = Dictionary(
      uniqueKeysWithValues: zip(Self.moments, [adam.firstMoment, adam.secondMoment]))
    vectors[Self.sumName] = sum
    return OptimizerMemory(
      name: options.optimizer.name, updates: adam.updates, vectors: vectors)
  }

  func use(_ loss: Loss) { self.loss = loss }

  func restore(_ memory: OptimizerMemory) throws {
    let moments = try memory.vectors(Self.moments, like: gradient)
    // A checkpoint made with another number of batches per update has no sum; the group then begins
    // anew.
    if sum != nil { sum = memory.vectors[Self.sumName] ?? Parameters(zerosLike: gradient) }
    adam = Adam(
      adam.options, firstMoment: moments[0], secondMoment: moments[1], updates: memory.updates)
  }

  func update(
    _ model: inout EnergyModel, with batches: [PreparedBatch], step: Int, learningRate: Double
  ) throws -> [[Double]] {
    var errors: [[Double]] = []
    try miniBatches.mean(of: &gradients, threads: options.threads) { index, gradient in
      errors.append(
        try lossGradient(
          of: batches[index], index, into: &gradient, model, learningRate: learningRate))
    }
    var length = gradient.length(in: trainable, threads: options.threads)
    try NonFiniteNumber.refuse(
      length, "length of the gradient", of: miniBatches.count == 1 ? 0 : nil)
    if sum != nil {
      sum?.add(gradient, threads: options.threads)
      guard (step + 1) % options.batchesPerUpdate == 0 else { return errors }
      takeMean()
      length = gradient.length(in: trainable, threads: options.threads)
    }
    if let limit = options.gradientLimit, length > limit {
      // PyTorch adds the same small number, and DeePMD-kit calls PyTorch.
      gradient.scale(by: limit / (length + 1e-6))
    }
    adam.update(
      &model.parameters, gradient: gradient, learningRate: learningRate * options.rateFactor,
      trainable: trainable, threads: options.threads)
    return errors
  }

  /// Computes the gradient of one mini-batch, and gives the errors of this mini-batch.
  private func lossGradient(
    of batch: PreparedBatch, _ index: Int, into gradient: inout Parameters, _ model: EnergyModel,
    learningRate: Double
  ) throws -> [Double] {
    var value = BatchLoss(loss, batch.frames, learningRate: learningRate)
    evaluator.gradient(of: batch.inputs, with: model, into: &gradient) { index, prediction in
      measure(.loss) { value.add(prediction, at: index) }
    }
    try NonFiniteNumber.refuse(value.total, "loss", of: index)
    if value.gradientFactor != 1 { gradient.scale(by: value.gradientFactor) }
    if miniBatches.count > 1 {
      // A check of the sum alone could not name the mini-batch at fault.
      let length = gradient.length(in: trainable, threads: options.threads)
      try NonFiniteNumber.refuse(length, "length of the gradient", of: index)
    }
    return value.errors
  }

  /// Replaces the gradient by the mean over the batches since the last update, and starts a new
  /// sum.
  private func takeMean() {
    gradient = sum ?? gradient
    gradient.scale(by: 1 / Double(options.batchesPerUpdate))
    sum = Parameters(zerosLike: gradient)
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
