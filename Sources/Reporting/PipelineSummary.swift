import Diagnostics
import Files
import Foundation

/// The results of a finished pipeline: its model, the time of the training, and the errors beside
/// those of the previous model.
///
/// Source: docs/PIPELINE.md has the names of the files.
public struct PipelineSummary {
  /// The folder of the pipeline, as the user named it.
  let folder: String
  /// The step of the newest checkpoint, the seconds until then, and the frames per second; nil if
  /// not known.
  let steps: Int?, seconds: Double?, speed: Double?
  /// The paths of the best models of full validation.
  let best: [String]
  /// The errors of the model on the training and the validation data, and of the previous model on
  /// the latter.
  let training: ErrorTable, validation: ErrorTable?, earlier: ErrorTable?
  /// The note on the origin of the validation data, or on why there are none.
  let validationNote: String?
  /// Whether the input asks for full validation.
  let isValidated: Bool

  /// Reads the files of `make train` in `folder`.  Throws `.missingInput` if the errors of the
  /// model are missing.
  public init(of folder: String) throws {
    let file = { (name: String) in (folder as NSString).appendingPathComponent(name) }
    guard let training = try ErrorTable(file("errors-training.txt")) else {
      throw ToolError(
        .missingInput, at: file("errors-training.txt"), "is missing",
        remedy: "run make train with the pipeline's SYSTEM first")
    }
    self.folder = folder
    self.training = training
    validation = try ErrorTable(file("errors-present.txt"))
    let previous = try ErrorTable(file("errors-previous.txt"))
    earlier = previous?.isComparable(with: validation) == true ? previous : nil
    validationNote = try PipelineFolder.lines(file("validation.txt")).first.map(String.init)
    let timing = try TimingSummary(file("run/timing.jsonl"))
    steps = try PipelineSummary.steps(file("run/checkpoint")) ?? timing.steps
    (seconds, speed) = (timing.seconds, timing.speed)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: file("run"))) ?? []
    let isBest = { (name: String) in name.hasPrefix("best") && name.hasSuffix(".t-1.h5") }
    best = names.filter(isBest).sorted().map { file("run/\($0)") }
    let input = try JSONValue(parsing: contents(ofFile: file("input.json")), at: file("input.json"))
    isValidated = input["validating"]?["full_validation"] == true
  }

  /// The number at the end of the newest checkpoint's name.
  private static func steps(_ path: String) throws -> Int? {
    let name = try PipelineFolder.lines(path).first { $0.hasSuffix(".h5") }
    return name.flatMap { $0.dropLast(3).split(separator: "-").last }.flatMap { Int($0) }
  }
}

/// The sums over the lines of `timing.jsonl`.
struct TimingSummary {
  /// The last step, and the seconds until then.
  let steps: Int?, seconds: Double?
  /// The frames per second over all lines but the first, which is for one step; nil if there are no
  /// others.
  let speed: Double?

  /// Reads the file at `path`; a missing file counts as empty, and a line cut off as absent.
  init(_ path: String) throws {
    self.init(
      try PipelineFolder.lines(path).compactMap { try? JSONValue(parsing: $0.utf8, at: path) })
  }

  /// Sums up the lines.
  init(_ lines: [JSONValue]) {
    let ends = lines.filter { $0["event"]?.text == "step" }
    steps = ends.last?["step"]?.count
    seconds = ends.last?["seconds"]?.number
    let rates = ends.filter { ($0["step"]?.count ?? 0) > 1 }
      .compactMap { $0["frames_per_second"]?.number }.filter { $0 > 0 }
    speed = rates.isEmpty ? nil : Double(rates.count) / rates.reduce(0) { $0 + 1 / $1 }
  }
}
