/// The room that text takes, so that texts do not overlap.
///
/// Viewers choose the font.  The widths are those of DejaVu Sans, the widest of the fonts in
/// `Theme.fonts`, so any other one leaves more room than needed.

/// The width of `text` in pixels at `size` pixels.
public func textWidth(_ text: String, size: Double, bold: Bool = false) -> Double {
  let units = text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
  return Double(units) * size * (bold ? 1.11e-3 : 1e-3)
}

/// `text`, or its beginning and end with an ellipsis between, so that the width is at most `limit`
/// pixels.
public func fitted(
  _ text: String, width limit: Double, size: Double, bold: Bool = false
) -> String {
  if textWidth(text, size: size, bold: bold) <= limit { return text }
  let characters = Array(text)
  // The ends of names are more telling than their middles, so characters of the middle are removed.
  for kept in stride(from: characters.count - 1, to: 1, by: -1) {
    let short =
      String(characters.prefix((kept + 1) / 2)) + "…" + String(characters.suffix(kept / 2))
    if textWidth(short, size: size, bold: bold) <= limit { return short }
  }
  return "…"
}

/// `text` in lines no wider than `limit` pixels, broken at blanks where it has some.
func wrapped(_ text: String, width limit: Double, size: Double, bold: Bool = false) -> [String] {
  var lines: [String] = []
  for word in text.split(separator: " ").map(String.init) {
    if let last = lines.last, textWidth("\(last) \(word)", size: size, bold: bold) <= limit {
      lines[lines.count - 1] = "\(last) \(word)"
    } else {
      lines.append(fitted(word, width: limit, size: size, bold: bold))
    }
  }
  return lines
}

/// The width of a character in thousandths of the font's size.
private func width(of scalar: Unicode.Scalar) -> Int {
  switch scalar.value {
  case 32..<127: asciiWidths[Int(scalar.value) - 32]
  case 0..<32, 0x300..<0x370: 0
  case 0xA0..<0x370: 700
  case 0x370..<0x1100: 850
  default: 1000  // the full width of East Asian characters, more than any arrow or sign of ours
  }
}

/// The advance widths of DejaVu Sans 2.37 from blank to tilde.
private let asciiWidths = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
  636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
  575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685,
  611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
  278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
]
