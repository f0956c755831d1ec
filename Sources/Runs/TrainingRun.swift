import Configuration
import DeepPotential
import Diagnostics
import Foundation
import Kernels
import Logs
import Measurement
import Models
import Training

/// A log that a training writes to.
public protocol TrainingLog {
  /// Adds a completed step.
  func add(_ report: StepReport) throws
  /// Adds a full validation, with a report for each kind of weights.
  func add(_ reports: [ValidationReport]) throws
  /// Waits until all entries are on the disk; called before a checkpoint is written.
  func flush() throws
}

/// A training in its run folder: its start, its checkpoints and its logs.
///
/// The folder holds the learning curve and checkpoints.  A run continues from the newest checkpoint
/// if no setting that decides the results has changed; it then gives the same bytes as a run
/// without interruption.  Only the first rank writes.
public final class TrainingRun {
  /// The trainer of the model.
  public let trainer: Trainer
  /// The learning curve that is written.
  public let curve: LearningCurve
  /// The number of steps before this run.
  public let firstStep: Int
  private let setup: RunSetup
  private let folder: RunFolder
  /// The files that this rank writes; nil on ranks other than the first.
  private let files: RunFiles?
  private let threads: Int

  /// Prepares a run in the folder at `path` that begins at `start`.
  ///
  /// If the user named the checkpoint, the configuration may differ in settings that do not define
  /// the model; a warning tells so.  The training ends after `patience` full validations without a
  /// new best one.  `newestAs` gives the newest checkpoint further names, with these endings.
  /// Throws the errors of reading and writing, and `.cannotCreate` if the folder holds another
  /// training.
  public init(
    _ setup: RunSetup, in path: String, newestAs aliases: [String] = [],
    from start: RunStart = .scratch, patience: Int? = nil, threads: Int,
    provenance: [String: String] = [:], warn: (String) -> Void
  ) throws {
    self.setup = setup
    self.threads = threads
    folder = RunFolder(path, name: setup.inputs.first.checkpointName)
    trainer = setup.trainer(threads: threads, patience: patience)
    if let checkpoint = start.checkpoint {
      try setup.require(checkpoint, of: start, in: path, warn: warn)
      if let change = changedKernels(from: checkpoint.model.provenance, to: provenance) {
        warn("\(start.path): \(change)")
      }
      try trainer.resume(setup.models(of: checkpoint), from: checkpoint.state)
    }
    firstStep = trainer.step
    curve = LearningCurve(
      trainer.errorColumns.map {
        LearningCurve.Column(name: $0.name, task: $0.task, hasValidation: $0.hasValidation)
      })
    files =
      setup.first.communicator.isFirst
      ? try RunFiles(
        setup, in: path, newestAs: aliases, from: start, curve: curve,
        validation: trainer.validation, threads: threads, provenance: provenance, warn: warn)
      : nil
  }

  /// The checkpoint after the last step.
  public var lastCheckpoint: String { folder.checkpoint(after: trainer.step) }

  /// The best model so far: its checkpoint, and its metric in words; nil without full validation.
  public var best: (path: String, metric: String)? {
    files?.best(of: trainer.validation)
  }

  /// Trains until all steps are done, full validation runs out of patience, or `shouldStop` is true
  /// after a step.
  ///
  /// `log` is a log of the caller; it is written before each checkpoint that counts on it.
  public func run(
    log: (any TrainingLog)? = nil, progress: @escaping (StepReport) -> Void,
    shouldStop: @escaping (_ step: Int) -> Bool
  ) throws -> TrainingEnd {
    try trainer.run(
      TrainingEvents(
        stepped: { [files] report in
          try measure(.output) {
            try files?.add(report)
            try log?.add(report)
          }
        },
        checkpoint: { [files] models, state in
          try measure(.output) {
            try log?.flush()
            try files?.save(models, state)
          }
        },
        validated: { [files] reports, state in
          try measure(.output) {
            try log?.add(reports)
            try files?.save(reports, state)
          }
        },
        finish: { [setup, threads] model, task in
          if setup.inputs.first.changesBiasAtEnd {
            try setup.tasks[task].shiftBias(of: &model, threads: threads)
          }
        },
        progress: progress,
        shouldStop: { [trainer] in shouldStop(trainer.step) }))
  }
}

/// What is to be said if a training goes on with kernels for another CPU than before, by the
/// provenance of its checkpoint and its own; nil if it does not, or if either does not say.
package func changedKernels(from before: [String: String], to now: [String: String]) -> String? {
  guard let old = before["kernels"], let new = now["kernels"], old != new else { return nil }
  let choice = old.split(separator: "-").last.map { "; with DP_KERNELS=\($0) it does" } ?? ""
  return
    "trained with kernels for \(old), goes on with those for \(new), and will not end with the "
    + "bytes of one run\(choice)"
}

extension RunSetup {
  /// The models of `checkpoint`, laid out as those of the trainer.
  fileprivate func models(of checkpoint: Checkpoint) -> [EnergyModel] {
    let models = checkpoint.models.map(\.model)
    return hasTasks ? joined(models, inputs.sharing) : models
  }

  /// Throws if a training of this setup cannot continue from `checkpoint`, the checkpoint of
  /// `start`, in the folder at `path`.
  fileprivate func require(
    _ checkpoint: Checkpoint, of start: RunStart, in path: String, warn: (String) -> Void
  ) throws {
    var names = Set(digests.keys)
    // A restart may leave out the initial model of its training.
    if !start.isRestart { names.formUnion(checkpoint.digests.keys) }
    let changes = names.sorted().filter { digests[$0] != checkpoint.digests[$0] }
    let list = changes.joined(separator: ", ")
    guard changes.isEmpty || start.isRestart else {
      throw ToolError(
        .cannotCreate, at: path,
        "holds another training: different \(list)\(settings(unlike: checkpoint))",
        remedy: hint(
          "name another run folder, remove this one, or continue it with --restart",
          dp: "train in another folder, remove its files here, or continue it with --restart"))
    }
    for task in tasks.indices { try requireFit(checkpoint.task(task), of: task, at: start.path) }
    if !changes.isEmpty {
      warn(
        "\(start.path): different \(list)\(settings(unlike: checkpoint)); the training goes on, "
          + "but not exactly as before")
    }
  }

  /// The settings that differ from those of `checkpoint`, in brackets; empty if there are none.
  private func settings(unlike checkpoint: Checkpoint) -> String {
    let found = inputs.record.differences(from: checkpoint.configuration).map(\.text)
    if found.isEmpty { return "" }
    let more = found.count > 8 ? "; \(found.count - 8) more" : ""
    return " (\(found.prefix(8).joined(separator: "; "))\(more))"
  }

  /// Throws if the model of task number `task` in the checkpoint differs from that of the
  /// configuration, or if the checkpoint is beyond the last step.
  private func requireFit(_ checkpoint: Checkpoint, of task: Int, at path: String) throws {
    let input = inputs.tasks[task]
    try input.requireModel(of: checkpoint, at: path)
    let (mine, other) = (tasks[task].model, checkpoint.model.model)
    guard mine.typeMap == other.typeMap, mine.descriptor.options == other.descriptor.options,
      mine.fitting.options == other.fitting.options,
      mine.mixture?.options == other.mixture?.options,
      mine.excludedPairs == other.excludedPairs,
      mine.excludedAtomTypes == other.excludedAtomTypes,
      mine.pairPotentials.count == other.pairPotentials.count,
      zip(mine.pairPotentials, other.pairPotentials).allSatisfy({ $0.isSame(as: $1) })
    else {
      throw ToolError(
        .configuration, at: input.place, "defines another model than \(path)",
        remedy: "restart with the model section that the checkpoint was trained with")
    }
    guard checkpoint.state.step <= rate.totalSteps else {
      throw ToolError(
        .configuration, at: input.place,
        "asks for \(counted(rate.totalSteps, "step")), but \(path) has done \(checkpoint.state.step)",
        remedy: "raise \(lengthKeys.steps[0])")
    }
  }
}
