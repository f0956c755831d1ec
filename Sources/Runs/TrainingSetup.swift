import Atoms
import Communication
import Configuration
import Datasets
import DeepPotential
import Diagnostics
import Files
import Kernels
import Measurement
import Models
import Training

/// Everything from which a training of one task starts, read and checked.
public struct TrainingSetup {
  /// The configuration, with the neighbor slots that follow from the data.
  public let input: TrainingInput
  /// The model with its statistics but without parameters; the trainer has those.
  public internal(set) var model: EnergyModel
  /// The statistics of the training data; without those of rows and labels if there is an initial
  /// model.
  let statistics: ModelStatistics
  /// Number of the model's parameters.
  public let parameterCount: Int
  /// The survey of neighbors in the training data.
  public let survey: NeighborSurvey
  /// The count of data in memory.
  public let cache: DataCache
  /// The systems from which batches are drawn.
  public let training: BatchSource, validation: BatchSource?
  /// The systems for full validation, with atoms in the order of the data.
  public let allValidation: [LabeledSystem]
  /// The learning rate of every step.
  public let rate: LearningRate
  /// The ranks that train together, and the mini-batches of a step over all ranks.
  public let communicator: Communicator, miniBatches: Int
  /// The SHA-256 of each input that decides the results, by name.
  public private(set) var digests: [String: String]
  /// The model from which the training starts; nil if it starts from random numbers.
  public let initial: InitialModel?
  /// The change of the energy bias by fine-tuning.
  public private(set) var biasChange: BiasChange?
  /// The model from which the training starts, adapted to this training.
  private var firstModel: EnergyModel?

  /// Reads the files that `input` names, and prepares the model.
  ///
  /// `statisticsPath` is a file of dp-stat; without it, statistics are computed.  Data for which
  /// `cache` has no room are read from the disk each time.  If there is an `initial` model, to
  /// which `input` must have been fitted, only the neighbor counts of the statistics are used.  Of
  /// `start` only the model is used here: "auto" takes its slots.  A step has `miniBatches`
  /// mini-batches, which the ranks of `communicator` share out.  Throws `.configuration` for
  /// contradictory settings, `.missingInput` and `.data` for the data.
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
    let slotRules = fixed.map { $0.slots.map(SlotRule.given) } ?? request.slotRules
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
        try LabeledSystem($0.source, for: input.model, sortingAtoms: false)
      }
    let statisticsInputs = try measure(.input) { try StatisticsInputs(request, systems: systems) }
    if let notice = input.model.output.forceNotice { Notices.post("\(input.place): \(notice)") }
    let isOther = initial?.givesDescriptorOnly(to: input.model) ?? false
    let survey = DataSurveyor(threads: threads, communicator: communicator)
    let statistics = try measure(.statistics) {
      if let statisticsPath {
        let statistics = try readStatistics(at: statisticsPath, for: statisticsInputs)
        try survey.check(statistics, of: labeled, for: request, fixed, path: statisticsPath)
        return statistics
      }
      var request = request
      request.slotRules = slotRules
      return try survey.statistics(request, labeled, fixed, surveyOnly: initial != nil && !isOther)
    }
    self.survey = statistics.survey
    self.statistics = statistics
    var resolved = input
    resolved.model.descriptor.setSlots(fixed?.slots ?? statistics.slots)
    if let checkpoint = start.checkpoint {
      resolved.model.descriptor.takeTables(of: checkpoint.model.model.descriptor.options)
    }
    self.input = resolved
    fixed?.warnOfUnseenTypes(input, statistics.survey)
    try measure(.statistics) {
      try survey.requireRoom(
        validationSystems, in: resolved.model, from: fixed?.origin ?? .otherData)
    }
    var model: EnergyModel
    if let initial, isOther {
      model = resolved.firstModel(statistics, threads: threads)
      model.takeDescriptor(of: try initial.model(for: model.typeMap, place: input.place))
      firstModel = model
    } else if let initial {
      model = try initial.model(for: resolved.model.typeMap, place: input.place)
        .trained(like: resolved.model)
      if initial.purpose == .finetune && !initial.keepsBias && model.output.hasValues {
        biasChange = try TrainingSetup.shiftBias(
          of: &model, request, labeled, preset: initial.stored.presetEnergies(of: model.typeMap),
          threads)
      }
      firstModel = model
    } else {
      model = resolved.newModel(statistics)
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
      digests["validation data"] = try contentDigest(of: validationSystems.map(\.source))
    }
    for potential in input.model.pairPotentials {
      digests["table of pair energies"] = potential.table.digest
    }
    if miniBatches != 1 { digests[RunStart.miniBatchesName] = "\(miniBatches)" }
    if let initial {
      digests[initial.purpose.rawValue] =
        initial.digest + (initial.hasNewFitting ? ", new fitting nets" : "")
    }
  }

  /// Fits the energy bias of a trained model to the sampled frames.
  func shiftBias(of model: inout EnergyModel, threads: Int) throws {
    _ = try Self.shiftBias(of: &model, input.statisticsRequest, training.systems, threads)
  }

  /// The smallest distance between atoms in the training data, in Å.
  var minimumDistance: Double? {
    [survey.closest?.distance, initial?.stored.minimumDistance].compactMap(\.self).min()
  }

  /// A trainer at its first step; its training ends after `patience` full validations without a new
  /// best one.
  public func trainer(threads: Int, patience: Int? = nil) -> Trainer {
    Trainer(
      [task(named: "", probability: 1, initializedModel(threads: threads))], rate: rate,
      options: options(threads: threads, totalSteps: rate.totalSteps, patience: patience),
      allValidation: allValidation, communicator: communicator)
  }

  /// The task for a trainer; `model` is the model with its initial parameters.
  func task(named name: String, probability: Double, _ model: EnergyModel) -> TrainingTask {
    var task = TrainingTask(
      name: name, model: model,
      loss: input.loss.loss(
        of: model.output, deviations: model.outputDeviation, startLearningRate: rate.start),
      training: training, validation: validation, validationBatches: input.validationBatches,
      probability: probability)
    task.damage = input.loss.damage
    return task
  }

  /// The options of a trainer that does `totalSteps` steps.
  func options(threads: Int, totalSteps: Int, patience: Int?) -> TrainerOptions {
    var options = TrainerOptions(
      displayFrequency: input.displayFrequency, saveFrequency: input.saveFrequency,
      validationBatches: input.validationBatches, gradientLimit: input.gradientLimit,
      optimizer: input.seededOptimizer, threads: threads)
    options.miniBatches = miniBatches
    options.rateFactor = input.learningRate.scaling.factor(miniBatches: miniBatches)
    options.batchesPerUpdate = input.batchesPerUpdate
    options.frameMemory = min(options.frameMemory, cache.limit / 8)
    options.averageDecay = input.average?.decay
    options.fullValidation = input.validating?.options(totalSteps: totalSteps, patience: patience)
    options.taskSeed = input.batchSeed
    return options
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

  /// Fits the energy bias of `model` to the sampled frames.
  private static func shiftBias(
    of model: inout EnergyModel, _ request: StatisticsRequest, _ systems: [LabeledSystem],
    preset: [Double?] = [], _ threads: Int
  ) throws -> BiasChange {
    // Types are read from each frame only if they differ from frame to frame.
    let compositions = try systems.map {
      try SystemComposition(of: $0, typeCount: model.typeMap.count)
    }
    return try changeBias(
      of: &model, by: .change, on: systems, frames: request.frames(of: systems, compositions),
      preset: preset, threads: threads)
  }

  /// The model with its initial parameters.
  func initializedModel(threads: Int) -> EnergyModel {
    if let firstModel { return firstModel }
    var model = model
    model.parameters = EnergyModel(input.model).parameters
    model.initialize(seed: input.parameterSeed, threads: threads)
    return model
  }
}

extension BatchSource {
  /// Draws from `systems` as the training or the validation data of `input` say.
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
  /// A model without parameters, with `statistics`.
  fileprivate func newModel(_ statistics: ModelStatistics) -> EnergyModel {
    var model = EnergyModel(self.model)
    // A checkpoint brings its own statistics; statistics for other slots do not fit the model.
    if statistics.slots == self.model.descriptor.listSlots { model.use(statistics) }
    return model
  }

  /// The same with its initial parameters.
  fileprivate func firstModel(_ statistics: ModelStatistics, threads: Int) -> EnergyModel {
    var model = newModel(statistics)
    model.initialize(seed: parameterSeed, threads: threads)
    return model
  }

  /// The seeds of descriptors and fitting nets, combined into one.
  fileprivate var parameterSeed: UInt64 {
    (descriptorSeeds + [fittingSeed] + otherFittingSeeds).reduce(0 as UInt64) {
      $0 &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(bitPattern: Int64($1 ?? 1))
    }
  }

  /// The seed for batches, and for the atoms in an update of the Kalman filter.
  fileprivate var batchSeed: UInt64 { UInt64(bitPattern: Int64(trainingSeed ?? 1)) }

  fileprivate var seededOptimizer: OptimizerOptions {
    guard case .kalman(var options) = optimizer else { return optimizer }
    options.seed = batchSeed
    return .kalman(options)
  }
}
