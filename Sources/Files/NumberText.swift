import Glibc

/// Text with numbers in the formats of C's `printf` and numpy's `savetxt`, collected as bytes.
package struct NumberText {
  /// The text so far, in UTF-8.
  package private(set) var bytes: [UInt8] = []

  /// Starts with an empty text.
  package init() {}

  /// Appends `text` unchanged.
  package mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Appends `x` with `digits` digits after the point and an exponent (`%.<digits>e`), at least
  /// `width` wide.
  package mutating func append(_ x: Double, digits: Int, width: Int = 0) {
    guard x.isFinite else {
      let name = x.isNaN ? "nan" : x < 0 ? "-inf" : "inf"
      append(String(repeating: " ", count: max(0, width - name.count)) + name)
      return
    }
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: max(width, digits + 16)) { buffer in
      let length = withVaList([Int32(width), Int32(digits), x]) {
        vsnprintf(buffer.baseAddress, buffer.count, "%*.*e", $0)
      }
      bytes.append(contentsOf: buffer.prefix(Int(length)).lazy.map { UInt8(bitPattern: $0) })
    }
  }

  /// Appends a line of `values` in the default format of `numpy.savetxt` (`%.18e`, one blank
  /// between).
  package mutating func appendRow(_ values: [Double]) {
    for (place, value) in values.enumerated() {
      if place > 0 { append(" ") }
      append(value, digits: 18)
    }
    append("\n")
  }
}
