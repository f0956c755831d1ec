import Configuration
import DeepPotential
import Diagnostics
import Files
import Foundation
import Kernels
import Logs
import Models
import Training

/// The files that a training writes into its run folder, and the lock on the folder.
final class RunFiles {
  private let folder: RunFolder
  private let setup: RunSetup
  /// What all tasks have in common.
  private let input: TrainingInput
  private let provenance: [String: String]
  private let lock: FolderLock
  private let curveText: LearningCurve
  private let curve: GrowingFile
  private let metrics: MetricsFiles
  private let validation: ValidationFiles?
  private let averages: RunFolder

  /// Prepares the folder at `path` for a training that begins at `start`; `known` has the records
  /// of full validation.
  ///
  /// Throws `.cannotCreate` or `.io`, and `.stopped` while another process writes there.
  init(
    _ setup: RunSetup, in path: String, newestAs aliases: [String], from start: RunStart,
    curve curveText: LearningCurve, validation known: [TrainedWeights: ValidationState],
    threads: Int,
    provenance: [String: String], warn: (String) -> Void
  ) throws {
    self.setup = setup
    let input = setup.inputs.first
    self.input = input
    self.curveText = curveText
    self.provenance = provenance
    folder = RunFolder(path, name: input.checkpointName, aliases: aliases)
    averages = RunFolder(path, name: averagedName(input.checkpointName))
    lock = try start.lock ?? FolderLock(path)
    guard try start.checkpoint != nil || folder.steps().isEmpty else {
      throw ToolError(
        .stopped, at: path, "another dp-train has been here meanwhile",
        remedy: "run it again to continue")
    }
    let metricsText = MetricsText(curveText, stepsPerEpoch: setup.stepsPerEpoch)
    var text = curveText.header, logs: [TrainedWeights: String] = [:], told = metricsText.header
    let place = parentFolder(of: start.path)
    if let checkpoint = start.checkpoint {
      text = try setup.text(
        of: input.curveFile, at: place, bytes: checkpoint.curveBytes, header: text,
        warn: warn)
      // There is no second warning: if the learning curve is missing, these files are missing too.
      told = try setup.text(
        of: RunFolder.metrics, at: place, bytes: checkpoint.metricsBytes, header: told,
        warn: { _ in })
      logs = try setup.logs(of: checkpoint, at: place, warn: warn)
    }
    curve = try GrowingFile(file(in: path, input.curveFile), startingWith: text)
    metrics = try MetricsFiles(
      setup, metricsText, in: path, startingWith: told, timing: place.isEmpty ? "." : place,
      after: start.checkpoint?.state.step ?? 0, threads: threads)
    validation = try input.validating.map {
      try ValidationFiles($0, in: path, totalSteps: setup.rate.totalSteps, texts: logs)
    }
    if let checkpoint = start.checkpoint {
      // From now on the folder continues from the checkpoint that the user named.
      if start.isRestart {
        try folder.save(checkpoint, keeping: input.checkpointsKept)
      } else {
        try folder.giveAliases(toCheckpointAfter: checkpoint.state.step)
      }
      // A run that was killed just after writing its checkpoint left additional checkpoints.
      let step = checkpoint.state.step
      try folder.prune(before: step, keeping: input.checkpointsKept)
      if let average = input.average {
        try averages.prune(before: step, keeping: average.checkpointsKept)
      }
    }
    try validation?.tidy(known)
  }

  /// Adds a step; a displayed step gets a line in the learning curve.
  func add(_ report: StepReport) throws {
    if report.isDisplayed {
      try curve.append(
        curveText.row(
          step: report.step, training: report.errors, validation: report.validation,
          learningRate: report.learningRate))
    }
    try metrics.add(report)
  }

  /// The best model so far: its checkpoint, and its metric in words; nil without full validation.
  func best(of states: [TrainedWeights: ValidationState]) -> (path: String, metric: String)? {
    guard let validation, let options = input.validating, options.savesBest,
      let weights = options.weights.first, let record = states[weights]?.best.first
    else { return nil }
    return (
      validation.checkpoint(weights, step: record.step, place: 1),
      validation.columns.text(record.value)
    )
  }

  /// Writes a checkpoint, and the averaged model if there is an average.
  func save(_ models: [EnergyModel], _ state: TrainingState) throws {
    // The step that made the parameters infinite computed its loss before; and the next step is too
    // late for this check.
    guard models[0].parameters.areFinite else {
      throw ToolError(
        .data, at: "step \(state.step)", "the parameters are no longer finite",
        remedy: "\(input.optimizer.remedyOfDivergence); the last checkpoint is kept")
    }
    try curve.flush()
    try metrics.flush()
    if let average = state.average, let options = input.average {
      let averaged = models.map { model in
        var model = model
        model.parameters = average
        return model
      }
      let path = averages.checkpoint(after: state.step)
      try write(stored(averaged: averaged, after: state.step), to: path)
      try averages.prune(before: state.step, keeping: options.checkpointsKept)
    }
    try folder.save(checkpoint(models, state), keeping: input.checkpointsKept)
    try validation?.tidy(state.validation)
  }

  /// Adds lines to the logs, then writes the checkpoints of the models that are among the best.
  func save(_ reports: [ValidationReport], _ state: TrainingState) throws {
    guard let validation else { return }
    for report in reports { try validation.add(report) }
    try metrics.add(reports)
    try curve.flush()
    try metrics.flush()
    for report in reports {
      guard let path = validation.checkpoint(of: report) else { continue }
      switch report.weights {
      case .present: try checkpoint([report.model], state).write(to: path)
      case .averaged:
        try write(stored(averaged: [report.model], after: report.step), to: path)
      }
    }
  }

  private func checkpoint(_ models: [EnergyModel], _ state: TrainingState) -> Checkpoint {
    Checkpoint(
      models: stored(models), of: setup.inputs.names, state: state, curveBytes: curve.length,
      metricsBytes: metrics.length, logBytes: validation?.lengths ?? [:], digests: setup.digests,
      configuration: setup.inputs.record)
  }

  /// Writes models without a state of the training, in one file.
  private func write(_ models: [StoredModel], to path: String) throws {
    if setup.inputs.names.isEmpty { return try models[0].write(to: path) }
    try SealedFile.write(to: path) {
      try StoredModel.write(models, of: setup.inputs.names, into: $0)
    }
  }

  /// Models with averaged weights; they are marked as such because they have no training state.
  private func stored(averaged models: [EnergyModel], after step: Int) -> [StoredModel] {
    stored(models).map { stored in
      var stored = stored
      stored.provenance["weights"] = "averaged over \(counted(step, "step"))"
      return stored
    }
  }

  private func stored(_ models: [EnergyModel]) -> [StoredModel] {
    zip(models, setup.tasks).map { model, task in
      StoredModel(
        model: model, definition: task.input.modelScript, minimumDistance: task.minimumDistance,
        provenance: provenance)
    }
  }
}

extension Parameters {
  /// Whether every number is finite.
  fileprivate var areFinite: Bool {
    float64.allSatisfy { $0.isFinite } && float32.allSatisfy { $0.isFinite }
  }
}

extension RunSetup {
  /// The first `count` bytes of a file that grows with the training; only the header if the file
  /// has another header.
  ///
  /// Throws if the file exists but cannot be read.
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

  /// The logs of full validation up to a checkpoint, for the kinds of weights in the checkpoint.
  fileprivate func logs(
    of checkpoint: Checkpoint, at folder: String, warn: (String) -> Void
  ) throws -> [TrainedWeights: String] {
    guard let validating = inputs.first.validating else { return [:] }
    let titles = ValidationColumns(validating.metric).titles
    let header = ValidationLog(titles: titles, totalSteps: rate.totalSteps).header
    var logs: [TrainedWeights: String] = [:]
    for weights in validating.weights {
      guard let count = checkpoint.logBytes[weights] else { continue }
      logs[weights] = try text(
        of: validating.logFile(of: weights), at: folder, bytes: count, header: header, warn: warn)
    }
    return logs
  }
}
