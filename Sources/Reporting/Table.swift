import Diagnostics
import Files

/// A table of a page.
struct Table {
  /// A column: its heading, the unit below it, and whether it holds numbers, which are aligned at
  /// their decimal points.
  struct Column {
    var title: String, unit = "", isNumber = true

    init(_ title: String, unit: String = "", isNumber: Bool = true) {
      (self.title, self.unit, self.isNumber) = (title, unit, isNumber)
    }
  }

  /// The content of a cell.
  enum Cell {
    case text(String), piece(HTML), count(Int)
    /// A number; all numbers of a column have as many decimals as the largest needs for three
    /// digits.
    case number(Double?)
    /// A number with three digits, for columns of different quantities.
    case digits(Double?)
  }

  var columns: [Column]
  var rows: [[Cell]]

  /// The table as HTML, in a box that scrolls alone if the window is narrow.
  var html: HTML {
    let heads = columns.map { column -> HTML in
      let unit: HTML = column.unit.isEmpty ? "" : "<span class=\"unit\">\(column.unit)</span>"
      return column.isNumber
        ? "<th scope=\"col\" class=\"number\">\(column.title)\(unit)</th>"
        : "<th scope=\"col\">\(column.title)\(unit)</th>"
    }
    let decimals = columns.indices.map { column in Self.decimals(rows.map { $0[column] }) }
    let body = rows.map { row -> HTML in
      let cells = row.indices.map { cell(row[$0], $0, decimals[$0]) }
      return "<tr>\(cells)</tr>\n"
    }
    return """
      <div class="scroll"><table>
      <thead><tr>\(heads)</tr></thead>
      <tbody>
      \(body)</tbody>
      </table></div>

      """
  }

  private func cell(_ cell: Cell, _ column: Int, _ decimals: Int) -> HTML {
    let content: HTML =
      switch cell {
      case .text(let text): HTML(name: text)
      case .piece(let piece): piece
      case .count(let count): "\(grouped(count))"
      case .number(let number?) where number.isFinite: "\(fixed(number, decimals))"
      case .digits(let number?) where number.isFinite: "\(Self.padded(number, to: decimals))"
      case .number, .digits: "<span class=\"none\">–</span>"
      }
    if columns[column].isNumber { return "<td class=\"number\">\(content)</td>" }
    if column > 0 { return "<td>\(content)</td>" }
    // Without this, a narrow window would break the text at each word.
    if case .text(let text) = cell, text.count > 24 {
      return "<th scope=\"row\" class=\"long\">\(content)</th>"
    }
    return "<th scope=\"row\">\(content)</th>"
  }

  /// The largest number of decimals in a column of `cells`.
  private static func decimals(_ cells: [Cell]) -> Int {
    var largest = 0.0, most = 0
    for cell in cells {
      switch cell {
      case .number(let value?) where value.isFinite: largest = max(largest, value.magnitude)
      case .digits(let value?) where value.isFinite: most = max(most, threeDigits(value.magnitude))
      default: continue
      }
    }
    return max(threeDigits(largest), most)
  }

  /// A number with three digits, followed by blanks as wide as the missing decimals and the point.
  private static func padded(_ value: Double, to decimals: Int) -> String {
    let own = threeDigits(value.magnitude)
    let point = own == 0 && decimals > 0 ? "\u{2008}" : ""
    return fixed(value, own) + point + String(repeating: "\u{2007}", count: decimals - own)
  }
}
