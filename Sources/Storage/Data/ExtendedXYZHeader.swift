import Atoms
import Diagnostics

/// The second line of an extended XYZ frame, taken apart.
///
/// Source: ASE documentation, ase.io.extxyz: `key=value` pairs, values quoted where they hold blanks.
struct ExtendedXYZHeader {
  /// A column, or several adjacent ones, of the table of atoms.
  struct Column: Equatable {
    let name: String
    /// S(tring), R(eal), I(nteger) or L(ogical).
    let type: Character
    let count: Int
  }

  /// Values as text, quotes removed; a key without a value has the value `T`.
  private(set) var values: [String: String] = [:]
  private(set) var columns: [Column] = []
  let place: String

  /// Parses `line`.
  init(_ line: Substring, place: String) throws {
    self.place = place
    var pairs = PairScanner(line)
    while let (key, value) = pairs.next() { values[key] = value }
    let properties = values["Properties"] ?? values["properties"] ?? "species:S:1:pos:R:3"
    let parts = properties.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count % 3 == 0 else { throw damaged("Properties=\(properties)") }
    for i in stride(from: 0, to: parts.count, by: 3) {
      guard let type = parts[i + 1].first, "SRIL".contains(type), parts[i + 1].count == 1,
        let count = Int(parts[i + 2]), (1...1 << 20).contains(count)
      else { throw damaged("Properties=\(properties)") }
      columns.append(Column(name: String(parts[i]), type: type, count: count))
    }
    if Set(columns.map(\.name)).count != columns.count {
      throw damaged("Properties names a column twice: \(properties)")
    }
    for (name, type, count) in [("species", Character("S"), 1), ("pos", "R", 3)] {
      guard columns.contains(Column(name: name, type: type, count: count)) else {
        throw damaged("Properties has no \(name):\(type):\(count)")
      }
    }
  }

  /// The numbers of `key`; nil if there is no such key or its value is not numbers.
  func numbers(_ key: String) -> [Double]? {
    guard let text = values[key] else { return nil }
    let words = text.utf8.split { $0 == 32 || $0 == 9 || $0 == UInt8(ascii: ",") }
    let numbers = words.compactMap { Double(Substring($0)) }
    return numbers.count == words.count && !numbers.isEmpty ? numbers : nil
  }

  /// The cell vectors as rows (`Lattice`), nil for a frame without periodicity.
  ///
  /// Periodicity along some directions only is an error: the models know all or none.
  func cell() throws -> [Double]? {
    let lattice = numbers("Lattice") ?? numbers("lattice")
    if let lattice, lattice.count != 9 { throw damaged("Lattice has \(lattice.count) numbers") }
    guard let text = values["pbc"] else { return lattice }
    let flags = words(text.utf8[...]).map { "tT1".contains($0.prefix(1)) }
    guard flags.count == 3 else { throw damaged("pbc=\"\(text)\", expected three of T and F") }
    if flags == [false, false, false] { return nil }
    guard flags == [true, true, true] else {
      throw ToolError(
        .data, at: place, "is periodic along some directions only (pbc=\"\(text)\")",
        remedy: "models know all or none: set pbc to \"T T T\" with enough vacuum, or to \"F F F\"")
    }
    guard let lattice else { throw damaged("pbc=\"\(text)\" without Lattice") }
    return lattice
  }

  /// An error about this line.
  func damaged(_ problem: String) -> ToolError {
    ToolError(.data, at: place, "extended XYZ: \(problem)")
  }
}

/// Reads `key=value` pairs off a line; `"…"`, `'…'`, `{…}` and `[…]` quote.
private struct PairScanner {
  private var rest: Substring.UnicodeScalarView
  private static let closing: [Unicode.Scalar: Unicode.Scalar] = [
    "\"": "\"", "'": "'", "{": "}", "[": "]",
  ]

  init(_ line: Substring) { rest = line.unicodeScalars }

  mutating func next() -> (String, String)? {
    while let first = rest.first, first.properties.isWhitespace { rest.removeFirst() }
    guard !rest.isEmpty else { return nil }
    let key = word(endingAtEquals: true)
    guard rest.first == "=" else { return (key, "T") }
    rest.removeFirst()
    return (key, word(endingAtEquals: false))
  }

  private mutating func word(endingAtEquals: Bool) -> String {
    var word = String.UnicodeScalarView()
    var close: Unicode.Scalar?
    while let scalar = rest.first {
      if close == nil && (scalar.properties.isWhitespace || (endingAtEquals && scalar == "=")) {
        break
      }
      rest.removeFirst()
      if scalar == "\\", let escaped = rest.popFirst() {
        word.append(escaped)
      } else if close != nil {
        if scalar == close { close = nil } else { word.append(scalar) }
      } else if let end = Self.closing[scalar] {
        close = end
      } else {
        word.append(scalar)
      }
    }
    return String(word)
  }
}
