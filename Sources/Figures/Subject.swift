import Diagnostics
import Files
import Foundation
import Runs

/// The kind of content of a file or folder.
public enum Subject: String, Sendable, CaseIterable {
  /// An `lcurve.out` of this program or of DeePMD-kit.
  case learningCurve = "learning curve"
  /// `model_devi.out` of dp-eval, `dp model-devi` or LAMMPS.
  case deviation = "model deviation"
  /// Detail files of `dp-eval --detail` or `dp test -d`.
  case details = "detail files"
  /// A dataset of `dp-eval --predictions`.
  case predictions
  /// A profile of dp-profile.
  case profile
  /// A `stat.h5` of dp-stat.
  case statistics
  /// Systems with labels.
  case data

  /// Finds the kind of `path`.  Throws `.missingInput` if it does not exist, `.data` if it is of
  /// none of these kinds.
  public init(at path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      // A group in a data file is data.
      if path.contains("#") {
        self = .data
        return
      }
      throw ToolError(
        .missingInput, at: path, "no such file or folder",
        remedy: "give a run folder, or a file that dp-stat, dp-train, dp-eval or dp-profile wrote")
    }
    if isFolder(path) {
      self = try folderContents(at: path).contains("lcurve.out") ? .learningCurve : .data
      return
    }
    self = try Subject(ofFile: path)
  }

  private init(ofFile path: String) throws {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw ToolError(.missingInput, at: path, "cannot be read")
    }
    defer { try? file.close() }
    let start = [UInt8]((try? file.read(upToCount: 4096)) ?? Data())
    if start.isEmpty { throw ToolError(.data, at: path, "is empty") }
    if start.starts(with: [0x89, 0x48, 0x44, 0x46]) {
      self = try Subject(ofHDF5: path)
      return
    }
    guard let subject = Subject(of: String(decoding: start, as: UTF8.self)) else {
      throw ToolError(
        .data, at: path, "is nothing that can be drawn",
        remedy:
          "give a learning curve, predictions or detail files, a profile (JSON), statistics, or "
          + "model deviations")
    }
    self = subject
  }

  private init(ofHDF5 path: String) throws {
    switch try FileKind(ofHDF5: path) {
    case .statistics: self = .statistics
    case .predictions: self = .predictions
    case .data: self = .data
    case .model:
      throw ToolError(
        .data, at: path, "is a model: there is nothing of it to draw",
        remedy: "give the run folder for its learning curve, or predictions of dp-eval")
    }
  }

  /// Finds the kind by the beginning of a text file; nil if it is unknown.
  private init?(of text: String) {
    // Some editors begin a file with a byte order mark.
    let start = text.drop { $0.isWhitespace || $0 == "\u{feff}" }
    if start.hasPrefix("{") {
      self = .profile
      return
    }
    let headings = start.split(whereSeparator: \.isNewline).prefix(4).filter { $0.hasPrefix("#") }
    for heading in headings {
      if heading.contains("max_devi_") {
        self = .deviation
        return
      }
      // The heading of a row with many labels is longer than what was read of it.
      if heading.contains("data_"), heading.contains("pred_") || text.utf8.count >= 4096 {
        self = .details
        return
      }
      let words = heading.dropFirst().split(separator: " ")
      if words.first == "step" || words.first == "batch" {
        self = .learningCurve
        return
      }
    }
    // Extended XYZ begins with a number of atoms.
    guard Int(start.prefix { !$0.isNewline }.trimmingCharacters(in: .whitespaces)) != nil else {
      return nil
    }
    self = .data
  }
}
