import Datasets
import DeepPotential
import Diagnostics
import Files
import Foundation
import Training

/// The content of an input.json of DeePMD-kit, checked, with defaults in place of missing keys.
///
/// Keys, aliases and defaults are those of DeePMD-kit 3.2; docs/INPUT.md lists them.
public struct TrainingInput: Sendable, Equatable {
  /// The name of the file in messages.
  public let place: String
  /// The document with all keys in their present places, without comments.
  public let document: JSONValue
  /// The model; its numbers of neighbor slots are those in the file, or zeros until `slotRules`
  /// have been applied to the data.
  public var model: ModelOptions
  /// The rules for the numbers of neighbor slots of each of the descriptor's lists.
  public var slotRules: [SlotRule]
  /// Whether the file has numbers of neighbor slots, for each of `slotRules`; if so, a 0 among them
  /// is on purpose.
  public var givesSlots: [Bool]
  /// Number of batches of each system for the statistics (`data_stat_nbatch`).
  public var statisticsBatches: Int
  /// The smallest deviation of frame and atom parameters (`data_stat_protect`).
  public var statisticsProtection: Double
  /// The learning rate.
  public var learningRate: LearningRateOptions
  /// The optimizer.
  public var optimizer: OptimizerOptions
  /// Number of batches whose gradients are averaged for one update (`acc_freq`).
  public var batchesPerUpdate: Int
  /// A longer gradient is shortened to this length; nil for no limit (`gradient_max_norm`).
  public var gradientLimit: Double?
  /// The loss.
  public var loss: LossOptions
  /// The training data.
  public var trainingData: DataOptions
  /// The validation data; nil if there are none.
  public var validationData: DataOptions?
  /// Number of validation batches per line of the learning curve (`numb_btch`).
  public var validationBatches: Int
  /// Full validation; nil if it is off.
  public var validating: ValidatingOptions?
  /// The moving average of the weights; nil if it is off.
  public var average: AverageOptions?
  /// Whether the energy bias is fitted to the training data after the last step
  /// (`change_bias_after_training`).
  public var changesBiasAtEnd: Bool
  /// The files for TensorBoard (`tensorboard`); nil if they are off.
  public var tensorBoard: TensorBoardOptions?
  /// The length of the training.
  public var length: TrainingLength
  /// Seeds of the embedding nets of the descriptor, or of each part of a hybrid (`seed`).
  public var descriptorSeeds: [Int?]
  /// Seeds of the fitting nets but the first, of a model that adds up several.
  public var otherFittingSeeds: [Int?]
  /// Seeds of the fitting nets and the batches (`seed` in two more places).
  public var fittingSeed: Int?, trainingSeed: Int?
  /// File name of the learning curve, and number of steps between its lines (`disp_file`,
  /// `disp_freq`).
  public var curveFile: String, displayFrequency: Int
  /// Number of steps between checkpoints, the beginning of their names, and the number of
  /// checkpoints that are kept (`save_freq`, `save_ckpt`, `max_ckpt_keep`).
  public var saveFrequency: Int, checkpointName: String, checkpointsKept: Int

  /// Reads the file at `path`; `steps` and `seed` replace those in the file unless they are nil.
  ///
  /// If the file has no type map, that of the systems at `data` is taken, by default that of the
  /// training data, whose relative paths begin in `folder`.  Throws `.missingInput`, or all errors
  /// in the file at once as `.configuration`; for a missing type map also the errors of opening the
  /// data.
  public init(
    contentsOf path: String, data: [String] = [], in folder: String = "", steps: Int? = nil,
    seed: Int? = nil
  ) throws {
    let document = try Self.document(at: path)
      .withTypeMap(of: data, in: folder, place: path)
    try self.init(document, place: path, steps: steps, seed: seed)
  }

  /// Reads the document in the file at `path`; throws `.missingInput` or `.configuration`.
  package static func document(at path: String) throws -> JSONValue {
    guard let text = FileManager.default.contents(atPath: path) else {
      throw ToolError(
        .missingInput, at: path, "cannot be read: no such file, or no permission",
        remedy: "give the input.json of a DeePMD-kit training")
    }
    return try document(text, place: path)
  }

  /// Reads `text`, which messages call `place`; throws all errors at once as `.configuration`.
  public init(_ text: Data, place: String, steps: Int? = nil, seed: Int? = nil) throws {
    try self.init(Self.document(text, place: place), place: place, steps: steps, seed: seed)
  }

  private static func document(_ text: Data, place: String) throws -> JSONValue {
    try JSONValue(parsing: text, at: place, kind: .configuration, allowingComments: true)
  }

  /// Reads `document`, which messages call `place`; throws all errors at once as `.configuration`.
  public init(
    _ document: JSONValue, place: String, steps: Int? = nil, seed: Int? = nil
  ) throws {
    let current = try modernized(document.withoutComments, place: place)
      .overriding(steps: steps, seed: seed)
    self.place = place
    self.document = current
    let problems = ConfigurationProblems(place: place)
    let root = ConfigurationSection(current, path: "", problems: problems)
    if root.has("nvnmd") {
      throw ToolError(
        .configuration, at: "\(place): nvnmd",
        "trains nets for NVNMD's hardware, which is not supported")
    }
    let model = ModelSection(root.section("model", isRequired: true))
    let rate = readLearningRate(root.section("learning_rate", isRequired: true))
    let output = model.options?.fitting.output ?? model.fittingKind
    let loss = readLoss(root.section("loss"), of: output)
    let optimizer = readOptimizer(root.section("optimizer"))
    let training = TrainingSection(root.section("training", isRequired: true))
    let validating = readValidating(root.section("validating"), averages: training.average != nil)
    validating?.check(
      with: loss, hasValidationData: training.validationData != nil, curveFile: training.curveFile,
      problems)
    root.finish()
    if training.changesBiasAtEnd && output != .energy {
      problems.add(
        "training/change_bias_after_training",
        "is for energies, and the fitting net is of type \"\(output.type)\"", remedy: "remove it")
    }
    if case .kalman = optimizer { training.refuseOptions(withKalman: problems, of: output) }
    try problems.throwIfAny()
    guard let options = model.options, let rate, let length = training.length,
      let data = training.trainingData
    else { throw ToolError(.software, at: place, "an unreadable value was not reported") }
    self.model = options
    slotRules = model.parts.flatMap(\.slotRules)
    givesSlots = slotRules.map { if case .given = $0 { true } else { false } }
    statisticsBatches = model.statisticsBatches
    statisticsProtection = model.statisticsProtection
    descriptorSeeds = model.parts.map(\.seed)
    otherFittingSeeds = model.seedsOfOtherFittings
    fittingSeed = model.fittingSeed
    learningRate = rate
    self.optimizer = optimizer
    batchesPerUpdate = training.batchesPerUpdate
    self.loss = loss
    trainingData = data
    trainingData.reading.needed = model.neededLabels(loss, validating)
    self.length = length
    validationData = training.validationData
    validationData?.reading.needed = trainingData.reading.needed
    validationBatches = training.validationBatches
    self.validating = validating
    average = training.average
    changesBiasAtEnd = training.changesBiasAtEnd
    tensorBoard = training.tensorBoard
    trainingSeed = training.seed
    gradientLimit = training.gradientLimit
    curveFile = training.curveFile
    displayFrequency = training.displayFrequency
    saveFrequency = training.saveFrequency
    checkpointName = training.checkpointName
    checkpointsKept = training.checkpointsKept
  }
}

/// The paths of training or validation data, and the rules that make batches of the data.
public struct DataOptions: Sendable, Equatable {
  /// Paths of systems, or of folders and files that have systems, as written (`systems`).
  public var systems: [String]
  /// The number of frames per batch (`batch_size`).
  public var batchRule: BatchRule
  /// The probability of each system (`auto_prob`, `sys_probs`).
  public var choice: SystemChoice
  /// Facts that the files do not state (`labels`, `units`).
  public var reading = ReadingOptions()
}

/// The length of a training.
public enum TrainingLength: Sendable, Equatable {
  /// Number of steps (`numb_steps`).
  case steps(Int)
  /// Number of passes through the data (`numb_epoch`).
  case epochs(Double)

  /// The number of steps if an epoch has `batchesPerEpoch` batches and each step takes
  /// `miniBatches` of them.
  public func steps(batchesPerEpoch: Double, miniBatches: Int = 1) -> Int {
    switch self {
    case .steps(let count): return count
    case .epochs(let count):
      let steps = count * batchesPerEpoch / Double(miniBatches)
      return max(1, Int(min(steps, 1e12).rounded(.up)))
    }
  }
}
