import Communication
import DeepPotential

/// A task while it is trained, with the batches that it has used so far.
struct RunningTask {
  let name: String
  /// The model; of all tasks only the one that is being trained has the parameters.
  var model: EnergyModel
  var loss: Loss
  let training: BatchQueue, validation: BatchQueue?
  let validationBatches: Int
  /// Each task has an evaluator of its own, whose memory fits its model.
  let evaluator: Evaluator
  /// Names of its errors, and their places among those of all tasks.
  let columns: [String], places: Range<Int>
  /// Batches drawn so far, over all ranks.
  private(set) var drawn = 0, validationDrawn = 0

  /// Prepares `task`, whose errors begin at `firstColumn`; `frameMemory` bytes may be kept.
  init(
    _ task: TrainingTask, firstColumn: Int, _ options: TrainerOptions, frameMemory: Int,
    _ communicator: Communicator
  ) {
    let preparation = FramePreparation(task.model)
    func queue(
      _ source: BatchSource, _ purpose: BatchSampler.Purpose, batches: Int
    ) -> BatchQueue {
      var source = source
      source.handOut(communicator.share(of: batches), ofEvery: batches)
      return BatchQueue(
        source, preparation, memory: frameMemory, threads: options.threads,
        preparesAhead: options.preparesAhead,
        damage: task.damage.map {
          BatchDamage(
            $0, maskedType: task.model.typeMap.count - 1, seed: options.taskSeed, purpose: purpose)
        })
    }
    name = task.name
    model = task.model
    loss = task.loss
    training = queue(task.training, .training, batches: options.miniBatches)
    validation = task.validation.map { queue($0, .validation, batches: task.validationBatches) }
    validationBatches = task.validationBatches
    evaluator = Evaluator(threads: options.threads)
    columns = task.loss.columns
    places = firstColumn..<firstColumn + columns.count
  }

  /// Continues as if these numbers of batches had been drawn.
  mutating func skip(training count: Int, validation validationCount: Int) {
    (drawn, validationDrawn) = (count, validationCount)
    training.skip(count)
    validation?.skip(validationCount)
  }

  /// The next training batches of this rank, of the `miniBatches` of a step.
  mutating func nextBatches(_ miniBatches: MiniBatches) throws -> [PreparedBatch] {
    drawn += miniBatches.count
    return try miniBatches.share.map { _ in try training.next() }
  }

  /// The mean errors of the next training batches, without an update.
  mutating func trainingErrors(
    _ model: EnergyModel, _ miniBatches: MiniBatches, learningRate: Double
  ) throws -> [Double] {
    let own = try nextBatches(miniBatches).map {
      loss.evaluate(
        evaluator.predict($0.inputs, with: model), for: $0.frames, learningRate: learningRate
      ).errors
    }
    let rows = miniBatches.communicator.gather(rows: own, width: columns.count)
    return MiniBatches.mean(rows, columns: columns)
  }

  /// The mean errors of the next validation batches, weighted by their atoms; nan where no batch
  /// has the label, nil without validation data.
  mutating func validationErrors(
    _ model: EnergyModel, _ communicator: Communicator, learningRate: Double
  ) throws -> [Double]? {
    guard let validation else { return nil }
    validationDrawn += validationBatches
    let own = try communicator.share(of: validationBatches).map { _ in
      let next = try validation.next()
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
}
