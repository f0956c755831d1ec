import Files
import Foundation
import Models
import Training

/// The files `metrics.jsonl` and `timing.jsonl` of the run folder, in which other programs can
/// follow a training.
final class MetricsFiles {
  private let text: MetricsText
  private let metric: ValidationMetric?
  private let metrics: GrowingFile
  private let timing: TimingFile

  /// Opens the files in the folder at `path`.  `metrics` is the previous content of
  /// `metrics.jsonl`; that of `timing.jsonl` up to `step` is read from the folder `place`.
  init(
    _ setup: RunSetup, _ text: MetricsText, in path: String, startingWith metrics: String,
    timing place: String, after step: Int, threads: Int
  ) throws {
    self.text = text
    metric = setup.inputs.first.validating?.metric
    self.metrics = try GrowingFile(file(in: path, RunFolder.metrics), startingWith: metrics)
    // No result depends on this file, so an unreadable one is replaced.
    let earlier = try? String(contentsOfFile: file(in: place, RunFolder.timing), encoding: .utf8)
    timing = try TimingFile(
      file(in: path, RunFolder.timing), startingWith: step > 0 ? earlier ?? "" : "", after: step,
      of: setup.rate.totalSteps, threads: threads, ranks: setup.first.communicator.size)
  }

  /// The length of `metrics.jsonl` in bytes.
  var length: Int { metrics.length }

  /// Counts a step; adds lines for a displayed step.
  func add(_ report: StepReport) throws {
    if report.isDisplayed { try metrics.append(text.row(report)) }
    try timing.add(report)
  }

  /// Adds the lines of a full validation.
  func add(_ reports: [ValidationReport]) throws {
    guard let metric else { return }
    for report in reports { try metrics.append(text.row(report, metric)) }
  }

  /// Waits until `metrics.jsonl` is on the disk.
  func flush() throws { try metrics.flush() }
}
