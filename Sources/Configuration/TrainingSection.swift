import DeepPotential
import Diagnostics
import Files

/// The keys of `training` for the length of the training, in steps or epochs; in each list the
/// usual name comes first.
package let lengthKeys = (
  steps: ["numb_steps", "stop_batch", "num_step", "num_steps", "numb_step"],
  epochs: ["numb_epoch", "num_epochs", "num_epoch", "numb_epochs"]
)

/// The `training` section of a configuration.
struct TrainingSection {
  private(set) var trainingData: DataOptions?
  private(set) var validationData: DataOptions?
  private(set) var validationBatches = 1
  private(set) var length: TrainingLength?
  let seed: Int?
  let curveFile: String, displayFrequency: Int
  let saveFrequency: Int, checkpointName: String, checkpointsKept: Int
  let gradientLimit: Double?, batchesPerUpdate: Int
  let average: AverageOptions?
  let changesBiasAtEnd: Bool
  let tensorBoard: TensorBoardOptions?

  init(_ section: ConfigurationSection) {
    seed = section.optional("seed", .integer)
    curveFile = section.read("disp_file", .fileName, default: "lcurve.out")
    displayFrequency = section.read("disp_freq", .steps, default: 1000)
    saveFrequency = section.read("save_freq", .steps, default: 1000)
    checkpointName = section.read("save_ckpt", .fileName, default: "model.ckpt")
    checkpointsKept = section.read("max_ckpt_keep", .positiveInteger, default: 5)
    let limit = section.read("gradient_max_norm", .nonNegative, default: 0)
    gradientLimit = limit > 0 ? limit : nil
    batchesPerUpdate = section.read("acc_freq", .positiveInteger, default: 1)
    let averages = section.read("enable_ema", .bool, default: false)
    let decay = section.read(
      "ema_decay", .number.whereIs("a number from 0 to below 1") { $0 >= 0 && $0 < 1 },
      default: 0.999)
    let kept = section.optional("ema_ckpt_keep", .positiveInteger) ?? checkpointsKept
    average = averages ? AverageOptions(decay: decay, checkpointsKept: kept) : nil
    changesBiasAtEnd = section.read("change_bias_after_training", .bool, default: false)
    tensorBoard = TrainingSection.readTensorBoard(section)
    length = TrainingSection.readLength(section)
    TrainingSection.refuseOthers(section)
    for key in ["data_dict", "model_prob", "num_epoch_dict"] {
      section.refuse(key, remedy: "it goes with model/model_dict, for several tasks")
    }
    let training = section.section("training_data", isRequired: !section.has("data_dict"))
    training.refuse(
      "min_pair_dist", unless: .integer(0),
      remedy: "take such frames out of the data; dp-stat finds them")
    trainingData = readData(training)
    if let found = section.find("validation_data"), found.value != .null {
      let validation = section.section("validation_data")
      validationBatches = validation.read(
        "numb_btch", or: ["numb_batch"], .size(from: 1), default: 1)
      validationData = readData(validation)
    }
    section.finish()
  }

  /// Records options that the Kalman optimizer does not support.
  func refuseOptions(withKalman problems: ConfigurationProblems, of output: Output) {
    if output != .energy {
      problems.add(
        "optimizer/type", "\"LKF\" trains energies and their derivatives, not \"\(output.type)\"",
        remedy: "use \"Adam\"")
    }
    if case .mixed = trainingData?.batchRule {
      problems.add(
        "training/training_data/batch_size",
        "does not apply to \"LKF\", which compares the same atoms of all frames of a batch",
        remedy: "use another rule than \"mixed:N\"")
    }
    if gradientLimit != nil {
      problems.add("training/gradient_max_norm", "does not apply to \"LKF\"", remedy: "remove it")
    }
    if batchesPerUpdate > 1 {
      problems.add("training/acc_freq", "does not apply to \"LKF\"", remedy: "remove it")
    }
  }

  private static func readLength(_ section: ConfigurationSection) -> TrainingLength? {
    let steps = section.optional(
      lengthKeys.steps[0], or: Array(lengthKeys.steps.dropFirst()), .trainingSteps)
    let epochs = section.optional(
      lengthKeys.epochs[0], or: Array(lengthKeys.epochs.dropFirst()),
      .number.whereIs("a number above 0, up to 10^6") { $0 > 0 && $0 <= 1e6 })
    if steps != nil && epochs != nil {
      section.report(
        lengthKeys.epochs[0], "excludes \(lengthKeys.steps[0]), which is there too",
        remedy: "remove one")
    }
    if !(lengthKeys.steps + lengthKeys.epochs).contains(where: section.has) {
      _ = section.require(lengthKeys.steps[0], ValueKind.integer)
    }
    return steps.map(TrainingLength.steps) ?? epochs.map(TrainingLength.epochs)
  }

  private static func readTensorBoard(_ section: ConfigurationSection) -> TensorBoardOptions? {
    let folder = "tensorboard_log_dir", frequency = "tensorboard_freq"
    guard section.read("tensorboard", .bool, default: false) else {
      section.accept(folder, frequency)
      return nil
    }
    return TensorBoardOptions(
      folder: section.read(folder, .folderName, default: "log"),
      frequency: section.read(frequency, .steps, default: 1))
  }

  /// Accepts DeePMD-kit's keys that change nothing in this program, and refuses those that this
  /// program does not support.
  private static func refuseOthers(_ section: ConfigurationSection) {
    section.accept(
      "disp_training", "time_training", "profiling_file", "neighbor_graph_method",
      "enable_compile", "enable_tf32", "numb_test")
    for name in ["profiling", "enable_profiler"] {
      section.refuse(name, unless: .bool(false))
    }
    if section.read("disp_avg", .bool, default: false) {
      Notices.post(
        "\(section.path(of: "disp_avg")): is not used, the curve shows the error of a step's batch")
    }
    // It says where an optimizer's numbers are kept, and changes none of them.
    section.accept("zero_stage")
    section.refuse(
      "save_dir", unless: .null,
      remedy: hint(
        "give the run folder with --output",
        dp: "dp train writes in the present folder: go to another"))
    section.refuse("ckpt_keep_ratio", unless: .null)
    // The file is a cache of statistics, which this program computes or reads from --statistics.
    section.accept("stat_file")
    section.refuse(
      "stat_file_mode", unless: .string("update"),
      remedy: hint(
        "give statistics with --statistics", dp: "remove it: dp train computes them from the data"))
    section.refuse("mixed_precision", remedy: "set the precision of the nets to \"float32\"")
  }
}

/// The options for the files that TensorBoard shows.
public struct TensorBoardOptions: Sendable, Equatable {
  /// The folder of the files inside the run folder (`tensorboard_log_dir`).
  public var folder: String
  /// Number of steps between entries (`tensorboard_freq`).
  public var frequency: Int
}

/// Reads `training_data` or `validation_data` and records its errors; nil if `systems` is missing
/// or wrong.
private func readData(_ section: ConfigurationSection) -> DataOptions? {
  let systems = section.require(
    "systems", .systems, remedy: "list the folders or HDF5 files of the data")
  let rule = section.read("batch_size", .batchRule, default: .atLeast(atoms: 32))
  var choice = section.read(
    "auto_prob", or: ["auto_prob_style"], .systemChoice, default: .byBatches)
  if let given = section.optional(
    "sys_probs", or: ["sys_weights"], ValueKind.number.list("a list of numbers, one per system"))
  {
    choice = .given(given)
  }
  section.refuse("rglob_patterns", unless: .null)
  // Only very old data have other names for the folders of sets.
  section.refuse("set_prefix", unless: .string("set"))
  let reading = readReading(section)
  section.finish()
  return systems.map {
    DataOptions(systems: $0, batchRule: rule, choice: choice, reading: reading)
  }
}
