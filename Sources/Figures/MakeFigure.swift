import Diagnostics
import Files
import Foundation
import Plotting

/// The figure of the files at `paths`: all of one kind, which the content tells, and data to
/// compare them with.
///
/// Throws `ToolError`: `.missingInput`, `.data` if a file cannot be drawn, `.usage` if the files do
/// not go together.
public func makeFigure(
  of paths: [String], _ options: FigureOptions = FigureOptions(), warn: (String) -> Void = { _ in }
) throws -> Figure {
  let all = paths.flatMap(expanded)
  let found = try collectingErrors(all) { (path: $0, subject: try Subject(at: $0)) }
  func those(_ subject: Subject) -> [String] {
    found.filter { $0.subject == subject }.map(\.path)
  }
  let subjects = Subject.allCases.filter { !those($0).isEmpty }
  var figure =
    switch subjects {
    case [.learningCurve]: try learningCurves(of: those(.learningCurve), options)
    case [.deviation]: try deviations(in: those(.deviation), options)
    case [.details], [.details, .data]:
      try parity(try readDetails(those(.details), data: those(.data)), of: those(.details))
    case [.predictions, .data]:
      try parity(
        try readPredictions(those(.predictions), data: those(.data), warn: warn),
        of: those(.predictions))
    case [.predictions]: throw needsData(those(.predictions)[0])
    case [.profile]: try profile(at: try only(those(.profile), .profile))
    case [.statistics]: try dataOverview(of: try only(those(.statistics), .statistics))
    case [.data]:
      throw ToolError(
        .data, at: those(.data)[0],
        "has no learning curve (lcurve.out), and data alone are not drawn",
        remedy: "draw the statistics of dp-stat, or predictions of dp-eval together with the data")
    default:
      throw ToolError(
        .usage, at: "",
        "these do not go together in one picture: "
          + subjects.map(\.rawValue).joined(separator: ", "),
        remedy: "draw each by itself")
    }
  if let title = options.title { figure.title = title }
  if let columns = options.columns { figure.columns = columns }
  return figure
}

/// The detail files whose names begin with `path`, if `path` itself does not exist.
private func expanded(_ path: String) -> [String] {
  if FileManager.default.fileExists(atPath: path) { return [path] }
  let files = detailFiles(path)
  return files.isEmpty ? [path] : files
}

private func only(_ paths: [String], _ subject: Subject) throws -> String {
  guard paths.count == 1 else {
    throw ToolError(
      .usage, at: "",
      "\(counted(paths.count, "file")) of \(subject.rawValue): one is drawn at a time")
  }
  return paths[0]
}

private func needsData(_ path: String) -> ToolError {
  ToolError(
    .usage, at: path, "predictions are drawn beside the labels that they are meant to meet",
    remedy: "give the data too: dp-plot \(path) validation.h5")
}
