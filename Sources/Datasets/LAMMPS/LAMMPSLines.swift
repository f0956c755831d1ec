import Diagnostics
import Files

/// The lines of one of LAMMPS's text files, read one after the other.
struct LAMMPSLines {
  let path: String
  private let lines: [Substring.UTF8View]
  private var next = 0

  /// Begins the file at `path`, whose content is `bytes`.
  init(_ bytes: [UInt8], path: String) {
    self.path = path
    lines = decodedText(bytes).utf8.split(separator: 10, omittingEmptySubsequences: false)
  }

  /// Where the line is that was read last, for messages; lines count from 1.
  var place: String { "\(path), line \(lineNumber)" }

  /// The number of that line.
  var lineNumber: Int { next }

  /// How many lines are still to be read.
  var remaining: Int { lines.count - next }

  /// The next line; nil at the end.
  mutating func line() -> Substring? {
    guard next < lines.count else { return nil }
    next += 1
    return Substring(lines[next - 1])
  }

  /// Makes the line that was read last the next one again.
  mutating func stepBack() { next -= 1 }

  /// The words of the next line that has some; nil at the end.
  ///
  /// Without what follows `#` if `withComment` is false.
  mutating func words(withComment: Bool = true) -> [Substring]? {
    while let line = line() {
      let text = withComment ? line : line.prefix { $0 != "#" }
      let words = Files.words(text.utf8)
      if !words.isEmpty { return words }
    }
    return nil
  }

  /// The words of the next line that has some; throws if there is none or if it has fewer than
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

  /// The finite numbers that `words` of the last line are; throws if one is none.
  func finite(_ words: some Sequence<Substring>) throws -> [Double] {
    try words.map { word in
      guard let value = number(word), value.isFinite else {
        throw damaged("'\(word.prefix(40))' found, expected a finite number")
      }
      return value
    }
  }

  /// The whole number from `least` on that `word` of the last line is; `name` is for messages.
  func integer(_ word: Substring, _ name: String, least: Int = .min) throws -> Int {
    guard let value = Int(word), value >= least else {
      throw damaged("'\(word.prefix(40))' found, expected \(name)")
    }
    return value
  }

  /// An error at the line that was read last.
  func damaged(_ problem: String, remedy: String? = nil) -> ToolError {
    ToolError(.data, at: place, problem, remedy: remedy)
  }
}
