import Files

extension ForeignModel {
  /// The model as YAML, the text that DeePMD-kit writes and reads: blocks, members sorted by name,
  /// numbers with as many digits as reading them back exactly needs.
  public var yaml: String {
    var writer = YAMLWriter()
    writer.write(withArrays(tree, isVariables: false), at: 0)
    return writer.text
  }

  /// `value` with arrays in place of their names.
  private func withArrays(_ value: JSONValue, isVariables: Bool) -> JSONValue {
    switch value {
    case .object(let members):
      .object(
        Dictionary(
          uniqueKeysWithValues: members.map { key, member in
            (key, withArrays(member, isVariables: isVariables || key == "@variables"))
          }))
    case .array(let elements):
      .array(elements.map { withArrays($0, isVariables: isVariables) })
    case .string(let name) where isVariables: arrays[name]?.object ?? value
    default: value
    }
  }
}

extension Tensor {
  /// The object of the class `np.ndarray`.
  fileprivate var object: JSONValue {
    [
      "@class": "np.ndarray", "@is_variable": true, "@version": 1, "dtype": .string(precision),
      "value": nested(values[...], shape[...]),
    ]
  }

  private func nested(_ values: ArraySlice<Double>, _ shape: ArraySlice<Int>) -> JSONValue {
    guard let extent = shape.first else { return .number(values[values.startIndex]) }
    guard extent > 0 else { return [] }
    let width = values.count / extent
    return .array(
      (0..<extent).map {
        let start = values.startIndex + $0 * width
        return nested(values[start..<start + width], shape.dropFirst())
      })
  }
}

/// Writes blocks of YAML, as Python's `yaml.safe_dump` does.
///
/// Source: "YAML Ain't Markup Language, version 1.1", which that follows; chapter 8.
private struct YAMLWriter {
  private(set) var text = ""

  /// Writes an object or a list; the first line `continues` another one, or starts at `indent`.
  mutating func write(_ value: JSONValue, at indent: Int, continues: Bool = false) {
    var isFirst = continues
    func startLine(_ text: inout String) {
      if !isFirst { text += String(repeating: " ", count: indent) }
      isFirst = false
    }
    switch value {
    case .object(let members):
      for (key, member) in members.sorted(by: { $0.key < $1.key }) {
        startLine(&text)
        text += Self.word(key) + ":"
        if let scalar = Self.scalar(member) {
          text += " \(scalar)\n"
        } else {
          text += "\n"
          // Lists of a member start where its name does.
          if case .array = member {
            write(member, at: indent)
          } else {
            write(member, at: indent + 2)
          }
        }
      }
    case .array(let elements):
      for element in elements {
        startLine(&text)
        text += "- "
        if let scalar = Self.scalar(element) {
          text += "\(scalar)\n"
        } else {
          write(element, at: indent + 2, continues: true)
        }
      }
    default: preconditionFailure("a value that fits on a line is no block")
    }
  }

  /// The text of a value that fits on a line; nil for one that has parts.
  private static func scalar(_ value: JSONValue) -> String? {
    switch value {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .integer(let number): "\(number)"
    case .number(let number): self.number(number)
    case .string(let text): word(text)
    case .array(let elements): elements.isEmpty ? "[]" : nil
    case .object(let members): members.isEmpty ? "{}" : nil
    }
  }

  /// A number, which has a point: `1e-5` would be a text in YAML 1.1.
  private static func number(_ value: Double) -> String {
    if value.isNaN { return ".nan" }
    if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
    let text = "\(value)"
    guard !text.contains("."), let exponent = text.firstIndex(of: "e") else { return text }
    return "\(text[..<exponent]).0\(text[exponent...])"
  }

  /// A text, in quotes unless it can be nothing else.
  private static func word(_ text: String) -> String {
    let scalars = text.unicodeScalars
    func isLetter(_ scalar: Unicode.Scalar) -> Bool {
      "a"..."z" ~= scalar || "A"..."Z" ~= scalar || scalar == "_"
    }
    let isPlain =
      scalars.first.map(isLetter) ?? false
      && scalars.allSatisfy {
        isLetter($0) || "0"..."9" ~= $0 || "./+-".unicodeScalars.contains($0)
      }
    let others = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
    if isPlain, !others.contains(text.lowercased()) { return text }
    if scalars.allSatisfy({ " "..."~" ~= $0 && $0 != "'" }) { return "'\(text)'" }
    return escaped(text)
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in JSONValue.string(text).serialized.unicodeScalars {
      if scalar.value < 0x7f || scalar.value > 0xffff {
        result.unicodeScalars.append(scalar)
      } else {
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return result
  }
}
