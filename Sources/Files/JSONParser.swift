import Diagnostics

extension JSONValue {
  /// Reads one JSON document from UTF-8 `text`, with `//` and `/* */` comments if allowed.
  ///
  /// `4` becomes `.integer`, `4.0` and `4e0` become `.number`.  Throws an error of `kind` at
  /// `<place>:<line>:<column>`.  Source: RFC 8259; a key that appears twice is an error here.
  public init(
    parsing text: some Sequence<UInt8>, at place: String, kind: ToolError.Kind = .data,
    allowingComments: Bool = false
  ) throws {
    var parser = JSONParser(Array(text), place, kind, allowingComments)
    self = try parser.document()
  }
}

/// A recursive-descent parser over the bytes of a document.
private struct JSONParser {
  private let bytes: [UInt8]
  private let place: String
  private let kind: ToolError.Kind
  private let allowsComments: Bool
  private var position = 0
  private var depth = 0

  init(_ bytes: [UInt8], _ place: String, _ kind: ToolError.Kind, _ allowsComments: Bool) {
    self.bytes = bytes
    self.place = place
    self.kind = kind
    self.allowsComments = allowsComments
    // Some editors write a byte order mark, which is not part of the document.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  mutating func document() throws -> JSONValue {
    let value = try value()
    try skipBlanks()
    guard position == bytes.count else { throw error("expected the end of the document") }
    return value
  }

  private mutating func value() throws -> JSONValue {
    try skipBlanks()
    switch peek {
    case UInt8(ascii: "{"): return try nested { try $0.object() }
    case UInt8(ascii: "["): return try nested { try $0.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case let byte? where byte == UInt8(ascii: "-") || isDigit(byte): return try number()
    case nil: throw error("the document ends too early")
    default: throw error("expected a value")
    }
  }

  /// Runs `body` one level deeper; the limit keeps a hostile document from using up the stack.
  private mutating func nested(_ body: (inout Self) throws -> JSONValue) throws -> JSONValue {
    guard depth < 200 else { throw error("more than 200 levels of nesting") }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  private mutating func object() throws -> JSONValue {
    position += 1
    var members: [String: JSONValue] = [:]
    if try accept("}") { return .object(members) }
    repeat {
      try skipBlanks()
      guard peek == UInt8(ascii: "\"") else { throw error("expected a key in quotation marks") }
      let start = position, key = try string()
      // Input files of DeePMD-kit may repeat the key "_comment".
      guard members[key] == nil || allowsComments && key.hasPrefix("_") else {
        throw error("key '\(key)' appears twice", at: start)
      }
      guard try accept(":") else { throw error("expected ':'") }
      members[key] = try value()
    } while try accept(",")
    guard try accept("}") else { throw error("expected ',' or '}'") }
    return .object(members)
  }

  private mutating func array() throws -> JSONValue {
    position += 1
    var elements: [JSONValue] = []
    if try accept("]") { return .array(elements) }
    repeat { elements.append(try value()) } while try accept(",")
    guard try accept("]") else { throw error("expected ',' or ']'") }
    return .array(elements)
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws -> JSONValue {
    guard bytes[position...].starts(with: word.utf8) else { throw error("expected a value") }
    position += word.utf8.count
    return value
  }

  private mutating func number() throws -> JSONValue {
    let start = position
    while let byte = peek, "+-.eE0123456789".utf8.contains(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard isNumber(text.utf8) else {
      throw error("'\(text)' is not a number", at: start)
    }
    if let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else {
      throw error("'\(text)' is out of range", at: start)
    }
    return .number(number)
  }

  private mutating func string() throws -> String {
    let start = position
    position += 1
    var content: [UInt8] = []
    while let byte = peek, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw error("a line break or control character in a string") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        try appendEscaped(to: &content)
      } else {
        content.append(byte)
      }
    }
    guard peek != nil else { throw error("a string without end", at: start) }
    position += 1
    guard let text = String(validating: content, as: UTF8.self) else {
      throw error("a string that is not UTF-8", at: start)
    }
    return text
  }

  private mutating func appendEscaped(to content: inout [UInt8]) throws {
    guard let byte = peek else { throw error("the document ends too early") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
    case UInt8(ascii: "b"): content.append(8)
    case UInt8(ascii: "f"): content.append(12)
    case UInt8(ascii: "n"): content.append(10)
    case UInt8(ascii: "r"): content.append(13)
    case UInt8(ascii: "t"): content.append(9)
    case UInt8(ascii: "u"):
      var units = [try codeUnit()]
      if (0xD800..<0xDC00).contains(units[0]), bytes[position...].starts(with: "\\u".utf8) {
        position += 2
        units.append(try codeUnit())
      }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw error("half of a surrogate pair")
      }
      content.append(contentsOf: text.utf8)
    default: throw error("unknown escape in a string", at: position - 2)
    }
  }

  private mutating func codeUnit() throws -> UInt16 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error("expected four hexadecimal digits") }
    position += 4
    return unit
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func accept(_ symbol: Unicode.Scalar) throws -> Bool {
    try skipBlanks()
    guard peek == UInt8(ascii: symbol) else { return false }
    position += 1
    return true
  }

  /// Skips white space and, if allowed, comments.
  private mutating func skipBlanks() throws {
    while let byte = peek {
      if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
        position += 1
      } else if allowsComments, bytes[position...].starts(with: "//".utf8) {
        position = bytes[position...].firstIndex(of: 0x0A) ?? bytes.count
      } else if allowsComments, bytes[position...].starts(with: "/*".utf8) {
        let start = position
        position += 2
        while !bytes[position...].starts(with: "*/".utf8) {
          guard position < bytes.count else { throw error("a comment without end", at: start) }
          position += 1
        }
        position += 2
      } else {
        return
      }
    }
  }

  private func error(_ problem: String, at where: Int? = nil) -> ToolError {
    let before = bytes[..<(`where` ?? position)]
    let line = before.count { $0 == 0x0A } + 1
    let column = before.reversed().prefix { $0 != 0x0A }.count + 1
    return ToolError(kind, at: "\(place):\(line):\(column)", problem)
  }
}

private func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

/// Whether `text` is `-?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)?`; `Double` accepts more.
private func isNumber(_ text: String.UTF8View) -> Bool {
  var rest = text[...]
  func digits() -> Int {
    let count = rest.prefix(while: isDigit).count
    rest = rest.dropFirst(count)
    return count
  }
  if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
  let startsWithZero = rest.first == UInt8(ascii: "0")
  let whole = digits()
  guard whole == 1 || whole > 1 && !startsWithZero else { return false }
  if rest.first == UInt8(ascii: ".") {
    rest.removeFirst()
    guard digits() > 0 else { return false }
  }
  if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
    rest.removeFirst()
    if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    guard digits() > 0 else { return false }
  }
  return rest.isEmpty
}
