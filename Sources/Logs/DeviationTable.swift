import Atoms
import Diagnostics
import Files

/// One column of a file of model deviations, written by dp-eval, `dp model-devi` or LAMMPS.
///
/// LAMMPS's `pair_style deepmd` writes one header and no names of systems.
/// Source: docs/FORMATS.md, "Model deviation".
public struct DeviationTable: Sendable {
  /// The numbers of the column, one for each line in the order of the file; a number may be NaN.
  public private(set) var values: [Double] = []
  /// The systems that header lines name, each with its number of lines.
  public private(set) var systems: [(name: String, lines: Int)] = []
  private let place: String

  /// Reads the column `name` of the file at `path`.
  ///
  /// Throws `ToolError`: `.missingInput`; `.data` if there is no such column or a line does not fit
  /// its header.
  public init(contentsOf path: String, column name: String) throws {
    place = path
    let text = String(decoding: try contents(ofFile: path), as: UTF8.self)
    var header: [Substring] = [], comment: String?
    for (number, line) in text.split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).enumerated() {
      let here = "\(path):\(number + 1)"
      let words = line.drop { $0 == "#" || $0.isWhitespace }.split(whereSeparator: \.isWhitespace)
      guard !words.isEmpty else { continue }
      if !line.drop(while: \.isWhitespace).hasPrefix("#") {
        values.append(try Self.value(name, words, header, here))
        if !systems.isEmpty { systems[systems.count - 1].lines += 1 }
      } else if words[0] == "step" {
        header = words
        if let comment { systems.append((comment, 0)) }
        comment = nil
      } else {
        comment = words.joined(separator: " ")
      }
    }
    if values.isEmpty { throw ToolError(.data, at: path, "has no lines of deviations") }
  }

  private static func value(
    _ name: String, _ words: [Substring], _ header: [Substring], _ place: String
  ) throws -> Double {
    guard let column = header.firstIndex(of: Substring(name)) else {
      throw ToolError(
        .data, at: place,
        header.isEmpty
          ? "a line of numbers, expected a header '# step max_devi_v ...' before it"
          : "there is no column \(name), only \(header.dropFirst().joined(separator: " "))",
        remedy: "give a file that dp-eval --models, dp model-devi or LAMMPS wrote")
    }
    // The deviations of single atoms may follow, under one name.
    guard words.count > column,
      words.count >= header.count - (header.last == "atm_devi_f(N)" ? 1 : 0)
    else {
      throw ToolError(
        .data, at: place, "has \(counted(words.count, "number")), expected \(header.count)",
        remedy: "the file may be cut short: write it again")
    }
    guard let value = Double(words[column]) else {
      throw ToolError(.data, at: place, "'\(words[column])' is no number (\(name))")
    }
    return value
  }

  /// Throws `ToolError` of kind `.data` unless there is one line for each frame of `data`, system
  /// by system.
  public func requireFrames(of data: [AtomicSystem]) throws {
    let frames = data.reduce(0) { $0 + $1.frameCount }
    guard frames == values.count else {
      throw ToolError(
        .data, at: place,
        "has \(counted(values.count, "line")), but the inputs have \(counted(frames, "frame"))",
        remedy: "give the frames that it was made of: of LAMMPS those dumped every 'out_freq' steps"
      )
    }
    guard systems.reduce(0, { $0 + $1.lines }) == values.count else { return }
    guard systems.count == data.count else {
      throw ToolError(
        .data, at: place,
        "is of \(counted(systems.count, "system")), but the inputs have \(data.count)",
        remedy: "give the same inputs, in the same order")
    }
    for (system, (name, lines)) in zip(data, systems) where system.frameCount != lines {
      throw ToolError(
        .data, at: place,
        "has \(counted(lines, "line")) for '\(name)', but \(system.place) has "
          + counted(system.frameCount, "frame"),
        remedy: "give the same inputs, in the same order")
    }
  }
}
