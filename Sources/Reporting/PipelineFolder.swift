import Diagnostics
import Files
import Foundation
import Models
import Runs

/// The files that a pipeline has made in its folder; docs/PIPELINE.md has their names.
struct PipelineFolder {
  let path: String
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

  /// Reads the files in the folder at `path`.
  ///
  /// `warn` receives messages about damaged checkpoints that were passed over.  Throws
  /// `.missingInput` if no file is there, and `.data` if a file is damaged.
  init(at path: String, warn: (String) -> Void) throws {
    self.path = path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else {
      throw ToolError(
        .missingInput, at: path, "is missing, or no folder",
        remedy: "name the folder of a pipeline, such as build/water, that make train has made")
    }
    let file = { (name: String) in (path as NSString).appendingPathComponent(name) }
    func json(_ name: String) throws -> JSONValue? {
      guard FileManager.default.fileExists(atPath: file(name)) else { return nil }
      return try JSONValue(parsing: contents(ofFile: file(name)), at: file(name))
    }
    training = try json("training.json")?["systems"]?.elements
    validation = try json("validation.json")?["systems"]?.elements
    validationNote = try Self.lines(file("validation.txt")).first.map(String.init)
    data = try json("data.json")?["data"]
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
    let hasModel = FileManager.default.fileExists(atPath: file("model.h5"))
    model = hasModel ? ModelSummary(try StoredModel.read(file("model.h5"))) : nil
    if FileManager.default.fileExists(atPath: file("run/checkpoint")) {
      let newest = try RunFolder(file("run")).newest { warn("\($0.place): \($0.problem)") }
      checkpoint = newest.checkpoint
      checkpointName = newest.path.split(separator: "/").last.map(String.init)
    } else {
      (checkpoint, checkpointName) = (nil, nil)
    }
    if training == nil && model == nil && checkpoint == nil && validationErrors == nil {
      throw ToolError(
        .missingInput, at: path, "has nothing of a pipeline: no model.h5, run/ or errors.json",
        remedy: "run make report, or make train, with its SYSTEM first")
    }
  }

  /// The errors that measure the quality of the model, and the name of their data: validation data,
  /// or training data if there are no others.
  var judged: (data: String, errors: JSONValue?) {
    let isAlone = validationNote != nil && existing("validation.h5") == nil
    return isAlone ? ("training", trainingErrors) : ("validation", validationErrors)
  }

  /// The path of a file in the folder; nil if it does not exist.
  func existing(_ name: String) -> String? {
    let file = (path as NSString).appendingPathComponent(name)
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
