import Diagnostics
import Foundation

/// The description at the start of a `.npy` file.
///
/// Source: NumPy reference, "numpy.lib.format": magic `\x93NUMPY`, version, length of the header
/// (two bytes in version 1, four in versions 2 and 3), a Python dictionary.
struct NPYHeader: Equatable {
  /// The kind of a number, with NumPy's letter.
  enum Scalar: Character { case float = "f", signed = "i", unsigned = "u", bool = "b" }

  var scalar: Scalar
  /// The number of bytes of one number.
  var size: Int
  var isBigEndian: Bool
  var isColumnMajor: Bool
  var shape: [Int]
  /// The offset of the numbers in the file.
  var dataOffset: Int

  /// The count of numbers.
  var count: Int { shape.reduce(1, *) }

  /// Whether the numbers are doubles in the byte order of this machine.
  var isOurDouble: Bool {
    scalar == .float && size == 8 && isBigEndian == (1.bigEndian == 1)
  }

  /// Reads the header at the start of `bytes`.
  init(_ bytes: [UInt8], place: String) throws {
    let damaged = { (what: String) in ToolError(.data, at: place, "is not a NumPy array: \(what)") }
    guard bytes.count >= 10, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw damaged("it does not begin with NumPy's magic bytes")
    }
    let lengthSize = bytes[6] == 1 ? 2 : 4
    guard (1...3).contains(bytes[6]) else { throw damaged("unknown version \(bytes[6])") }
    guard bytes.count >= 8 + lengthSize else { throw damaged("the header is cut short") }
    let length = bytes[8..<8 + lengthSize].reversed().reduce(0) { $0 << 8 | Int($1) }
    dataOffset = 8 + lengthSize + length
    guard dataOffset <= bytes.count else { throw damaged("the header is cut short") }
    let text = String(decoding: bytes[8 + lengthSize..<dataOffset], as: UTF8.self)
    guard let entries = PythonDictionary(text) else { throw damaged("its header is \(text)") }

    guard let descr = entries["descr"], let type = Self.type(descr) else {
      throw ToolError(
        .data, at: place,
        "holds elements of the type \(entries["descr"] ?? "unknown"), expected numbers")
    }
    (scalar, size, isBigEndian) = type
    guard let order = entries["fortran_order"], ["True", "False"].contains(order) else {
      throw damaged("its header lacks fortran_order")
    }
    isColumnMajor = order == "True"
    guard let shape = entries["shape"].flatMap(Self.shape) else {
      throw damaged("its shape is \(entries["shape"] ?? "missing")")
    }
    self.shape = shape
  }

  /// Splits a type such as `<f8` or `|b1` into its parts.
  private static func type(_ descr: String) -> (Scalar, Int, Bool)? {
    let letters = Array(descr)
    guard letters.count >= 3, "<>|=".contains(letters[0]),
      let scalar = Scalar(rawValue: letters[1]),
      let size = Int(String(letters[2...]))
    else { return nil }
    let sizes = scalar == .float ? [2, 4, 8] : scalar == .bool ? [1] : [1, 2, 4, 8]
    return sizes.contains(size) ? (scalar, size, letters[0] == ">") : nil
  }

  /// Reads a tuple such as `(5, 18)`, `(5,)` or `()`; nil if the product exceeds the memory.
  private static func shape(_ tuple: String) -> [Int]? {
    guard tuple.hasPrefix("("), tuple.hasSuffix(")") else { return nil }
    var shape: [Int] = [], product = 1
    for part in tuple.dropFirst().dropLast().split(separator: ",") {
      let digits = part.trimmingCharacters(in: .whitespaces)
      if digits.isEmpty { continue }
      // NumPy has the same limit of 64 axes.
      guard let length = Int(digits), length >= 0, shape.count < 64 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: max(length, 1))
      guard !overflow, next <= 1 << 48 else { return nil }
      product = next
      shape.append(length)
    }
    return shape
  }
}

/// The flat dictionary literal in a NumPy header, with its values as they are written.
private struct PythonDictionary {
  private var entries: [String: String] = [:]

  subscript(key: String) -> String? { entries[key] }

  /// Parses `{'descr': '<f8', 'fortran_order': False, 'shape': (5, 18), }`.
  init?(_ text: String) {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard text.hasPrefix("{"), text.hasSuffix("}") else { return nil }
    var parts: [String] = [""], depth = 0
    for letter in text.dropFirst().dropLast() {
      if letter == "(" || letter == "[" { depth += 1 }
      if letter == ")" || letter == "]" { depth -= 1 }
      if letter == "," && depth == 0 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(letter)
      }
    }
    for part in parts {
      let sides = part.split(separator: ":", maxSplits: 1).map {
        $0.trimmingCharacters(in: CharacterSet(charactersIn: " '\"\t\n"))
      }
      if sides.isEmpty || sides == [""] { continue }
      guard sides.count == 2 else { return nil }
      entries[sides[0]] = sides[1]
    }
  }
}
