import Atoms
import Communication
import Configuration
import Datasets
import DeepPotential
import Diagnostics
import Files
import Kernels
import Measurement
import Training

/// Everything that a training starts from, read and checked.
public struct TrainingSetup {
  /// The configuration, with the neighbor slots that the data lead to.
  public let input: TrainingInput
  /// The model with its statistics but without parameters: those that are trained are the trainer's.
  public let model: EnergyModel
  /// Number of the model's parameters.
  public let parameterCount: Int
  /// What the statistics saw of the training data.
  public let survey: NeighborSurvey
  /// How much of the data is in memory.
  public let cache: DataCache
  /// The data that batches come from.
  public let training: BatchSource, validation: BatchSource?
  /// What full validation evaluates, atoms in the order of the data.
  public let allValidation: [LabeledSystem]
  /// The learning rate of every step.
  public let rate: LearningRate
  /// The ranks that train together, and the mini-batches of a step over all of them.
  public let communicator: Communicator, miniBatches: Int
  /// SHA-256 of what decides the training, by name.
  public private(set) var digests: [String: String]
  /// The model that the training starts from, unless it starts from random numbers.
  public let initial: InitialModel?
  /// What fine-tuning did to the energy bias.
  public private(set) var biasChange: BiasChange?
  /// The model that the training starts from, adapted to it.
  private var firstModel: EnergyModel?

  /// Reads what `input` names and prepares the model.
  ///
  /// `statisticsPath` is a file that dp-stat wrote; without it statistics are computed.  Data that do not fit into
  /// `cache` are read from the disk again and again.  With `initial`, to which `input`
  /// was fitted already, only the neighbor counts of them are used.  Of `start`, from where the training is to go on,
  /// only the model is looked at: "auto" takes its slots.  A step has `miniBatches`, which the ranks of
  /// `communicator` share out.  Throws `.configuration` for what does not fit
  /// together, `.missingInput` and `.data` for the data.
  public init(
    _ input: TrainingInput, statisticsPath: String?, from initial: InitialModel? = nil,
    goingOnFrom start: RunStart = .scratch, cache: DataCache = DataCache(limit: .max),
    miniBatches: Int = 1, threads: Int,
    communicator: Communicator = .alone
  ) throws {
    self.initial = initial
    self.miniBatches = miniBatches
    self.communicator = communicator
    var cache = cache
    if let checkpoint = start.checkpoint, start.isRestart {
      try input.requireModel(of: checkpoint, at: start.path)
    }
    let fixed = FixedSlots(input, initial, start), request = input.statisticsRequest
    let slotRule = fixed.map { SlotRule.given($0.slots) } ?? request.slotRule
    let systems = try measure(.input) {
      try openSystems(
        at: input.trainingData.systems, cache: &cache, input.trainingData.reading)
    }
    let labeled = try measure(.input) { try request.labeled(systems) }
    let validationSystems = try measure(.input) {
      try TrainingSetup.validationSystems(input, &cache)
    }
    self.cache = cache
    training = try BatchSource(labeled, input.trainingData, .training, of: input)
    validation = try input.validationData.map {
      try BatchSource(validationSystems, $0, .validation, of: input)
    }
    try checkLabels(of: labeled, validation: validationSystems, for: input)
    if communicator.isFirst, let shared = try SharedFrames.find(in: labeled, validationSystems) {
      Notices.post(shared.text)
    }
    tellOfUnlabeled(labeled, validation: validationSystems, for: input)
    allValidation =
      input.validating == nil
      ? []
      : try validationSystems.map {
        try LabeledSystem($0.stored, for: input.model, sortingAtoms: false)
      }
    let statisticsInputs = try measure(.input) { try StatisticsInputs(request, systems: systems) }
    let survey = DataSurveyor(threads: threads, communicator: communicator)
    let statistics = try measure(.statistics) {
      if let statisticsPath {
        let statistics = try readStatistics(at: statisticsPath, for: statisticsInputs)
        try survey.check(statistics, of: labeled, for: request, fixed, path: statisticsPath)
        return statistics
      }
      var request = request
      request.slotRule = slotRule
      return try survey.statistics(request, labeled, fixed, surveyOnly: initial != nil)
    }
    self.survey = statistics.survey
    var resolved = input
    resolved.model.descriptor.slots = fixed?.slots ?? statistics.slots
    self.input = resolved
    fixed?.warnOfUnseenTypes(input, statistics.survey)
    try measure(.statistics) {
      try survey.requireRoom(
        validationSystems, in: resolved.model, from: fixed?.origin ?? .otherData)
    }
    var model: EnergyModel
    if let initial {
      model = try initial.model(for: resolved.model.typeMap, place: input.place)
        .trained(like: resolved.model)
      if initial.purpose == .finetune {
        biasChange = try TrainingSetup.shiftBias(
          of: &model, request, labeled, preset: initial.stored.presetEnergies(of: model.typeMap),
          threads)
      }
      firstModel = model
    } else {
      model = EnergyModel(resolved.model)
      // A checkpoint brings its own; those of other slots do not fit.
      if statistics.slots == resolved.model.descriptor.slots { model.use(statistics) }
    }
    parameterCount = model.parameters.float64.count + model.parameters.float32.count
    model.parameters = Parameters()
    self.model = model
    let steps = input.length.steps(
      batchesPerEpoch: training.batchesPerEpoch, miniBatches: miniBatches)
    rate = try input.learningRate.schedule(totalSteps: steps, place: input.place)
    digests = [
      "configuration": Digest.sha256(Array(input.record.serialized.utf8)),
      "training data": statisticsInputs.dataDigest,
    ]
    if !validationSystems.isEmpty {
      digests["validation data"] = try contentDigest(of: validationSystems.map(\.stored))
    }
    if miniBatches != 1 { digests[RunStart.miniBatchesName] = "\(miniBatches)" }
    if let initial { digests[initial.purpose.rawValue] = initial.digest }
  }

  /// Fits the energy bias of a model that was trained to the frames that statistics see.
  func shiftBias(of model: inout EnergyModel, threads: Int) throws {
    _ = try Self.shiftBias(of: &model, input.statisticsRequest, training.systems, threads)
  }

  /// The smallest distance between atoms that the model was trained on, in Å.
  var minimumDistance: Double? {
    [survey.closest?.distance, initial?.stored.minimumDistance].compactMap(\.self).min()
  }

  /// A trainer at its first step; `patience` is how many validations without a new best it waits.
  public func trainer(threads: Int, patience: Int? = nil) -> Trainer {
    var options = TrainerOptions(
      displayFrequency: input.displayFrequency, saveFrequency: input.saveFrequency,
      validationBatches: input.validationBatches, gradientLimit: input.gradientLimit,
      optimizer: input.seededOptimizer, threads: threads)
    options.miniBatches = miniBatches
    options.rateFactor = input.learningRate.scaling.factor(miniBatches: miniBatches)
    options.batchesPerUpdate = input.batchesPerUpdate
    options.frameMemory = min(options.frameMemory, cache.limit / 8)
    options.averageDecay = input.average?.decay
    options.fullValidation = input.validating?.options(
      totalSteps: rate.totalSteps, patience: patience)
    return Trainer(
      initializedModel(threads: threads),
      loss: .energy(EnergyLoss(input.loss, startLearningRate: rate.start)), rate: rate,
      options: options,
      training: training, validation: validation, allValidation: allValidation,
      communicator: communicator)
  }
}

extension TrainingSetup {
  private static func validationSystems(
    _ input: TrainingInput, _ cache: inout DataCache
  ) throws -> [LabeledSystem] {
    guard let data = input.validationData else { return [] }
    var request = input.statisticsRequest
    request.batchRule = data.batchRule
    return try request.labeled(openSystems(at: data.systems, cache: &cache, data.reading))
  }

  /// Fits the energy bias of `model` to the frames that statistics see.
  private static func shiftBias(
    of model: inout EnergyModel, _ request: StatisticsRequest, _ systems: [LabeledSystem],
    preset: [Double?] = [], _ threads: Int
  ) throws -> BiasChange {
    // Each frame is looked at for types only where they differ from frame to frame.
    let compositions = try systems.map {
      try SystemComposition(of: $0, typeCount: model.typeMap.count)
    }
    return try changeBias(
      of: &model, by: .change, on: systems, frames: request.frames(of: systems, compositions),
      preset: preset, threads: threads)
  }

  /// The model with its first parameters.
  private func initializedModel(threads: Int) -> EnergyModel {
    if let firstModel { return firstModel }
    var model = model
    model.parameters = EnergyModel(input.model).parameters
    // One seed made of those of the two kinds of nets.
    let descriptor = UInt64(bitPattern: Int64(input.descriptorSeed ?? 1))
    let fitting = UInt64(bitPattern: Int64(input.fittingSeed ?? 1))
    model.initialize(seed: descriptor &* 0x9e37_79b9_7f4a_7c15 &+ fitting, threads: threads)
    return model
  }
}

extension BatchSource {
  /// Draws from `systems` as one section of `input` says.
  fileprivate init(
    _ systems: [LabeledSystem], _ options: DataOptions, _ purpose: BatchSampler.Purpose,
    of input: TrainingInput
  ) throws {
    let section = purpose == .training ? "training_data" : "validation_data"
    try self.init(
      systems, rule: options.batchRule, choice: options.choice,
      seed: input.batchSeed, purpose: purpose,
      place: "\(input.place): training/\(section)")
  }
}

extension TrainingInput {
  /// What batches, and atoms that take part in an update, are drawn from.
  fileprivate var batchSeed: UInt64 { UInt64(bitPattern: Int64(trainingSeed ?? 1)) }

  fileprivate var seededOptimizer: OptimizerOptions {
    guard case .kalman(var options) = optimizer else { return optimizer }
    options.seed = batchSeed
    return .kalman(options)
  }
}
