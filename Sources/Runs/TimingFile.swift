import Configuration
import Files
import Foundation
import Training

/// The file `timing.jsonl` with the times of a training's steps, for other programs.
///
/// Times differ from run to run, so these lines are not in `metrics.jsonl`, and no result depends
/// on them.
/// Source: docs/FORMATS.md, "Metrics".
final class TimingFile {
  private let file: GrowingFile
  private let totalSteps: Int
  private let start = ContinuousClock.now
  /// The number of seconds that earlier runs took.
  private let earlier: Double
  private let firstStep: Int
  /// The number of frames since the last line, and the time of that line.
  private var frames = 0, last: ContinuousClock.Instant

  /// Opens the file at `path` for a training that continues after `step` steps; `text` is its
  /// previous content.
  init(
    _ path: String, startingWith text: String, after step: Int, of totalSteps: Int, threads: Int,
    ranks: Int
  ) throws {
    let kept = Self.lines(of: text, until: step)
    file = try GrowingFile(path, startingWith: kept.text)
    earlier = kept.seconds
    firstStep = step
    self.totalSteps = totalSteps
    last = start
    try add([
      "event": "start", "format": "deep-potential timing 1", "step": .integer(step),
      "steps": .integer(totalSteps), "seconds": .number(earlier), "threads": .integer(threads),
      "ranks": .integer(ranks),
    ])
  }

  /// Counts a step; adds a line for a displayed step.
  func add(_ report: StepReport) throws {
    frames += report.frames
    guard report.isDisplayed else { return }
    let now = ContinuousClock.now
    let here = (now - start) / .seconds(1), since = max((now - last) / .seconds(1), 1e-9)
    let rest = here / Double(report.step - firstStep) * Double(totalSteps - report.step)
    try add([
      "event": "step", "step": .integer(report.step), "steps": .integer(totalSteps),
      "seconds": Self.rounded(earlier + here),
      "frames_per_second": Self.rounded(Double(frames) / since),
      "remaining_seconds": Self.rounded(rest),
    ])
    (frames, last) = (0, now)
  }

  private func add(_ line: JSONValue) throws { try file.append(line.serialized + "\n") }

  /// The number rounded to thousandths.
  private static func rounded(_ value: Double) -> JSONValue {
    .number((value * 1000).rounded() / 1000)
  }

  /// The lines of `text` up to `step`, and the sum of their seconds.
  private static func lines(of text: String, until step: Int) -> (text: String, seconds: Double) {
    var kept = "", seconds = 0.0
    for line in text.split(separator: "\n") {
      // A killed training may have cut the last line.
      guard let value = try? JSONValue(parsing: line.utf8, at: ""),
        case .integer(let found)? = value["step"], found <= step
      else { continue }
      kept += line + "\n"
      seconds = value["seconds"].flatMap(ValueKind.number.take) ?? seconds
    }
    return (kept, seconds)
  }
}
