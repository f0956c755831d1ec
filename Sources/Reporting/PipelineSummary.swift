import Diagnostics
import Files
import Foundation

/// What a finished pipeline has come to: its model, what training took, its errors beside those of
/// the model before.
///
/// Source: docs/PIPELINE.md has the names of the files.
public struct PipelineSummary {
  /// The folder of the pipeline, as the user named it.
  let folder: String
  /// Steps that the newest checkpoint has behind it, seconds they took, and frames in each of them;
  /// nil if not known.
  let steps: Int?, seconds: Double?, speed: Double?
  /// The best models of full validation, by their paths.
  let best: [String]
  /// Errors of the model on training data, on validation data, and of the model before on these.
  let training: ErrorTable, validation: ErrorTable?, earlier: ErrorTable?
  /// Where validation data come from that nobody gave, or why there are none.
  let validationNote: String?
  /// Whether the input asks for full validation.
  let isValidated: Bool

  /// Reads what `make train` has left in `folder`.  Throws `.missingInput` without errors of the
  /// model.
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

  /// The number that the name of the newest checkpoint ends in.
  private static func steps(_ path: String) throws -> Int? {
    let name = try PipelineFolder.lines(path).first { $0.hasSuffix(".h5") }
    return name.flatMap { $0.dropLast(3).split(separator: "-").last }.flatMap { Int($0) }
  }
}

/// What the lines of `timing.jsonl` say together.
struct TimingSummary {
  /// The last step, and seconds up to there.
  let steps: Int?, seconds: Double?
  /// Frames per second over all lines but the first, which is one step; nil if there are no others.
  let speed: Double?

  /// Reads the file at `path`; of one that is not there, or of lines cut off, nothing.
  init(_ path: String) throws {
    self.init(
      try PipelineFolder.lines(path).compactMap { try? JSONValue(parsing: $0.utf8, at: path) })
  }

  /// Sums up lines that were read.
  init(_ lines: [JSONValue]) {
    let ends = lines.filter { $0["event"]?.text == "step" }
    steps = ends.last?["step"]?.count
    seconds = ends.last?["seconds"]?.number
    let rates = ends.filter { ($0["step"]?.count ?? 0) > 1 }
      .compactMap { $0["frames_per_second"]?.number }.filter { $0 > 0 }
    speed = rates.isEmpty ? nil : Double(rates.count) / rates.reduce(0) { $0 + 1 / $1 }
  }
}
