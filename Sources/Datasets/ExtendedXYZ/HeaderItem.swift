import Files

/// A word of an extended XYZ header, and its value if it has one.
struct HeaderItem {
  let key: String
  /// The text after `=`, without quotes but with brackets; nil for a word without `=`.
  private(set) var value: String?
  /// Whether the value stood in quotes or brackets.
  let isQuoted: Bool
  /// The next word, if it has no `=`.
  private(set) var next: String?

  init(key: String, value: String?, isQuoted: Bool) {
    self.key = key
    self.value = value
    self.isQuoted = isQuoted
  }

  /// The words and values of `line`.
  ///
  /// Numbers and truth values that follow an unquoted one belong to the same value: `pbc=1 1 1` has
  /// three.
  static func all(in line: Substring) -> [HeaderItem] {
    var scanner = HeaderScanner(line), items: [HeaderItem] = []
    var isOpen = false
    while let item = scanner.next() {
      if item.value == nil, let last = items.indices.last {
        if isOpen && isNumberOrFlag(item.key) {
          items[last].value?.append(" \(item.key)")
          continue
        }
        if items[last].value != nil { items[last].next = item.key }
      }
      isOpen = !item.isQuoted && item.value.map(isNumberOrFlag) ?? false
      items.append(item)
    }
    return items
  }

  private static func isNumberOrFlag(_ word: String) -> Bool {
    number(word) != nil || flag(word) != nil
  }
}

/// The truth value that `word` stands for; nil if it is none.
func flag(_ word: some StringProtocol) -> Bool? {
  switch word.lowercased() {
  case "t", "true", ".true.", "1": true
  case "f", "false", ".false.", "0": false
  default: nil
  }
}

/// Splits a line into words and `key=value` pairs; `"…"`, `'…'`, `{…}` and `[…]` enclose a value.
///
/// Unlike in ASE, a quote that is never closed is a normal character, so that it hides nothing, and
/// `key= other=value` has an empty value.
/// Source: ASE 3.29, ase.io.extxyz.key_val_str_to_dict; github.com/libAtoms/extxyz for nested
/// brackets.
private struct HeaderScanner {
  private var rest: Substring.UnicodeScalarView
  private static let deepest = 8

  init(_ line: Substring) { rest = line.unicodeScalars }

  mutating func next() -> HeaderItem? {
    skipBlanks()
    guard !rest.isEmpty else { return nil }
    let key = quoted() ?? word(endingAtEquals: true)
    let afterKey = rest
    skipBlanks()
    guard rest.first == "=" else {
      rest = afterKey
      return HeaderItem(key: key, value: nil, isQuoted: false)
    }
    rest.removeFirst()
    let afterEquals = rest
    skipBlanks()
    if rest.startIndex != afterEquals.startIndex && isAtKey {
      return HeaderItem(key: key, value: "", isQuoted: false)
    }
    if let value = quoted() {
      return HeaderItem(
        key: key, value: value + word(endingAtEquals: false), isQuoted: true)
    }
    return HeaderItem(key: key, value: word(endingAtEquals: false), isQuoted: false)
  }

  /// Whether a key and its `=` come next.
  private var isAtKey: Bool {
    var ahead = self
    guard ahead.quoted() == nil, !ahead.word(endingAtEquals: true).isEmpty else { return false }
    ahead.skipBlanks()
    return ahead.rest.first == "="
  }

  private mutating func skipBlanks() {
    while let first = rest.first, first.properties.isWhitespace { rest.removeFirst() }
  }

  /// Reads a text in quotes or brackets; nil, with nothing read, if none begins here or it does not
  /// end.
  private mutating func quoted() -> String? {
    guard let first = rest.first else { return nil }
    switch first {
    case "\"", "'": return text(until: first)
    case "{": return brackets("{", "}")
    case "[": return brackets("[", "]")
    default: return nil
    }
  }

  private mutating func text(until close: Unicode.Scalar) -> String? {
    var ahead = rest.dropFirst(), text = String.UnicodeScalarView()
    while let scalar = ahead.popFirst() {
      if scalar == close {
        rest = ahead
        return String(text)
      }
      if scalar == "\\" {
        guard let escaped = ahead.popFirst() else { return nil }
        text.append(escaped)
      } else {
        text.append(scalar)
      }
    }
    return nil
  }

  /// Reads a text in brackets, including them; it may contain further brackets.
  private mutating func brackets(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar
  ) -> String? {
    var ahead = rest, text = String.UnicodeScalarView(), depth = 0
    while let scalar = ahead.popFirst() {
      text.append(scalar)
      if scalar == open { depth += 1 }
      if scalar == close { depth -= 1 }
      guard depth > 0 else {
        rest = ahead
        return String(text)
      }
      // Without a limit, a line of opening brackets would be read again from each of them.
      guard depth <= Self.deepest else { return nil }
    }
    return nil
  }

  private mutating func word(endingAtEquals: Bool) -> String {
    var word = String.UnicodeScalarView()
    while let scalar = rest.first {
      if scalar.properties.isWhitespace || (endingAtEquals && scalar == "=") { break }
      rest.removeFirst()
      if scalar == "\\", let escaped = rest.popFirst() {
        word.append(escaped)
      } else {
        word.append(scalar)
      }
    }
    return String(word)
  }
}
