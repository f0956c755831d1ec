/// The text of a picture that is being made, with a line for each element.
struct SVGWriter {
  private(set) var text = ""

  /// Adds an element without content.
  mutating func element(_ name: String, _ attributes: [(String, String)]) {
    text += "<\(name)\(SVGWriter.written(attributes))/>\n"
  }

  /// Adds an element with the content that `body` adds.
  mutating func group(
    _ name: String, _ attributes: [(String, String)], _ body: (inout SVGWriter) -> Void
  ) {
    text += "<\(name)\(SVGWriter.written(attributes))>\n"
    body(&self)
    text += "</\(name)>\n"
  }

  /// Adds a path, unless it has no points.
  mutating func path(_ commands: String, _ attributes: [(String, String)]) {
    if !commands.isEmpty { element("path", [("d", commands)] + attributes) }
  }

  /// Adds a line of text with its baseline at `y`; `anchor` is "start", "middle" or "end".
  mutating func label(
    _ content: String, x: Double, y: Double, anchor: String = "start", role: String = "ink",
    _ more: [(String, String)] = []
  ) {
    label(raw: SVGWriter.escaped(content), x: x, y: y, anchor: anchor, role: role, more)
  }

  /// Adds the label of an axis, with exponents raised.
  mutating func label(_ content: TickLabel, x: Double, y: Double, anchor: String) {
    let (base, raised) = content.parts, size = coordinate(Theme.text * TickLabel.raisedSize)
    let exponent =
      raised.isEmpty ? "" : "<tspan dy=\"-4\" font-size=\"\(size)\">\(raised)</tspan>"
    label(
      raw: SVGWriter.escaped(base) + exponent, x: x, y: y, anchor: anchor, role: "ink", [])
  }

  private mutating func label(
    raw: String, x: Double, y: Double, anchor: String, role: String, _ more: [(String, String)]
  ) {
    var attributes = [("x", coordinate(x)), ("y", coordinate(y))]
    if anchor != "start" { attributes.append(("text-anchor", anchor)) }
    attributes += fill(role) + more
    text += "<text\(SVGWriter.written(attributes))>\(raw)</text>\n"
  }

  /// The attributes of an area in the color of `role`.
  func fill(_ role: String) -> [(String, String)] {
    [("class", role), ("fill", Theme.color(role))]
  }

  private static func written(_ attributes: [(String, String)]) -> String {
    attributes.map { " \($0)=\"\(escaped($1))\"" }.joined()
  }

  /// `text` escaped for use between tags and in attributes; characters that XML does not allow
  /// become blanks.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case _ where scalar.value < 32 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
        result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// The attributes of a line in a color of the palette, or in the neutral color.
func strokeAttributes(_ style: Style) -> [(String, String)] {
  let name = style.color.map { "c\($0 % Theme.light.count)" } ?? "guide"
  var attributes = [
    ("class", "\(name)-line"), ("fill", "none"), ("stroke", hue(style.color)),
    ("stroke-width", coordinate(style.isFaint ? 1 : style.width)), ("stroke-linejoin", "round"),
  ]
  if let pattern = Theme.pattern(style.dash), !style.isFaint {
    attributes.append(("stroke-dasharray", pattern))
  }
  if style.isFaint { attributes.append(("stroke-opacity", "0.25")) }
  return attributes
}

/// The attributes of an area in a color of the palette.
func fillAttributes(_ color: Int?, opacity: String? = nil) -> [(String, String)] {
  let name = color.map { "c\($0 % Theme.light.count)" } ?? "guide"
  return [("class", name), ("fill", hue(color))]
    + (opacity.map { [("fill-opacity", $0)] } ?? [])
}

private func hue(_ color: Int?) -> String {
  color.map { Theme.light[$0 % Theme.light.count] } ?? Theme.color("guide")
}
