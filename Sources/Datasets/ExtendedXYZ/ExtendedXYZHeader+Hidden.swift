import Diagnostics

extension ExtendedXYZHeader {
  /// The keys whose loss would make other data of a frame, apart from those of the cell.
  private static let neededKeys = ["properties", "energy", "virial", "stress"]

  /// Throws if a text in quotes, or a value, holds a key that the frame needs and the line has
  /// nowhere else.
  ///
  /// ASE reads such a text as one word and says nothing: with `"Properties=species:S:1:..."` the
  /// forces are lost.  A value, such as that of `comment`, may speak of energies; of columns it
  /// does not.
  func requireNothingHidden() throws {
    for key in Self.neededKeys where !has(key) {
      guard let text = hidden([key], inValues: key == "properties") else { continue }
      throw damaged(
        "\(text) stands in quotes or in another value, where it is no key",
        remedy: "write each key=value by itself, with quotes around the value only")
    }
  }

  /// The first `key=value` in a text in quotes, or in a value if `inValues`, whose key is one of
  /// `keys`; nil if there is none.
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
