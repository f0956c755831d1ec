import Diagnostics
import Files

/// The lines of one of LAMMPS's text files, read one after the other.
struct LAMMPSLines {
  let path: String
  private let lines: [Substring.UTF8View]
  private var next = 0

  /// Starts at the first line of `bytes`, the content of the file at `path`.
  init(_ bytes: [UInt8], path: String) {
    self.path = path
    lines = decodedText(bytes).utf8.split(separator: 10, omittingEmptySubsequences: false)
  }

  /// The place of the line that was read last, for messages; lines count from 1.
  var place: String { "\(path), line \(lineNumber)" }

  /// The number of the line that was read last.
  var lineNumber: Int { next }

  /// The number of lines that are still to be read.
  var remaining: Int { lines.count - next }

  /// The next line; nil at the end.
  mutating func line() -> Substring? {
    guard next < lines.count else { return nil }
    next += 1
    return Substring(lines[next - 1])
  }

  /// Steps back, so that the line that was read last is read again.
  mutating func stepBack() { next -= 1 }

  /// The words of the next line that has any; nil at the end.
  ///
  /// If `withComment` is false, `#` and the text after it are left out.
  mutating func words(withComment: Bool = true) -> [Substring]? {
    while let line = line() {
      let text = withComment ? line : line.prefix { $0 != "#" }
      let words = Files.words(text.utf8)
      if !words.isEmpty { return words }
    }
    return nil
  }

  /// The words of the next line that has any; throws if there is none, or if it has fewer than
  /// `count`.
  mutating func words(atLeast count: Int, _ expected: String) throws -> [Substring] {
    guard let words = words() else {
      throw ToolError(.data, at: path, "ends where \(expected) should be")
    }
    guard words.count >= count else {
      throw damaged("'\(words.joined(separator: " "))' found, expected \(expected)")
    }
    return words
  }

  /// The finite numbers in `words` of the last line; throws if a word is none.
  func finite(_ words: some Sequence<Substring>) throws -> [Double] {
    try words.map { word in
      guard let value = number(word), value.isFinite else {
        throw damaged("'\(word.prefix(40))' found, expected a finite number")
      }
      return value
    }
  }

  /// The whole number, `least` or more, in `word` of the last line; `name` is for messages.
  func integer(_ word: Substring, _ name: String, least: Int = .min) throws -> Int {
    guard let value = Int(word), value >= least else {
      throw damaged("'\(word.prefix(40))' found, expected \(name)")
    }
    return value
  }

  /// Makes an error about the line that was read last.
  func damaged(_ problem: String, remedy: String? = nil) -> ToolError {
    ToolError(.data, at: place, problem, remedy: remedy)
  }
}
