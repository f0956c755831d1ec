import Atoms
import Diagnostics
import Files

/// The elements of the types in a LAMMPS data file, as far as the file gives them.
struct LAMMPSTypeNames {
  private var labels: [Int: String] = [:]
  private var masses: [Int: Double] = [:]
  private var comments: [Int: String] = [:]

  /// Reads the section `Atom Type Labels`: `1 O`.
  mutating func readLabels(_ lines: inout LAMMPSLines) throws {
    try readLines(&lines) { names, words, lines in
      names.labels[try lines.integer(words[0], "a type")] = String(words[1])
    }
  }

  /// Reads the section `Masses`: `1 15.999  # O`.
  mutating func readMasses(_ lines: inout LAMMPSLines) throws {
    try readLines(&lines) { names, words, lines in
      let type = try names.type(labeled: words[0]) ?? lines.integer(words[0], "a type")
      names.masses[type] = try lines.finite(words[1...1])[0]
      let comment = words.dropFirst(2).joined(separator: " ")
      let first = Files.words(comment.drop { $0 == "#" || $0 == " " }.utf8).first
      if let first, Elements.number(of: String(first)) ?? 0 > 0 {
        names.comments[type] = String(first)
      }
    }
  }

  /// The type with the label `word`; nil if there is none.
  func type(labeled word: Substring) -> Int? {
    labels.isEmpty ? nil : labels.first { $1 == word }?.key
  }

  /// The name of each of `types`, and in words the names that were guessed from masses; nil if a
  /// type has no name.
  ///
  /// Masses alone never give two types the same element, because meaningless masses are often all
  /// equal.
  func names(of types: Set<Int>) -> (byType: [Int: String], byMass: String?)? {
    if types.allSatisfy({ labels[$0] != nil }) { return (labels, nil) }
    var names = comments.filter { types.contains($0.key) }, guessed: [String] = []
    for type in types.sorted() where names[type] == nil {
      guard let mass = masses[type], let element = Elements.symbol(ofMass: mass),
        !names.values.contains(element)
      else { return nil }
      names[type] = element
      guessed.append("\(type) is \(element)")
    }
    return (names, guessed.isEmpty ? nil : guessed.joined(separator: ", "))
  }

  /// Calls `body` for each line of the section.
  private mutating func readLines(
    _ lines: inout LAMMPSLines,
    _ body: (inout LAMMPSTypeNames, [Substring], LAMMPSLines) throws -> Void
  ) throws {
    var isBegun = false
    while let line = lines.line() {
      let words = Files.words(line.utf8)
      // A blank line stands before the section and after it.
      if words.isEmpty && isBegun { return }
      if words.isEmpty { continue }
      guard words.count >= 2 else {
        throw lines.damaged("'\(words[0].prefix(40))' found, expected a type and what it is")
      }
      try body(&self, words, lines)
      isBegun = true
    }
  }
}
