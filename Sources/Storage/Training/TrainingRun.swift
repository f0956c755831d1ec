import DeepPotential
import Diagnostics
import Foundation
import Kernels
import Measurement
import Training

/// A training in its run folder: where it starts or goes on, and what it writes.
///
/// The folder holds the learning curve and checkpoints.  A run goes on from the newest checkpoint by itself if nothing
/// that decides the training has changed; the bytes are those of a run without interruption.
public final class TrainingRun {
  /// The folder.
  public let folder: RunFolder
  /// The training.
  public let trainer: Trainer
  /// The step that the run started from.
  public let firstStep: Int
  private let setup: TrainingSetup
  private let provenance: [String: String]
  private let lock: FolderLock
  private let curve: CurveFile
  private let validation: ValidationFiles?
  private let averages: RunFolder
  private let threads: Int

  /// Prepares a run in the folder at `path`, from scratch, from its newest checkpoint, or from `restart`.
  ///
  /// `restart` is a checkpoint, or a run folder whose newest one counts; the configuration may then differ in what
  /// does not define the model, which is a warning.  `patience` is how many full validations without a new best the
  /// training waits.  Throws what reading and writing throw, `.cannotCreate` if the
  /// folder holds another training.
  public init(
    _ setup: TrainingSetup, in path: String, restart: String? = nil, patience: Int? = nil,
    threads: Int, provenance: [String: String] = [:], warn: (String) -> Void
  ) throws {
    self.setup = setup
    self.provenance = provenance
    self.threads = threads
    lock = try FolderLock(path)
    folder = RunFolder(path, name: setup.input.checkpointName)
    averages = RunFolder(path, name: averagedName(setup.input.checkpointName))
    trainer = setup.trainer(threads: threads, patience: patience)
    let found = try setup.checkpoint(restart: restart, in: folder, warn: warn)
    var text = trainer.curve.header, logs: [TrainedWeights: String] = [:]
    if let (checkpoint, place) = found {
      text = try setup.text(
        of: setup.input.curveFile, at: place, bytes: checkpoint.curveBytes, header: text, warn: warn
      )
      logs = try setup.logs(of: checkpoint, at: place, warn: warn)
      try trainer.resume(checkpoint.model.model, from: checkpoint.state)
    }
    firstStep = trainer.step
    curve = try CurveFile(file(in: path, setup.input.curveFile), startingWith: text)
    validation = try setup.input.validating.map {
      try ValidationFiles($0, in: path, totalSteps: setup.rate.totalSteps, texts: logs)
    }
    // From now on the folder goes on from the checkpoint that was named.
    if let found, restart != nil {
      try folder.save(found.checkpoint, keeping: setup.input.checkpointsKept)
    }
    if found != nil {
      // A run that was killed right after its checkpoint left more than it should.
      try folder.prune(before: firstStep, keeping: setup.input.checkpointsKept)
      if let average = setup.input.average {
        try averages.prune(before: firstStep, keeping: average.checkpointsKept)
      }
    }
    try validation?.tidy(trainer.validation)
  }

  /// The checkpoint after the last step.
  public var lastCheckpoint: String { folder.checkpoint(after: trainer.step) }

  /// The best model of the run so far: its checkpoint and its metric for people; nil without full validation.
  public var best: (path: String, metric: String)? {
    guard let validation, let options = setup.input.validating, options.savesBest,
      let weights = options.weights.first,
      let record = trainer.validation[weights]?.best.first
    else { return nil }
    return (
      validation.checkpoint(weights, step: record.step, place: 1),
      validation.text.text(record.value)
    )
  }

  /// Trains until all steps are done, full validation is out of patience, or `shouldStop` says so after a step.
  public func run(
    progress: @escaping (StepReport) -> Void, shouldStop: @escaping (_ step: Int) -> Bool
  ) throws -> TrainingEnd {
    try trainer.run(
      TrainingEvents(
        line: { [curve] line in try measure(.output) { try curve.append(line) } },
        checkpoint: { [self] model, state in try measure(.output) { try save(model, state) } },
        validated: { [self] reports, state in
          try measure(.output) { try save(reports, state) }
        },
        finish: { [setup, threads] model in
          if setup.input.changesBiasAtEnd { try setup.shiftBias(of: &model, threads: threads) }
        },
        progress: progress,
        shouldStop: { [trainer] in shouldStop(trainer.step) }))
  }

  private func save(_ model: EnergyModel, _ state: TrainingState) throws {
    // The step that made them so did not see it, and the next one would come too late.
    guard model.parameters.areFinite else {
      throw ToolError(
        .data, at: "step \(state.step)", "the parameters are no longer finite",
        remedy: "lower start_lr; the last checkpoint is kept")
    }
    try curve.flush()
    if let average = state.average, let options = setup.input.average {
      var averaged = model
      averaged.parameters = average
      let path = averages.checkpoint(after: state.step)
      try stored(averaged: averaged, after: state.step).write(to: path)
      try averages.prune(before: state.step, keeping: options.checkpointsKept)
    }
    try folder.save(checkpoint(model, state), keeping: setup.input.checkpointsKept)
    try validation?.tidy(state.validation)
  }

  /// Adds to the logs, then keeps the models that are among the best.
  private func save(_ reports: [ValidationReport], _ state: TrainingState) throws {
    guard let validation else { return }
    for report in reports { try validation.add(report) }
    try curve.flush()
    for report in reports {
      guard let path = validation.checkpoint(of: report) else { continue }
      switch report.weights {
      case .present: try checkpoint(report.model, state).write(to: path)
      case .averaged:
        try stored(averaged: report.model, after: report.step).write(to: path)
      }
    }
  }

  private func checkpoint(_ model: EnergyModel, _ state: TrainingState) -> Checkpoint {
    Checkpoint(
      model: stored(model), state: state, curveBytes: curve.length,
      logBytes: validation?.lengths ?? [:], digests: setup.digests,
      configuration: setup.input.record)
  }

  /// A model of averaged weights, which says so, as it has no training state.
  private func stored(averaged model: EnergyModel, after step: Int) -> StoredModel {
    var stored = stored(model)
    stored.provenance["weights"] = "averaged over \(step) steps"
    return stored
  }

  private func stored(_ model: EnergyModel) -> StoredModel {
    StoredModel(
      model: model, definition: setup.input.modelScript,
      minimumDistance: setup.minimumDistance, provenance: provenance)
  }
}

extension Parameters {
  /// Whether every number is finite.
  fileprivate var areFinite: Bool {
    float64.allSatisfy { $0.isFinite } && float32.allSatisfy { $0.isFinite }
  }
}

/// A file in a folder.
func file(in folder: String, _ name: String) -> String {
  folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
}

extension TrainingSetup {
  /// The checkpoint to go on from, and the folder that it is in; nil to start from scratch.
  fileprivate func checkpoint(
    restart: String?, in folder: RunFolder, warn: (String) -> Void
  ) throws -> (checkpoint: Checkpoint, folder: String)? {
    let found: (checkpoint: Checkpoint, path: String)
    if let restart {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: restart, isDirectory: &isFolder)
      found =
        isFolder.boolValue
        ? try RunFolder(restart).newest { warn(TrainingSetup.fallback($0)) }
        : (try Checkpoint.read(restart), restart)
    } else {
      if try folder.steps().isEmpty { return nil }
      found = try folder.newest { warn(TrainingSetup.fallback($0)) }
    }
    var names = Set(digests.keys)
    // A restart may leave out what its training started from.
    if restart == nil { names.formUnion(found.checkpoint.digests.keys) }
    let changes = names.sorted().filter { digests[$0] != found.checkpoint.digests[$0] }
    if !changes.isEmpty {
      let list = changes.joined(separator: ", ")
      guard restart != nil else {
        throw ToolError(
          .cannotCreate, at: folder.path,
          "holds another training: different \(list)",
          remedy: "name another run folder, remove this one, or continue it with --restart")
      }
      warn("\(found.path): different \(list); the training goes on, but not exactly as before")
    }
    try requireFit(found.checkpoint, at: found.path)
    return (found.checkpoint, (found.path as NSString).deletingLastPathComponent)
  }

  /// Throws if the checkpoint's model is another one than the configuration's, or beyond the last step.
  private func requireFit(_ checkpoint: Checkpoint, at path: String) throws {
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
        "asks for \(rate.totalSteps) steps, but \(path) has done \(checkpoint.state.step)",
        remedy: "raise numb_steps")
    }
  }

  /// The first `count` bytes of a file that grows with the training; just the header if they have another one.
  ///
  /// Throws if there is such a file but it cannot be read.
  fileprivate func text(
    of name: String, at folder: String, bytes count: Int, header: String, warn: (String) -> Void
  ) throws -> String {
    let path = file(in: folder.isEmpty ? "." : folder, name)
    let isThere = FileManager.default.fileExists(atPath: path)
    let bytes = isThere ? try contents(ofFile: path).prefix(count) : []
    guard bytes.count == count, let text = String(validating: bytes, as: UTF8.self),
      text.hasPrefix(header)
    else {
      warn("\(path): does not reach to the checkpoint; it starts anew")
      return header
    }
    return text
  }

  /// The logs of full validation up to a checkpoint, of the weights that it knows.
  fileprivate func logs(
    of checkpoint: Checkpoint, at folder: String, warn: (String) -> Void
  ) throws -> [TrainedWeights: String] {
    guard let validating = input.validating else { return [:] }
    let header = ValidationLog(validating.metric, totalSteps: rate.totalSteps).header
    var logs: [TrainedWeights: String] = [:]
    for weights in validating.weights {
      guard let count = checkpoint.logBytes[weights] else { continue }
      logs[weights] = try text(
        of: validating.logFile(of: weights), at: folder, bytes: count, header: header, warn: warn)
    }
    return logs
  }

  private static func fallback(_ error: ToolError) -> String {
    "\(error.place): \(error.problem); the checkpoint before it is used"
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
