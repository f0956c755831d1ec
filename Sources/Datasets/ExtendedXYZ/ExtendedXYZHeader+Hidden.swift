import Diagnostics

extension ExtendedXYZHeader {
  /// The keys without which a frame would mean something else, apart from those of the cell.
  private static let neededKeys = ["properties", "energy", "virial", "stress"]

  /// Throws if a quoted text or a value contains a key that the frame needs and the line does not
  /// have elsewhere.
  ///
  /// ASE reads such a text as one word, without a message: with `"Properties=species:S:1:..."` the
  /// forces are lost.  A value, for example that of `comment`, may mention an energy, but not
  /// columns.
  func requireNothingHidden() throws {
    for key in Self.neededKeys where !has(key) {
      guard let text = hidden([key], inValues: key == "properties") else { continue }
      throw damaged(
        "\(text) stands in quotes or in another value, where it is no key",
        remedy: "write each key=value by itself, with quotes around the value only")
    }
  }

  /// The first `key=value` whose key is one of `keys` in a quoted text, or also in a value if
  /// `inValues`; nil if there is none.
  func hidden(_ keys: [String], inValues: Bool) -> String? {
    for item in items {
      let text = item.value == nil ? item.key : inValues ? item.value ?? "" : ""
      guard text.utf8.contains(UInt8(ascii: "=")) else { continue }
      let inner = HeaderItem.all(in: text.drop { "[{(".contains($0) })
      if let found = inner.first(where: { $0.value != nil && keys.contains($0.key.lowercased()) }) {
        return "\(found.key)=\(short(found.value))"
      }
    }
    return nil
  }
}
