import Foundation

/// The JSON that tools print.
public enum JSONText {
  /// `value` with sorted keys, indented, ended by a newline; the same value gives the same bytes.
  ///
  /// Numbers have as many digits as reading them back exactly needs; JSON has no infinities, so
  /// those and nan become the strings "inf", "-inf" and "nan".
  public static func pretty(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}
