import Diagnostics
import Foundation

/// A text file with numbers in columns below lines that begin with `#`.
package struct NumberTable {
  /// A comment line without its `#`, and the number of rows before it.
  package struct Heading {
    package let text: String
    package let row: Int
  }

  package let path: String
  package let headings: [Heading]
  /// The count of numbers in a row, and all numbers row by row.
  package let columnCount: Int
  package let values: [Double]

  package var rowCount: Int { columnCount == 0 ? 0 : values.count / columnCount }

  /// Reads `text`, the content of `path`.
  ///
  /// Throws `.data` that names the line for a word that is no number, and for rows of different
  /// lengths.
  package init(_ text: [UInt8], path: String) throws {
    self.path = path
    var headings: [Heading] = [], values: [Double] = [], columns = 0, rows = 0
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]  // some editors put it before a text
    var lines = text.dropFirst(text.starts(with: mark) ? 3 : 0).split(
      separator: 10, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines = lines.dropLast() }
    for (number, line) in lines.enumerated() {
      guard let first = line.first(where: { $0 != 32 && $0 != 9 && $0 != 13 }) else { continue }
      if first == UInt8(ascii: "#") {
        let text = String(decoding: line, as: UTF8.self).drop { $0 == " " || $0 == "#" }
        headings.append(Heading(text: text.trimmingCharacters(in: .whitespaces), row: rows))
        continue
      }
      let count = values.count
      try NumberTable.append(line, to: &values, at: "\(path):\(number + 1)")
      let found = values.count - count
      if rows == 0 { columns = found }
      guard found == columns else {
        throw ToolError(
          .data, at: "\(path):\(number + 1)",
          "has \(counted(found, "number")), but the first row has \(columns)")
      }
      rows += 1
    }
    (self.headings, self.values, columnCount) = (headings, values, columns)
  }

  /// Column `index` of the rows in `range`, by default of all rows.
  package func column(_ index: Int, _ range: Range<Int>? = nil) -> [Double] {
    (range ?? 0..<rowCount).map { values[$0 * columnCount + index] }
  }

  /// Appends the numbers of `line`, which may be "nan" and "inf".
  private static func append(
    _ line: ArraySlice<UInt8>, to values: inout [Double], at place: String
  ) throws {
    for word in line.split(whereSeparator: { $0 == 32 || $0 == 9 || $0 == 13 }) {
      let text = String(decoding: word, as: UTF8.self)
      guard let value = Double(text) else {
        throw ToolError(.data, at: place, "'\(text.prefix(40))' found, expected a number")
      }
      values.append(value)
    }
  }
}
