import Diagnostics
import Foundation

/// The number of decimals that show three digits of `value`, at most nine.
func threeDigits(_ value: Double) -> Int {
  guard value > 0, value.isFinite else { return 0 }
  return min(max(2 - Int(log10(value).rounded(.down)), 0), 9)
}

/// A number with `decimals` decimals, with a true minus sign, and with separated thousands as in
/// counts.
func fixed(_ value: Double, _ decimals: Int) -> String {
  let text = String(format: "%.\(decimals)f", value.magnitude)
  let whole = text.prefix { $0 != "." }
  let sign = value < 0 ? "\u{2212}" : ""
  return sign + (Int(whole).map(grouped) ?? String(whole)) + text.dropFirst(whole.count)
}

/// A number with three digits.
func short(_ value: Double) -> String { fixed(value, threeDigits(value.magnitude)) }

/// A number as it was given: 6, 0.5.
func plain(_ value: Double) -> String { String(format: "%.6g", value) }

/// Seconds as 45 s, 8 min 54 s or 3 h 12 min.
func duration(_ seconds: Double) -> String {
  let whole = Int(min(max(seconds.rounded(), 0), 1e9))
  if whole < 60 { return "\(whole == 0 ? short(seconds) : "\(whole)") s" }
  if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
  return "\(whole / 3600) h \(whole / 60 % 60) min"
}
