import Diagnostics
import Files
import Foundation

/// The numbers of a learning curve, as any release of DeePMD-kit writes it.
///
/// A restarted training appends a header and lines to the same file.  Of lines with the same step
/// the last one counts; where the steps go back, the lines of the abandoned steps are left out.
package struct CurveTable {
  /// The steps in ascending order.
  package private(set) var steps: [Double] = []
  /// The names of the columns after the step: `rmse_e_val`, `lr`, or `rmse:water_trn` for a task
  /// called water.
  package private(set) var columns: [String] = []
  /// The numbers of each column, with nan where a line has none.
  package private(set) var values: [String: [Double]] = [:]

  /// Reads `text`, the content of the file at `path`.
  ///
  /// An unfinished last line is left out, and so are unfinished lines of a killed training before
  /// the next header.  Throws `.data` that names the line for a word that is no number, and for a
  /// line that does not fit its header.
  package init(_ text: [UInt8], path: String) throws {
    let blocks = CurveBlock.blocks(of: text, path)
    for (index, block) in blocks.enumerated() {
      let names = try block.columnNames()
      for name in names.dropFirst() where values[name] == nil {
        columns.append(name)
        values[name] = Array(repeating: .nan, count: steps.count)
      }
      let rows = try block.numbers(width: names.count, isLast: index == blocks.count - 1)
      for row in rows { add(row, names) }
    }
  }

  private mutating func add(_ row: [Double], _ names: [String]) {
    let kept = steps.lastIndex { $0 < row[0] }.map { $0 + 1 } ?? 0
    steps.removeSubrange(kept...)
    steps.append(row[0])
    for name in columns { values[name]?.removeSubrange(kept...) }
    for (name, value) in zip(names, row).dropFirst() { values[name]?.append(value) }
    for name in columns where values[name]?.count != steps.count { values[name]?.append(.nan) }
  }
}

/// A header of a learning curve and the lines below it.
private struct CurveBlock {
  private let header: [String]
  private var rows: [(place: String, text: ArraySlice<UInt8>)] = []

  /// Splits `text` into blocks.
  static func blocks(of text: [UInt8], _ path: String) -> [CurveBlock] {
    var blocks: [CurveBlock] = []
    let lines = text.split(separator: 10, omittingEmptySubsequences: false).dropLast()
    for (number, line) in lines.enumerated() {
      // A header may follow half a line of a killed training.
      let parts = line.split(
        separator: UInt8(ascii: "#"), maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 1 && line.contains(where: { !isBlank($0) }) {
        if blocks.isEmpty { blocks.append(CurveBlock(header: [])) }
        blocks[blocks.count - 1].rows.append(("\(path):\(number + 1)", line))
      }
      let names = parts.count == 2 ? words(of: parts[1]) : []
      if ["step", "batch"].contains(names.first) {
        blocks.append(CurveBlock(header: names.map(presentName)))
      }
    }
    return blocks.filter { !$0.rows.isEmpty }
  }

  private init(header: [String]) { self.header = header }

  /// The names of the columns that the lines have.
  ///
  /// Some releases name columns for validation data or for quantities without labels, but write no
  /// numbers for them.
  func columnNames() throws -> [String] {
    let width = Self.words(of: rows[0].text).count
    if header.count == width { return header }
    let validation = ["_val", "_tst"]
    func isOf(_ quantity: String, _ name: String) -> Bool {
      quantityAndKind(name).quantity.split(separator: "_").last.map(String.init) == quantity
    }
    let withoutValidation = header.filter { name in !validation.contains { name.hasSuffix($0) } }
    var candidates = [withoutValidation]
    for names in [header, withoutValidation] {
      for quantity in ["v", "ae", "pf", "e", "f"] {
        candidates.append(names.filter { !isOf(quantity, $0) })
      }
    }
    guard let found = candidates.first(where: { $0.count == width }) else {
      throw ToolError(
        .data, at: rows[0].place,
        "has \(counted(width, "number")), but the header names \(counted(header.count, "column"))",
        remedy: "write a header that names the columns of the lines below it")
    }
    return found
  }

  /// The numbers of all lines, `width` in each; `isLast` tells that no other block follows.
  func numbers(width: Int, isLast: Bool) throws -> [[Double]] {
    try rows.enumerated().compactMap { index, row in
      let words = Self.words(of: row.text), numbers = words.compactMap { Double($0) }
      if numbers.count == width && words.count == width && numbers[0].isFinite {
        return numbers
      }
      // A killed training was writing this line.
      if !isLast && index == rows.count - 1 && index > 0 && words.count <= width { return nil }
      if let word = words.first(where: { Double($0) == nil }) {
        throw ToolError(
          .data, at: row.place, "'\(word.prefix(40))' found, expected a number")
      }
      throw ToolError(
        .data, at: row.place, "has \(counted(words.count, "number")), expected \(width)")
    }
  }

  private static func words(of line: ArraySlice<UInt8>) -> [String] {
    line.split(whereSeparator: isBlank).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }

  /// `name` in present form: DeePMD-kit 1 writes `l2_e_tst` for `rmse_e_tst`, and a task's name may
  /// stand last, as in `rmse_val_water` for `rmse:water_val`.
  private static func presentName(_ name: String) -> String {
    let name = name == "l2" || name.hasPrefix("l2_") ? "rmse" + name.dropFirst(2) : name
    for kind in ["_val", "_trn"] {
      guard let mark = name.firstRange(of: kind + "_") else { continue }
      return "\(name[..<mark.lowerBound]):\(name[mark.upperBound...])\(kind)"
    }
    return name
  }
}

/// The quantity of a column, such as `rmse_e`, and its kind of frames: `_val`, `_trn`, `_tst` or
/// empty.
package func quantityAndKind(_ column: String) -> (quantity: String, kind: String) {
  let kind = ["_val", "_trn", "_tst"].first(where: column.hasSuffix) ?? ""
  return (String(column.dropLast(kind.count)), kind)
}
