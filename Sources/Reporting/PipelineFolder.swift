import Diagnostics
import Files
import ForeignModels
import Foundation
import Models
import Runs

/// The files that a pipeline has made in its folder; docs/PIPELINE.md has their names.
struct PipelineFolder {
  let path: String
  /// The name of the task that is meant; nil if the training has one task, or all are.
  let head: String?
  /// The names of all tasks of the training; none if there is one task, which has no name.
  let heads: [String]
  /// The systems of the training and the validation data, as dp-convert lists them.
  let training: [JSONValue]?, validation: [JSONValue]?
  /// The note of pipelines/split on the origin of the validation data, or on why there are none;
  /// nil if the user gave them.
  let validationNote: String?
  /// The report of dp-stat on the training data.
  let data: JSONValue?
  /// The errors that dp-eval found on the training and the validation data, and those of the
  /// previous model.
  let trainingErrors: JSONValue?, validationErrors: JSONValue?, earlierErrors: [String: Double]
  /// The model, and the last checkpoint of its training.
  let model: ModelSummary?, checkpoint: Checkpoint?, checkpointName: String?
  /// The lines of `timing.jsonl`.
  let timing: [JSONValue]
  /// The profile of dp-profile.
  let profile: JSONValue?

  /// Reads the files in the folder at `path`; those of one task of several, `head`, are in the
  /// folder of that name in it, but for the training itself.
  ///
  /// `warn` receives messages about damaged checkpoints that were passed over.  Throws
  /// `.missingInput` if no file is there, and `.data` if a file is damaged.
  init(at path: String, head: String? = nil, warn: (String) -> Void) throws {
    (self.path, self.head) = (path, head)
    guard isFolder(path) else {
      throw ToolError(
        .missingInput, at: path, "is missing, or no folder",
        remedy: "name the folder of a pipeline, such as build/water, that make train has made")
    }
    let file = { (name: String) in
      (path as NSString).appendingPathComponent(Self.place(of: name, head))
    }
    func json(at path: String) throws -> JSONValue? {
      guard FileManager.default.fileExists(atPath: path) else { return nil }
      return try JSONValue(parsing: contents(ofFile: path), at: path)
    }
    func json(_ name: String) throws -> JSONValue? { try json(at: file(name)) }
    training = try json("training.json")?["systems"]?.elements
    validation = try json("validation.json")?["systems"]?.elements
    validationNote = try Self.lines(file("validation.txt")).first.map(String.init)
    // dp-stat reports on the data of all tasks in one file.
    let reports = try head.flatMap { _ in
      try json(at: (path as NSString).appendingPathComponent("data.json"))
    }
    data = try json("data.json")?["data"] ?? head.flatMap { reports?[$0]?["data"] }
    trainingErrors = try json("errors-training.json")
    validationErrors = try json("errors.json")
    profile = try json("profile.json")
    let earlier = try ErrorTable(file("errors-previous.txt"))
    let present = try ErrorTable(file("errors-present.txt"))
    earlierErrors = earlier?.isComparable(with: present) == true ? earlier?.errors ?? [:] : [:]
    // A training may be writing the last line at this moment.
    timing = try Self.lines(file("run/timing.jsonl")).compactMap {
      try? JSONValue(parsing: $0.utf8, at: path)
    }
    var stored: StoredModel?, newest: (checkpoint: Checkpoint, path: String)?
    if FileManager.default.fileExists(atPath: file("run/checkpoint")) {
      newest = try RunFolder(file("run")).newest { warn("\($0.place): \($0.problem)") }
    }
    heads = newest?.checkpoint.names ?? []
    if let head, let found = newest {
      let (own, task) = try found.checkpoint.chosen(ModelChoice(branch: head), at: found.path)
      stored = own
      newest = (checkpoint: task, path: found.path)
    }
    if FileManager.default.fileExists(atPath: file("model.h5")) {
      stored = try StoredModel.read(file("model.h5"))
    }
    model = stored.map { ModelSummary($0) }
    checkpoint = newest?.checkpoint
    checkpointName = newest?.path.split(separator: "/").last.map(String.init)
    if training == nil && model == nil && checkpoint == nil && validationErrors == nil {
      throw ToolError(
        .missingInput, at: path, "has nothing of a pipeline: no model.h5, run/ or errors.json",
        remedy: "run make report, or make train, with its SYSTEM first")
    }
  }

  /// The place of the file `name` below the folder; the files of a task are in a folder of its
  /// name.
  static func place(of name: String, _ head: String?) -> String {
    guard let head, name != "run", !name.hasPrefix("run/"), !name.hasPrefix("run.") else {
      return name
    }
    return "\(head)/\(name)"
  }

  /// The errors that measure the quality of the model, and the name of their data: validation data,
  /// or training data if there are no others.
  var judged: (data: String, errors: JSONValue?) {
    let isAlone = validationNote != nil && existing("validation.h5") == nil
    return isAlone ? ("training", trainingErrors) : ("validation", validationErrors)
  }

  /// The path of a file in the folder; nil if it does not exist.
  func existing(_ name: String) -> String? {
    let file = (path as NSString).appendingPathComponent(Self.place(of: name, head))
    return FileManager.default.fileExists(atPath: file) ? file : nil
  }

  /// The last step in `timing`.
  var lastTiming: JSONValue? { timing.last { $0["event"]?.text == "step" } }

  /// The lines of a text file; empty if the file does not exist.
  static func lines(_ path: String) throws -> [Substring] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return String(decoding: try contents(ofFile: path), as: UTF8.self).split(separator: "\n")
  }
}
