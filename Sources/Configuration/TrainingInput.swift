import Datasets
import DeepPotential
import Diagnostics
import Files
import Foundation
import Training

/// What an input.json of DeePMD-kit says, checked and with defaults filled in.
///
/// Keys, aliases and defaults are those of DeePMD-kit 3.2; docs/INPUT.md lists them.
public struct TrainingInput: Sendable, Equatable {
  /// What stands for the file in messages.
  public let place: String
  /// The document that was read, in its present form and without comments.
  public let document: JSONValue
  /// The model; its neighbor slots are those of `slotRules`, or zeros until data have been seen.
  public var model: ModelOptions
  /// Where the neighbor slots of the descriptor, or of each part of a hybrid, come from.
  public var slotRules: [SlotRule]
  /// Whether the file gives the neighbor slots of each as numbers; a 0 among them is meant.
  public var givesSlots: [Bool]
  /// Batches of each system that the statistics see (`data_stat_nbatch`).
  public var statisticsBatches: Int
  /// Least deviation of the statistics (`data_stat_protect`).
  public var statisticsProtection: Double
  /// The learning rate.
  public var learningRate: LearningRateOptions
  /// The optimizer.
  public var optimizer: OptimizerOptions
  /// Batches whose gradients are averaged for one update (`acc_freq`).
  public var batchesPerUpdate: Int
  /// Gradients longer than this are shortened to it (`gradient_max_norm`).
  public var gradientLimit: Double?
  /// The loss.
  public var loss: EnergyLossOptions
  /// Training data.
  public var trainingData: DataOptions
  /// Validation data.
  public var validationData: DataOptions?
  /// Validation batches per line of the learning curve (`numb_btch`).
  public var validationBatches: Int
  /// Full validation.
  public var validating: ValidatingOptions?
  /// The moving average of the weights.
  public var average: AverageOptions?
  /// Whether the energy bias is fitted to the training data after the last step
  /// (`change_bias_after_training`).
  public var changesBiasAtEnd: Bool
  /// What TensorBoard is shown (`tensorboard`); nil for nothing.
  public var tensorBoard: TensorBoardOptions?
  /// How long to train.
  public var length: TrainingLength
  /// Seeds of the descriptor, or of each part of a hybrid (`seed`).
  public var descriptorSeeds: [Int?]
  /// Seeds of the fitting nets and the batches (`seed` in two more places).
  public var fittingSeed: Int?, trainingSeed: Int?
  /// Learning curve: file name and steps between lines (`disp_file`, `disp_freq`).
  public var curveFile: String, displayFrequency: Int
  /// Checkpoints: steps between them, name and how many are kept (`save_freq`, `save_ckpt`,
  /// `max_ckpt_keep`).
  public var saveFrequency: Int, checkpointName: String, checkpointsKept: Int

  /// Reads the file at `path`; a number of steps or a seed given here counts instead of the file's.
  ///
  /// Without a type map it takes that of `data`, by default of the training data, whose relative
  /// paths begin in `folder`.  Throws `.missingInput`, or all problems at once as `.configuration`.
  public init(
    contentsOf path: String, data: [String] = [], in folder: String = "", steps: Int? = nil,
    seed: Int? = nil
  ) throws {
    let document = try Self.document(at: path)
      .withTypeMap(of: data, in: folder, place: path)
    try self.init(document, place: path, steps: steps, seed: seed)
  }

  /// The document in the file at `path`.
  package static func document(at path: String) throws -> JSONValue {
    guard let text = FileManager.default.contents(atPath: path) else {
      throw ToolError(
        .missingInput, at: path, "cannot be read: no such file, or no permission",
        remedy: "give the input.json of a DeePMD-kit training")
    }
    return try document(text, place: path)
  }

  /// Reads `text`; `place` stands for it in messages.
  public init(_ text: Data, place: String, steps: Int? = nil, seed: Int? = nil) throws {
    try self.init(Self.document(text, place: place), place: place, steps: steps, seed: seed)
  }

  private static func document(_ text: Data, place: String) throws -> JSONValue {
    try JSONValue(parsing: text, at: place, kind: .configuration, allowingComments: true)
  }

  /// Reads a document.
  public init(
    _ document: JSONValue, place: String, steps: Int? = nil, seed: Int? = nil
  ) throws {
    let current = try modernized(document.withoutComments, place: place)
      .overriding(steps: steps, seed: seed)
    self.place = place
    self.document = current
    let problems = ConfigurationProblems(place: place)
    let root = ConfigurationSection(current, path: "", problems: problems)
    let model = ModelSection(root.section("model", isRequired: true))
    let rate = readLearningRate(root.section("learning_rate", isRequired: true))
    let loss = readEnergyLoss(root.section("loss"))
    let optimizer = readOptimizer(root.section("optimizer"))
    let training = TrainingSection(root.section("training", isRequired: true))
    let validating = readValidating(root.section("validating"), averages: training.average != nil)
    validating?.check(
      with: loss, hasValidationData: training.validationData != nil, curveFile: training.curveFile,
      problems)
    root.refuse("nvnmd")
    root.finish()
    if case .kalman = optimizer { training.refuseOptions(withKalman: problems) }
    try problems.throwIfAny()
    guard let options = model.options, let rate, let length = training.length,
      let data = training.trainingData
    else { throw ToolError(.software, at: place, "an unreadable value was not reported") }
    self.model = options
    slotRules = model.parts.map(\.slotRule)
    givesSlots = slotRules.map { if case .given = $0 { true } else { false } }
    statisticsBatches = model.statisticsBatches
    statisticsProtection = model.statisticsProtection
    descriptorSeeds = model.parts.map(\.seed)
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

/// Where a training's data are and how batches are made of them.
public struct DataOptions: Sendable, Equatable {
  /// Systems, or folders and files that hold systems, as written (`systems`).
  public var systems: [String]
  /// Frames per batch (`batch_size`).
  public var batchRule: BatchRule
  /// How likely each system is (`auto_prob`, `sys_probs`).
  public var choice: SystemChoice
  /// What the files do not say (`labels`, `units`).
  public var reading = ReadingOptions()
}

/// How long to train.
public enum TrainingLength: Sendable, Equatable {
  /// So many steps (`numb_steps`).
  case steps(Int)
  /// So many passes through the data (`numb_epoch`).
  case epochs(Double)

  /// The number of steps, of so many mini-batches each, where an epoch has so many batches.
  public func steps(batchesPerEpoch: Double, miniBatches: Int = 1) -> Int {
    switch self {
    case .steps(let count): return count
    case .epochs(let count):
      let steps = count * batchesPerEpoch / Double(miniBatches)
      return max(1, Int(min(steps, 1e12).rounded(.up)))
    }
  }
}
