import Diagnostics
import Files

/// Frame numbers as users write them: `0,5,9`, `0:100:2`, `-10:`, with the meaning that they have
/// in Python.
public struct FrameRanges: Sendable {
  private enum Part {
    case number(Int)
    case range(from: Int?, to: Int?, by: Int)
  }
  private var parts: [(text: String, place: String, part: Part)] = []

  /// Reads `text`: numbers and ranges separated by commas.  Throws `ToolError` of kind `.usage`.
  public init(parsing text: String, place: String) throws {
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      try add(String(word.filter { $0 != " " }), place, .usage)
    }
  }

  /// Reads the file at `path`: numbers and ranges separated by commas, blanks or line ends; `#`
  /// begins a comment.
  ///
  /// Throws `ToolError`: `.missingInput`, or `.data` with the number of the line.
  public init(contentsOf path: String) throws {
    let text = String(decoding: try contents(ofFile: path), as: UTF8.self)
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (number, line) in lines.enumerated() {
      let words = line.prefix { $0 != "#" }.split { $0.isWhitespace || $0 == "," }
      for word in words { try add(String(word), "\(path):\(number + 1)", .data) }
    }
    guard !parts.isEmpty else {
      throw ToolError(
        .data, at: path, "names no frames", remedy: "write numbers of frames, such as 0 5 9")
    }
  }

  private mutating func add(_ text: String, _ place: String, _ kind: ToolError.Kind) throws {
    let pieces = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = pieces.map { Int($0) }
    let areRead = zip(pieces, numbers).allSatisfy { $0.isEmpty || $1 != nil }
    let step = numbers.count == 3 && !pieces[2].isEmpty ? numbers[2] ?? 0 : 1
    guard areRead, step > 0, pieces.count <= 3, pieces.count > 1 || !text.isEmpty else {
      throw ToolError(
        kind, at: place, "'\(text)' is no number of a frame and no range",
        remedy: "write numbers or ranges 'first:end' or 'first:end:step', such as 0,5,9 or 0:100:2")
    }
    if pieces.count == 1, let number = numbers[0] {
      parts.append((text, place, .number(number)))
    } else {
      parts.append((text, place, .range(from: numbers[0], to: numbers[1], by: step)))
    }
  }

  /// Marks the named frames of `count` frames.
  ///
  /// Negative numbers count from the end.  As in Python, a range may extend beyond the frames.
  /// Throws `ToolError` of kind `.data` for a number that is no frame's.
  public func marks(of count: Int) throws -> [Bool] {
    var marks = Array(repeating: false, count: count)
    for (text, place, part) in parts {
      switch part {
      case .number(let number):
        // There is no sum here because the number may be the smallest integer.
        guard number < count, number >= -count else {
          throw ToolError(
            .data, at: place, "there is no frame \(text) among \(count) (counting from 0)",
            remedy: "name frames 0 to \(count - 1), or -\(count) to -1 from the end")
        }
        marks[number < 0 ? number + count : number] = true
      case .range(let from, let to, let step):
        func bound(_ value: Int?, _ absent: Int) -> Int {
          guard let value else { return absent }
          return value < 0 ? max(max(value, -count) + count, 0) : min(value, count)
        }
        let first = bound(from, 0), end = bound(to, count)
        for frame in stride(from: first, to: max(first, end), by: step) { marks[frame] = true }
      }
    }
    return marks
  }
}
