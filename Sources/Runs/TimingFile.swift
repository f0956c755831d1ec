import Configuration
import Files
import Foundation
import Training

/// `timing.jsonl`: what the steps of a training took, for programs.
///
/// No two runs take the same time, so these lines stand apart from `metrics.jsonl`, and nothing
/// depends on them.
/// Source: docs/FORMATS.md, "Metrics".
final class TimingFile {
  private let file: GrowingFile
  private let totalSteps: Int
  private let start = ContinuousClock.now
  /// Seconds before `start`, in earlier runs.
  private let earlier: Double
  private let firstStep: Int
  /// Frames since the last line, and when that was.
  private var frames = 0, last: ContinuousClock.Instant

  /// Opens the file at `path` for a training that goes on after `step` steps; `text` is what was in
  /// it.
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

  /// Notes a step, in a line if it is displayed.
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

  /// Milliseconds are enough.
  private static func rounded(_ value: Double) -> JSONValue {
    .number((value * 1000).rounded() / 1000)
  }

  /// The lines of `text` up to `step`, and the seconds that they come to.
  private static func lines(of text: String, until step: Int) -> (text: String, seconds: Double) {
    var kept = "", seconds = 0.0
    for line in text.split(separator: "\n") {
      // A kill may have cut the last one.
      guard let value = try? JSONValue(parsing: line.utf8, at: ""),
        case .integer(let found)? = value["step"], found <= step
      else { continue }
      kept += line + "\n"
      seconds = value["seconds"].flatMap(ValueKind.number.take) ?? seconds
    }
    return (kept, seconds)
  }
}
