import Communication
import DeepPotential
import Kernels
import Measurement

/// Training along the gradient of the loss: the mean over the mini-batches of `batchesPerUpdate` steps, shortened if need
/// be, to Adam.
final class GradientDescent: TrainingMethod {
  private let loss: Loss
  private let options: TrainerOptions
  private let trainable: TrainableRanges
  private let evaluator: Evaluator
  private var adam: Adam
  private let miniBatches: MiniBatches
  /// The gradient, and what it takes to sum it over mini-batches.
  private var gradients: [Parameters]
  private var gradient: Parameters {
    get { gradients[0] }
    _modify { yield &gradients[0] }
  }
  /// Sum of the gradients since the last update; nil if every step is followed by one.
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

  func restore(_ memory: OptimizerMemory) throws {
    let moments = try memory.vectors(Self.moments, like: gradient)
    // With another number of batches per update, the group that was begun is left out.
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
      // The tiny number is PyTorch's, which DeePMD-kit calls.
      gradient.scale(by: limit / (length + 1e-6))
    }
    adam.update(
      &model.parameters, gradient: gradient, learningRate: learningRate * options.rateFactor,
      trainable: trainable, threads: options.threads)
    return errors
  }

  /// The errors of one mini-batch, and its gradient.
  private func lossGradient(
    of batch: PreparedBatch, _ index: Int, into gradient: inout Parameters, _ model: EnergyModel,
    learningRate: Double
  ) throws -> [Double] {
    var value = BatchLoss(loss, batch.frames, learningRate: learningRate)
    evaluator.gradient(of: batch.inputs, with: model, into: &gradient) { index, prediction in
      measure(.loss) { value.add(prediction, at: index) }
    }
    try NonFiniteNumber.refuse(value.total, "loss", of: index)
    if miniBatches.count > 1 {
      // Of the sum nobody could tell whose fault it is.
      let length = gradient.length(in: trainable, threads: options.threads)
      try NonFiniteNumber.refuse(length, "length of the gradient", of: index)
    }
    return value.errors
  }

  /// Makes the gradient the mean over the batches since the last update, and begins a new sum.
  private func takeMean() {
    gradient = sum ?? gradient
    gradient.scale(by: 1 / Double(options.batchesPerUpdate))
    sum = Parameters(zerosLike: gradient)
  }
}

extension Parameters {
  /// The square root of the sum of squares over `ranges`.
  func length(in ranges: TrainableRanges, threads: Int) -> Double {
    let sums =
      ranges.float64.map { sumOfSquares(float64, in: $0, threads: threads) }
      + ranges.float32.map { sumOfSquares(float32, in: $0, threads: threads) }
    return sums.reduce(0, +).squareRoot()
  }
}
