import Configuration
import DeepPotential
import Diagnostics
import Files
import ForeignModels
import HDF5
import Kernels
import Models
import Training

/// The complete state of a training: a training that continues from it gives the same bytes as one
/// that was never interrupted.
///
/// The file is a model file with one more group, `/training`, so any reader of models can read it.
/// Source: docs/FORMATS.md, "Checkpoints".
public struct Checkpoint: Sendable, Equatable {
  /// The names of the tasks, sorted; none if there is one task, which has no name.
  public var names: [String]
  /// The model of each task with its present weights; they share parameters as the input says.
  public var models: [StoredModel]
  /// The number of steps, the state of the optimizer, and the state of the sampler.
  public var state: TrainingState
  /// The length of `lcurve.out` in bytes at this step; a continued training cuts the file to it.
  public var curveBytes: Int
  /// The length of `metrics.jsonl` in bytes at this step; 0 if there was none yet.
  public var metricsBytes: Int
  /// The lengths of the logs of full validation in bytes at this step.
  public var logBytes: [TrainedWeights: Int]
  /// The SHA-256 of each input by name; a training continues only with equal inputs.
  public var digests: [String: String]
  /// The effective configuration.
  public var configuration: JSONValue

  /// Joins the parts of a checkpoint of one task.
  public init(
    model: StoredModel, state: TrainingState, curveBytes: Int, metricsBytes: Int = 0,
    logBytes: [TrainedWeights: Int] = [:], digests: [String: String], configuration: JSONValue
  ) {
    self.init(
      models: [model], of: [], state: state, curveBytes: curveBytes, metricsBytes: metricsBytes,
      logBytes: logBytes, digests: digests, configuration: configuration)
  }

  /// Joins the parts of a checkpoint of the tasks `names`.
  public init(
    models: [StoredModel], of names: [String], state: TrainingState, curveBytes: Int,
    metricsBytes: Int, logBytes: [TrainedWeights: Int], digests: [String: String],
    configuration: JSONValue
  ) {
    precondition(models.count == max(1, names.count))
    self.models = models
    self.names = names
    self.state = state
    self.curveBytes = curveBytes
    self.metricsBytes = metricsBytes
    self.logBytes = logBytes
    self.digests = digests
    self.configuration = configuration
  }

  /// The model of the only task, or of the first.
  public var model: StoredModel {
    get { models[0] }
    set { models[0] = newValue }
  }

  private static let group = "/training"
  private static let version = 2

  /// Writes the checkpoint as the whole, sealed file `path`.
  ///
  /// Throws `.cannotCreate` or `.io`; an old file at `path` then stays as it was.
  public func write(to path: String) throws {
    try SealedFile.write(to: path, writeAll)
  }

  private func writeAll(into file: borrowing HDF5File) throws {
    try names.isEmpty ? model.write(into: file) : StoredModel.write(models, of: names, into: file)
    try writeTraining(into: file)
  }

  /// The part of the checkpoint that ranks other than the first need.
  var forOtherRanks: Checkpoint {
    var light = self
    light.state.optimizer = state.optimizer.forOtherRanks
    return light
  }

  /// The bytes of the file without a seal, to be sent to other ranks.
  func bytes(named name: String) throws -> [UInt8] {
    let file = try HDF5File(creatingInMemory: name)
    try writeAll(into: file)
    return try file.withImage { Array($0) }
  }

  /// Reads the checkpoint at `path`.
  ///
  /// Throws `.missingInput` if it cannot be read and `.data` if it is damaged or no checkpoint.
  public static func read(_ path: String) throws -> Checkpoint {
    let file = try SealedFile.read(path)
    guard try file.kind(of: group) == .group else {
      throw ToolError(
        .data, at: path, "has no training state",
        remedy: "a model cannot be continued; name a checkpoint, \(RunFolder.pattern)")
    }
    return try Checkpoint(file, name: path)
  }

  /// The model at `path`, the chosen one of several, and its checkpoint; the latter is nil if the
  /// file has no training state.
  ///
  /// Throws the errors of reading a model or a checkpoint.
  public static func readModel(
    at path: String, _ choice: ModelChoice = ModelChoice()
  ) throws -> (stored: StoredModel, checkpoint: Checkpoint?) {
    if let foreign = try StoredModel.foreign(at: path, choice) { return (foreign, nil) }
    let file = try SealedFile.read(path)
    guard try file.kind(of: group) == .group else {
      return (try StoredModel(file, name: path, choice), nil)
    }
    let checkpoint = try Checkpoint(file, name: path)
    return try checkpoint.chosen(choice, at: path)
  }

  /// The model of `choice`, and the checkpoint as one of its task alone; messages call the file
  /// `path`.
  ///
  /// Throws `.data` if the choice is none of the tasks.
  public func chosen(
    _ choice: ModelChoice, at path: String
  ) throws -> (stored: StoredModel, checkpoint: Checkpoint) {
    guard !names.isEmpty else {
      try choice.refuse(at: path)
      return (model, self)
    }
    let name = try choice.name(among: names, at: path)
    let task = try task(names.firstIndex(of: name) ?? 0)
    return (task.model, task)
  }

  /// The checkpoint as one of task number `number` alone, with its own configuration; the state of
  /// the optimizer remains that of all tasks.
  func task(_ number: Int) throws -> Checkpoint {
    guard !names.isEmpty else { return self }
    var own = self
    (own.names, own.models) = ([], [models[number]])
    if let documents = try TaskDocuments(configuration, place: "the checkpoint"),
      documents.documents.indices.contains(number)
    {
      own.configuration = documents.documents[number]
    }
    return own
  }

  private func writeTraining(into file: borrowing HDF5File) throws {
    let names = state.samplerState.keys.sorted()
    var header: [String: JSONValue] = [
      "version": .integer(Self.version), "step": .integer(state.step),
      "optimizer": .string(state.optimizer.name), "updates": .integer(state.optimizer.updates),
      "vectors": .strings(state.optimizer.vectors.keys.sorted()),
      "lcurve_bytes": .integer(curveBytes), "metrics_bytes": .integer(metricsBytes),
      "sampler": .strings(names),
      "average": .bool(state.average != nil), "validation": validationHeader,
      "digests": .object(digests.mapValues { .string($0) }), "configuration": configuration,
    ]
    if !state.optimizer.taskUpdates.isEmpty {
      header["task_updates"] = .integers(state.optimizer.taskUpdates)
    }
    try file.createGroup(Self.group)
    try file.setAttribute("json", of: Self.group, to: JSONValue.object(header).serialized)
    for (name, vector) in state.optimizer.vectors.sorted(by: { $0.key < $1.key }) {
      try write(vector, to: name, into: file)
    }
    if let average = state.average { try write(average, to: Self.averageName, into: file) }
    for name in names {
      let values = state.samplerState[name] ?? []
      try file.write(values, shape: [values.count], to: Self.samplerPath(name))
    }
  }

  private func write(
    _ vector: Parameters, to name: String, into file: borrowing HDF5File
  ) throws {
    let path = Self.optimizerPath(name)
    try file.write(vector.float64, shape: [vector.float64.count], to: path + "/float64")
    try file.write(vector.float32, shape: [vector.float32.count], to: path + "/float32")
  }

  /// Reads the checkpoint in `file`; messages call it `name`.
  package init(_ file: consuming HDF5File, name: String) throws {
    let place = "\(name)#\(Self.group)"
    let text = try file.stringAttribute("json", of: Self.group) ?? ""
    let header = try JSONValue(parsing: text.utf8, at: "\(place)@json")
    guard header["version"] == .integer(Self.version) else {
      throw ToolError(
        .data, at: place, "was written by another version of this program",
        remedy: "start a new training from it with the weights only")
    }
    guard case .integer(let step)? = header["step"], step >= 0,
      case .string(let optimizer)? = header["optimizer"],
      case .integer(let updates)? = header["updates"],
      case .array(let vectors)? = header["vectors"],
      case .integer(let curveBytes)? = header["lcurve_bytes"], curveBytes >= 0,
      case .array(let names)? = header["sampler"], case .object(let digests)? = header["digests"],
      let configuration = header["configuration"]
    else { throw ToolError(.data, at: "\(place)@json", "lacks a part of the training state") }
    var sampler: [String: [Int]] = [:]
    for case .string(let key) in names {
      sampler[key] = try file.integers(Self.samplerPath(key))
    }
    var memory = OptimizerMemory(name: optimizer, updates: updates, vectors: [:])
    if case .array(let counts)? = header["task_updates"] {
      memory.taskUpdates = counts.compactMap(ValueKind.count.take)
    }
    for case .string(let key) in vectors {
      memory.vectors[key] = try Self.vector(key, in: file)
    }
    state = TrainingState(step: step, optimizer: memory, samplerState: sampler)
    self.curveBytes = curveBytes
    metricsBytes = header["metrics_bytes"].flatMap(ValueKind.count.take) ?? 0
    logBytes = [:]
    if header["average"] == true {
      state.average = try Self.vector(Self.averageName, in: file)
    }
    self.digests = digests.compactMapValues { if case .string(let text) = $0 { text } else { nil } }
    self.configuration = configuration
    (self.names, models) = try StoredModel.all(file, name: name)
    guard read(validation: header["validation"]) else {
      throw ToolError(.data, at: "\(place)@json", "has no whole state of the validation")
    }
  }

  private static func vector(
    _ name: String, in file: borrowing HDF5File
  ) throws -> Parameters {
    let path = optimizerPath(name)
    return Parameters(
      float64: try file.doubles(path + "/float64"), float32: try file.floats(path + "/float32"))
  }

  private static let averageName = "average"
  private static func optimizerPath(_ name: String) -> String { "\(group)/optimizer/\(name)" }
  private static func samplerPath(_ name: String) -> String { "\(group)/sampler/\(name)" }
}
