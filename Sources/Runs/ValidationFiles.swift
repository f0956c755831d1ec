import Configuration
import Diagnostics
import Files
import Foundation
import Logs
import Training

/// The files of full validation in a run folder: for each kind of weights, a log and the best
/// checkpoints.
final class ValidationFiles {
  /// The columns of the logs.
  let columns: ValidationColumns
  private let text: ValidationLog
  private let options: ValidatingOptions
  private let logs: [TrainedWeights: GrowingFile]
  private let bestFolder: String

  /// Opens the logs in the folder at `path`, with `texts` as their previous content.
  init(
    _ options: ValidatingOptions, in path: String, totalSteps: Int, texts: [TrainedWeights: String]
  ) throws {
    self.options = options
    columns = ValidationColumns(options.metric)
    let text = ValidationLog(titles: columns.titles, totalSteps: totalSteps)
    self.text = text
    bestFolder = options.bestFolder.map { file(in: path, $0) } ?? path
    var logs: [TrainedWeights: GrowingFile] = [:]
    for weights in options.weights {
      logs[weights] = try GrowingFile(
        file(in: path, options.logFile(of: weights)), startingWith: texts[weights] ?? text.header)
    }
    self.logs = logs
    if options.savesBest { try makeFolder(bestFolder) }
  }

  /// The length of each log in bytes.
  var lengths: [TrainedWeights: Int] { logs.mapValues(\.length) }

  /// The path of a validation's checkpoint; nil if it is not among the best.
  func checkpoint(of report: ValidationReport) -> String? {
    name(of: report).map { file(in: bestFolder, $0) }
  }

  /// The path of the checkpoint at `place` among the best.
  func checkpoint(_ weights: TrainedWeights, step: Int, place: Int) -> String {
    file(in: bestFolder, Self.name(weights, step: step, place: place))
  }

  /// Adds a line, which is on the disk before any other file is written.
  func add(_ report: ValidationReport) throws {
    // The name is relative to the run folder, which may be moved.
    let name = name(of: report).map { name in options.bestFolder.map { "\($0)/\(name)" } ?? name }
    let saved = name.map { ValidationLog.saved($0, columns.text(of: report.errors)) }
    try logs[report.weights]?.append(
      text.row(step: report.step, columns.values(of: report.errors)) + (saved ?? ""))
    try logs[report.weights]?.flush()
  }

  /// Renames and removes checkpoints until the best ones in the folder are those in `states`.
  ///
  /// It is called after a checkpoint of the training has stored `states`, so that files for an
  /// earlier checkpoint exist until then.
  func tidy(_ states: [TrainedWeights: ValidationState]) throws {
    guard options.savesBest else { return }
    for weights in options.weights {
      let places = (states[weights]?.best ?? []).enumerated().map { ($1.step, $0 + 1) }
      let expected = Dictionary(uniqueKeysWithValues: places)
      for (step, place) in try found(weights) {
        let path = checkpoint(weights, step: step, place: place)
        guard let right = expected[step] else {
          try? FileManager.default.removeItem(atPath: path)
          continue
        }
        if right != place { rename(path, checkpoint(weights, step: step, place: right)) }
      }
    }
  }

  /// The step and the place of each best checkpoint in the folder.
  private func found(_ weights: TrainedWeights) throws -> [(step: Int, place: Int)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: bestFolder)) ?? []
    return names.sorted().compactMap { name in
      guard let match = name.wholeMatch(of: /(.*)-([0-9]+)\.t-([0-9]+)\.h5/),
        match.1 == Self.prefix(weights), let step = Int(match.2), let place = Int(match.3)
      else { return nil }
      return (step, place)
    }
  }

  private func name(of report: ValidationReport) -> String? {
    guard options.savesBest, let place = report.place else { return nil }
    return Self.name(report.weights, step: report.step, place: place)
  }

  private static func name(_ weights: TrainedWeights, step: Int, place: Int) -> String {
    "\(prefix(weights))-\(step).t-\(place).h5"
  }

  /// The beginning of the checkpoints' names, which is DeePMD-kit's.
  private static func prefix(_ weights: TrainedWeights) -> String {
    weights == .present ? "best.ckpt" : "best_ema.ckpt"
  }
}
