import Atoms
import Diagnostics

/// The parsed second line of an extended XYZ frame; keys are found in upper or lower case.
struct ExtendedXYZHeader {
  /// The words and pairs of the line.
  let items: [HeaderItem]
  /// The columns of the table of atoms.
  let columns: [ExtendedXYZColumn]
  /// The columns that name the element, and the index of the first coordinate's word.
  let elementColumns: [ExtendedXYZColumn], positionStart: Int
  /// The line itself.
  let line: Substring
  let place: String
  /// The indices in `items` of the keys that have values, by the keys in lower case.
  private let found: [String: [Int]]

  /// Parses `line`; `place` is for messages.
  init(_ line: Substring, place: String) throws {
    self.line = line
    self.place = place
    items = HeaderItem.all(in: line)
    var found: [String: [Int]] = [:]
    for (index, item) in items.enumerated() where item.value != nil {
      found[item.key.lowercased(), default: []].append(index)
    }
    self.found = found
    var properties: String?
    if let last = found["properties"]?.last { properties = items[last].value }
    columns = try ExtendedXYZColumn.all(in: properties ?? "species:S:1:pos:R:3", place: place)
    elementColumns = columns.filter { [.species, .number].contains($0.meaning) }
    positionStart = columns.first { $0.meaning == .position }?.start ?? 0
    try requireNothingHidden()
  }

  /// Whether the line has a value for `key`, which must be in lower case.
  func has(_ key: String) -> Bool { found[key] != nil }

  /// The value of one of `keys`; nil if the line has none of them.
  ///
  /// Throws if several of them, or several spellings of one, have different values.
  func item(_ keys: String...) throws -> HeaderItem? { try item(keys) }

  /// The same for a list.
  func item(_ keys: [String]) throws -> HeaderItem? {
    let all = keys.flatMap { found[$0] ?? [] }.map { items[$0] }
    guard let first = all.first else { return nil }
    if let other = all.dropFirst().first(where: { !Self.agree($0, first) }) {
      throw ToolError(
        .data, at: place,
        "\(first.key)=\(short(first.value)) and \(other.key)=\(short(other.value)) differ",
        remedy: "keep the one that is right, or say which with --labels (docs/FORMATS.md)")
    }
    return first
  }

  /// The value of the key with exactly this spelling, otherwise in another case; nil if there is
  /// none.
  func item(named name: String) -> HeaderItem? {
    let all = (found[name.lowercased()] ?? []).map { items[$0] }
    return all.last { $0.key == name } ?? all.last
  }

  /// The numbers of `item`.  Throws for other text, and names the key and the text.
  func numbers(_ item: HeaderItem) throws -> HeaderNumbers {
    guard let value = item.value, let numbers = HeaderNumbers(value) else {
      throw damaged("\(item.key)=\(short(item.value)) found, expected numbers")
    }
    return numbers
  }

  /// Makes an error about this line.
  func damaged(_ problem: String, remedy: String? = nil) -> ToolError {
    ToolError(.data, at: place, "extended XYZ: \(problem)", remedy: remedy)
  }

  /// Whether two values are equal, up to the last digits of numbers.
  private static func agree(_ a: HeaderItem, _ b: HeaderItem) -> Bool {
    if a.value == b.value { return true }
    guard let a = a.value.flatMap({ HeaderNumbers($0) }),
      let b = b.value.flatMap({ HeaderNumbers($0) })
    else { return false }
    return nearlyEqual(a.values, b.values)
  }
}

/// Whether `a` and `b` are equal up to the digits that programs round away.
func nearlyEqual(_ a: [Double], _ b: [Double]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-6 * max(1, abs($0)) }
}

/// Shortens `text` for a message.
func short(_ text: String?) -> String {
  let text = text ?? ""
  return "\"\(text.count > 60 ? text.prefix(57) + "..." : text[...])\""
}
