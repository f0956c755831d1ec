import Configuration
import Diagnostics
import Files
import ForeignModels
import Models

/// Where a training takes the models from that it starts from.
public struct ModelSource {
  /// The path of a model file, a checkpoint or a run folder.
  public let path: String
  /// What is done with them.
  public let purpose: InitialModel.Purpose
  /// The model that is named on the command line (`--model-branch`); nil if none is.
  public let branch: String?
  /// Whether averaged weights are taken, and whether descriptor and fitting net come from there,
  /// not from the input (`--use-pretrain-script`).
  public let isAveraged: Bool, givesScript: Bool
  private let warn: (String) -> Void

  /// DeePMD-kit's word in place of a name for new fitting nets.
  public static let newFitting = "RANDOM"
  /// DeePMD-kit's name of the only model in a file.
  private static let onlyModel = "Default"

  /// Makes a source; `warn` receives messages about damaged checkpoints that were passed over.
  public init(
    path: String, purpose: InitialModel.Purpose, branch: String?, isAveraged: Bool,
    givesScript: Bool, warn: @escaping (String) -> Void
  ) {
    (self.path, self.purpose, self.branch) = (path, purpose, branch)
    (self.isAveraged, self.givesScript, self.warn) = (isAveraged, givesScript, warn)
  }

  /// The model of the task that the command line, or else the input (`head`), names.
  ///
  /// Throws the errors of reading.
  func model(head: String?) throws -> InitialModel {
    let name = branch ?? (purpose == .finetune ? head : nil)
    return try model(named: name == Self.onlyModel && isSingle ? nil : name)
  }

  /// The model that task `task` of several starts from.
  ///
  /// A start takes that of the same name.  A fine-tuning takes the `head` that the input names; if
  /// it names none, that of the same name with its bias; and if there is none, the descriptor
  /// alone. Throws the errors of reading. Source: DeePMD-kit's `FinetuneRuleBuilder`.
  func model(of task: String, head: String?) throws -> InitialModel {
    if purpose == .start {
      if isSingle {
        throw ToolError(
          .configuration, at: path, "holds one model, and there are several tasks",
          remedy: "write \"finetune_head\": \"\(Self.onlyModel)\" in each of model_dict and give "
            + "--finetune")
      }
      return try model(named: task)
    }
    if let head { return try model(head: head) }
    let known = try modelBranches(at: path)
    return known.contains(task)
      ? try model(named: task, keepingBias: true) : try model(named: Self.newFitting)
  }

  private var isSingle: Bool { (try? modelBranches(at: path).isEmpty) ?? true }

  private func model(named name: String?, keepingBias: Bool = false) throws -> InitialModel {
    let isNew = name == Self.newFitting
    var choice = ModelChoice(branch: isNew ? nil : name, isAveraged: isAveraged)
    choice.takesAny = isNew
    return try InitialModel(
      at: path, for: purpose, choice, withNewFitting: isNew, keepingBias: keepingBias, warn: warn)
  }
}

extension TaskInputs {
  /// Reads the file at `path`, with one task or several, and the models that they start from, one
  /// for each task or none.
  ///
  /// `steps` and `seed` replace those in the file.  Throws the errors of reading the file and the
  /// models, all of the tasks at once, and `.configuration` for differences between a model and
  /// what the file says.
  public static func read(
    _ path: String, from source: ModelSource?, steps: Int? = nil, seed: Int? = nil
  ) throws -> (inputs: TaskInputs, initial: [InitialModel]) {
    let document = try TrainingInput.document(at: path)
    guard let tasks = try TaskDocuments(document, place: path, steps: steps, seed: seed) else {
      let initial = try source?.model(head: document["model"]?["finetune_head"]?.text)
      let input = try TrainingInput(
        contentsOf: path, from: initial, usingItsScript: source?.givesScript ?? false,
        steps: steps, seed: seed)
      return (TaskInputs(input), initial.map { [$0] } ?? [])
    }
    if let branch = source?.branch {
      throw ToolError(
        .usage, at: "--model-branch \(branch)", "does not go with an input of several tasks",
        remedy: "write \"finetune_head\" in each of model_dict")
    }
    guard let source else { return (try TaskInputs(tasks, place: path), []) }
    let places = tasks.names.map { place(of: $0, in: path) }
    let read = try collectingErrors(Array(places.indices)) { number in
      let initial = try source.model(of: tasks.names[number], head: tasks.heads[number])
      let input = try TrainingInput(
        tasks.documents[number], place: places[number], from: initial,
        usingItsScript: source.givesScript)
      return (input, initial)
    }
    return (TaskInputs(tasks, read.map(\.0), place: path), read.map(\.1))
  }
}
