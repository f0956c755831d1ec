import Foundation

/// Decimals that show three digits of `value`, at most nine.
func threeDigits(_ value: Double) -> Int {
  guard value > 0, value.isFinite else { return 0 }
  return min(max(2 - Int(log10(value).rounded(.down)), 0), 9)
}

/// A number with so many decimals, with a real minus sign.
func fixed(_ value: Double, _ decimals: Int) -> String {
  let text = String(format: "%.\(decimals)f", value)
  return text.hasPrefix("-") ? "\u{2212}" + text.dropFirst() : text
}

/// A number with three digits.
func short(_ value: Double) -> String { fixed(value, threeDigits(value.magnitude)) }

/// A number as it was given: 6, 0.5.
func plain(_ value: Double) -> String { String(format: "%.6g", value) }

/// A whole number, thousands apart.
func grouped(_ count: Int) -> String {
  let digits = Array(String(count.magnitude))
  var text = count < 0 ? "\u{2212}" : ""
  for (place, digit) in digits.enumerated() {
    if place > 0 && (digits.count - place) % 3 == 0 { text += "\u{202f}" }
    text.append(digit)
  }
  return text
}

/// `count` of something in words.
func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
}

/// Seconds as 45 s, 8 min 54 s or 3 h 12 min.
func duration(_ seconds: Double) -> String {
  let whole = Int(min(max(seconds.rounded(), 0), 1e9))
  if whole < 60 { return "\(whole == 0 ? short(seconds) : "\(whole)") s" }
  if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
  return "\(whole / 3600) h \(whole / 60 % 60) min"
}
