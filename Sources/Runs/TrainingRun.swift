import Configuration
import DeepPotential
import Diagnostics
import Foundation
import Kernels
import Logs
import Measurement
import Models
import Training

/// A log that hears how a training goes.
public protocol TrainingLog {
  /// A step is done.
  func add(_ report: StepReport) throws
  /// All validation frames were evaluated.
  func add(_ reports: [ValidationReport]) throws
  /// A checkpoint will be written: what was added so far has to be on the disk before it.
  func flush() throws
}

/// A training in its run folder: where it starts or goes on, and what it writes.
///
/// The folder holds the learning curve and checkpoints.  A run goes on from the newest checkpoint
/// by itself if nothing that decides the training has changed; the bytes are those of a run without
/// interruption.  Of several ranks the first one writes.
public final class TrainingRun {
  /// The training.
  public let trainer: Trainer
  /// The learning curve that it writes.
  public let curve: LearningCurve
  /// The step that the run started from.
  public let firstStep: Int
  private let setup: TrainingSetup
  private let folder: RunFolder
  /// What this rank writes; nil on other ranks than the first.
  private let files: RunFiles?
  private let threads: Int

  /// Prepares a run in the folder at `path` that begins at `start`.
  ///
  /// From a checkpoint that was named the configuration may differ in what does not define the
  /// model, which is a warning.  `patience` is how many full validations without a new best the
  /// training waits; `newestAs` gives the newest checkpoint other names, with these endings.
  /// Throws what reading and writing throw, `.cannotCreate` if the folder holds another training.
  public init(
    _ setup: TrainingSetup, in path: String, newestAs aliases: [String] = [],
    from start: RunStart = .scratch, patience: Int? = nil, threads: Int,
    provenance: [String: String] = [:], warn: (String) -> Void
  ) throws {
    self.setup = setup
    self.threads = threads
    folder = RunFolder(path, name: setup.input.checkpointName)
    trainer = setup.trainer(threads: threads, patience: patience)
    if let checkpoint = start.checkpoint {
      try setup.require(checkpoint, of: start, in: path, warn: warn)
      try trainer.resume(checkpoint.model.model, from: checkpoint.state)
    }
    firstStep = trainer.step
    curve = LearningCurve(columns: trainer.columns, hasValidation: trainer.hasValidation)
    files =
      setup.communicator.isFirst
      ? try RunFiles(
        setup, in: path, newestAs: aliases, from: start, curve: curve,
        validation: trainer.validation, threads: threads, provenance: provenance, warn: warn)
      : nil
  }

  /// The checkpoint after the last step.
  public var lastCheckpoint: String { folder.checkpoint(after: trainer.step) }

  /// The best model of the run so far: its checkpoint and its metric for people; nil without full
  /// validation.
  public var best: (path: String, metric: String)? {
    files?.best(of: trainer.validation)
  }

  /// Trains until all steps are done, full validation is out of patience, or `shouldStop` says so
  /// after a step.
  ///
  /// `log` is a log of the caller's, which hears of everything before a checkpoint that knows it is
  /// written.
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
        checkpoint: { [files] model, state in
          try measure(.output) {
            try log?.flush()
            try files?.save(model, state)
          }
        },
        validated: { [files] reports, state in
          try measure(.output) {
            try log?.add(reports)
            try files?.save(reports, state)
          }
        },
        finish: { [setup, threads] model in
          if setup.input.changesBiasAtEnd { try setup.shiftBias(of: &model, threads: threads) }
        },
        progress: progress,
        shouldStop: { [trainer] in shouldStop(trainer.step) }))
  }
}

extension TrainingSetup {
  /// Throws if a training of this setup cannot go on from `checkpoint`, at which `start` is, in the
  /// folder at `path`.
  fileprivate func require(
    _ checkpoint: Checkpoint, of start: RunStart, in path: String, warn: (String) -> Void
  ) throws {
    var names = Set(digests.keys)
    // A restart may leave out what its training started from.
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
    try requireFit(checkpoint, at: start.path)
    if !changes.isEmpty {
      warn(
        "\(start.path): different \(list)\(settings(unlike: checkpoint)); the training goes on, "
          + "but not exactly as before")
    }
  }

  /// The settings that are others than those of `checkpoint`, in brackets; empty if there are none.
  private func settings(unlike checkpoint: Checkpoint) -> String {
    let found = input.record.differences(from: checkpoint.configuration).map(\.text)
    if found.isEmpty { return "" }
    let more = found.count > 8 ? "; \(found.count - 8) more" : ""
    return " (\(found.prefix(8).joined(separator: "; "))\(more))"
  }

  /// Throws if the checkpoint's model is another one than the configuration's, or beyond the last
  /// step.
  private func requireFit(_ checkpoint: Checkpoint, at path: String) throws {
    try input.requireModel(of: checkpoint, at: path)
    let (mine, other) = (model, checkpoint.model.model)
    guard mine.typeMap == other.typeMap, mine.descriptor.hasOptions(of: other.descriptor),
      mine.fitting.options == other.fitting.options,
      mine.excludedPairs == other.excludedPairs,
      mine.excludedAtomTypes == other.excludedAtomTypes
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

extension Descriptor {
  /// Whether both are of one kind with the same options, statistics apart.
  fileprivate func hasOptions(of other: Descriptor) -> Bool {
    switch (self, other) {
    case (.seE2A(let a), .seE2A(let b)): a.options == b.options
    }
  }
}
