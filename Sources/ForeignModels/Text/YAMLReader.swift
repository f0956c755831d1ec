import Files

/// Reads the part of YAML that DeePMD-kit writes: block mappings and sequences, flow lists of
/// scalars, and quoted strings.
///
/// Source: "YAML Ain't Markup Language, version 1.2", chapters 7 and 8.
struct YAMLReader {
  /// A line, or the part of it behind a dash.
  private struct Piece {
    let indent: Int
    /// Whether it is a dash, the start of an element.
    let isDash: Bool
    let text: Substring
  }
  private var pieces: [Piece] = []
  private var place = 0

  /// The document in `text`.
  static func read(_ text: String) throws -> JSONValue {
    var reader = YAMLReader(text)
    guard !reader.pieces.isEmpty else { return .null }
    let value = try reader.block(reader.pieces[0].indent, depth: 0)
    guard reader.place == reader.pieces.count else { throw reader.unclear() }
    return value
  }

  private init(_ text: String) {
    for line in text.utf8.split(separator: 10) {
      var indent = line.prefix { $0 == 32 }.count
      var body = Substring(line.dropFirst(indent)).trimmed
      if body.isEmpty || body.first == "#" || body == "---" { continue }
      while body == "-" || body.hasPrefix("- ") {
        pieces.append(Piece(indent: indent, isDash: true, text: ""))
        let rest = body.utf8.dropFirst(), blanks = rest.prefix { $0 == 32 }.count
        indent += 1 + blanks
        body = Substring(rest.dropFirst(blanks))
      }
      if !body.isEmpty { pieces.append(Piece(indent: indent, isDash: false, text: body)) }
    }
  }

  private var next: Piece? { place < pieces.count ? pieces[place] : nil }

  private func unclear() -> Unreadable {
    Unreadable("has YAML that is not understood: \(next?.text.prefix(60) ?? "it ends too early")")
  }

  /// The value whose lines start at `indent`.
  private mutating func block(_ indent: Int, depth: Int) throws -> JSONValue {
    guard depth < 64, let first = next else { throw unclear() }
    if first.isDash { return try sequence(indent, depth) }
    guard YAMLReader.key(of: first.text) != nil else {
      place += 1
      return try scalar(first.text)
    }
    var members: [String: JSONValue] = [:]
    while let piece = next, piece.indent == indent, !piece.isDash {
      guard let (key, rest) = Self.key(of: piece.text) else { throw unclear() }
      place += 1
      guard case .string(let name) = try scalar(key, isKey: true) else { throw unclear() }
      if !rest.isEmpty {
        members[name] = try scalar(rest)
      } else if let below = next, below.indent > indent || (below.indent == indent && below.isDash)
      {
        members[name] = try block(below.indent, depth: depth + 1)
      } else {
        members[name] = .null
      }
    }
    return .object(members)
  }

  private mutating func sequence(_ indent: Int, _ depth: Int) throws -> JSONValue {
    var elements: [JSONValue] = []
    while let piece = next, piece.indent == indent, piece.isDash {
      place += 1
      if let below = next, below.indent > indent {
        elements.append(try block(below.indent, depth: depth + 1))
      } else {
        elements.append(.null)
      }
    }
    return .array(elements)
  }

  /// The key of a line and what follows it; nil if the line has none.
  private static func key(of text: Substring) -> (key: Substring, rest: Substring)? {
    guard let first = text.utf8.first, first != UInt8(ascii: "["), first != UInt8(ascii: "{") else {
      return nil
    }
    var end = text.startIndex
    if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
      guard let quote = closingQuote(of: text) else { return nil }
      end = text.index(after: quote)
      guard end < text.endIndex, text[end] == ":" else { return nil }
    } else {
      guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
      end = colon
    }
    let rest = text[text.index(after: end)...]
    guard rest.isEmpty || rest.first == " " else { return nil }
    return (text[..<end], rest.trimmed)
  }

  /// The place of the quote that ends the quoted text at the start of `text`.
  private static func closingQuote(of text: Substring) -> Substring.Index? {
    guard let quote = text.first else { return nil }
    var index = text.index(after: text.startIndex)
    while index < text.endIndex {
      let after = text.index(after: index)
      if quote == "\"", text[index] == "\\" {
        guard after < text.endIndex else { return nil }
        index = text.index(after: after)
      } else if text[index] == quote {
        // In single quotes, two quotes stand for one.
        guard quote == "'", after < text.endIndex, text[after] == "'" else { return index }
        index = text.index(after: after)
      } else {
        index = after
      }
    }
    return nil
  }

  /// The value of `text`, which may continue on the next lines.
  private mutating func scalar(_ text: Substring, isKey: Bool = false) throws -> JSONValue {
    var text = String(text)
    while !isKey, !Self.isComplete(text) {
      guard let piece = next, !piece.isDash, text.utf8.count < 1 << 20 else { throw unclear() }
      text += " " + piece.text
      place += 1
    }
    guard let first = text.first else { return .null }
    if first == "\"" || first == "'" {
      guard let value = Self.quoted(text) else { throw unclear() }
      return .string(value)
    }
    if isKey { return .string(text) }
    if first == "[" { return try list(text) }
    return Self.plain(text)
  }

  private static func isComplete(_ text: String) -> Bool {
    switch text.first {
    case "[": text.last == "]"
    case "\"", "'": closingQuote(of: text[...]) != nil
    default: true
    }
  }

  private static func quoted(_ text: String) -> String? {
    guard closingQuote(of: text[...]) == text.index(before: text.endIndex) else { return nil }
    if text.first == "'" {
      var isFirst = false  // of two quotes, which stand for one
      return text.dropFirst().dropLast().filter { character in
        isFirst = character == "'" && !isFirst
        return isFirst || character != "'"
      }
    }
    return (try? JSONValue(parsing: text.utf8, at: ""))?.text
  }

  private mutating func list(_ text: String) throws -> JSONValue {
    let inner = text.dropFirst().dropLast().trimmed
    guard !inner.contains("["), !inner.contains("{") else { throw unclear() }
    var elements: [JSONValue] = []
    for part in inner.split(separator: ",") {
      let part = String(part.trimmed)
      if part.first == "\"" || part.first == "'" {
        guard let value = Self.quoted(part) else { throw unclear() }
        elements.append(.string(value))
      } else {
        elements.append(Self.plain(part))
      }
    }
    return .array(elements)
  }

  private static func plain(_ text: String) -> JSONValue {
    switch text {
    case "null", "~", "": return .null
    case "true": return true
    case "false": return false
    case "{}": return [:]
    case ".nan": return .number(.nan)
    case ".inf": return .number(.infinity)
    case "-.inf": return .number(-.infinity)
    default: break
    }
    if let value = Int(text) { return .integer(value) }
    let isNumber = text.utf8.allSatisfy {
      0x30...0x39 ~= $0 || [0x2b, 0x2d, 0x2e, 0x45, 0x65].contains($0)
    }
    return isNumber ? Double(text).map { .number($0) } ?? .string(text) : .string(text)
  }
}

extension ForeignModel {
  /// Reads a model written as YAML.
  static func readYAML(_ bytes: [UInt8]) throws -> ForeignModel {
    let tree = try YAMLReader.read(decodedText(bytes))
    guard tree["model"] != nil else { throw Unreadable("is YAML, but holds no model") }
    return try ForeignModel(arraysInside: tree)
  }
}
