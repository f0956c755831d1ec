import Files

/// The numbers of a value in an extended XYZ header, and the rows that brackets make of them.
struct HeaderNumbers {
  /// The numbers in their order.
  private(set) var values: [Double] = []
  /// The number of rows that inner brackets make; nil without such brackets.
  private(set) var rows: Int?

  /// Reads `text`: numbers separated by blanks or commas, also as `[1, 2]`, `[[1, 0], [0, 1]]` and
  /// after ASE's `_JSON`.
  ///
  /// It gives nil for other words, for brackets that are unbalanced or deeper, and for rows of
  /// different lengths.
  init?(_ text: String) {
    let text = text.hasPrefix("_JSON ") ? text.dropFirst(6) : text[...]
    var depth = 0, deepest = 0, lengths: [Int] = [], loose = 0
    var start: Substring.UTF8View.Index?
    func take(_ end: Substring.UTF8View.Index) -> Bool {
      guard let first = start else { return true }
      start = nil
      guard let value = number(text[first..<end]) else { return false }
      values.append(value)
      if let last = lengths.indices.last, depth > 0 { lengths[last] += 1 } else { loose += 1 }
      return true
    }
    for index in text.utf8.indices {
      switch text.utf8[index] {
      case 32, 9...13, UInt8(ascii: ","):
        guard take(index) else { return nil }
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        guard take(index), depth < 2 else { return nil }
        depth += 1
        deepest = max(deepest, depth)
        if depth == 2 && lengths.last == 0 { lengths.removeLast() }
        lengths.append(0)
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        guard take(index), depth > 0 else { return nil }
        depth -= 1
      default:
        if start == nil { start = index }
      }
    }
    guard take(text.utf8.endIndex), depth == 0, !values.isEmpty else { return nil }
    guard lengths.isEmpty || loose == 0 else { return nil }
    if deepest == 2 || lengths.count > 1 {
      guard lengths.allSatisfy({ $0 == lengths[0] }) else { return nil }
      rows = lengths.count
    }
  }
}
