/// A piece of a page.
///
/// A literal is markup.  A value in an interpolation is text and is escaped, unless it is an `HTML`
/// itself: in `"<td>\(name)</td>"` no tag can come from `name`.
struct HTML: ExpressibleByStringInterpolation, Equatable {
  /// The markup.
  var markup: String

  init(stringLiteral value: String) { markup = value }

  init(stringInterpolation: Interpolation) { markup = stringInterpolation.markup }

  /// Makes a text.
  init(text: String) { markup = Self.escaped(text) }

  /// Makes a name, which a narrow window may break behind its slashes and underscores.
  init(name: String) {
    markup = name.map { character in
      Self.escaped(String(character)) + ("/_".contains(character) ? "<wbr/>" : "")
    }.joined()
  }

  /// Takes markup that is known to be safe.
  init(markup: String) { self.markup = markup }

  struct Interpolation: StringInterpolationProtocol {
    var markup = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      markup.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    mutating func appendLiteral(_ literal: String) { markup += literal }

    mutating func appendInterpolation(_ piece: HTML) { markup += piece.markup }

    mutating func appendInterpolation(_ pieces: [HTML]) { markup += pieces.joined().markup }

    mutating func appendInterpolation(_ text: String) { markup += HTML.escaped(text) }

    mutating func appendInterpolation(_ number: Int) { markup += "\(number)" }
  }

  /// `text` escaped for use between tags and in attributes; characters that are not allowed in a
  /// page become blanks.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n": result += "\n"
      case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value),
        _ where scalar.value & 0xfffe == 0xfffe:
        result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  static func + (a: HTML, b: HTML) -> HTML { HTML(markup: a.markup + b.markup) }
}

extension [HTML] {
  /// The pieces one after the other.
  func joined(separator: HTML = "") -> HTML {
    HTML(markup: map(\.markup).joined(separator: separator.markup))
  }
}
