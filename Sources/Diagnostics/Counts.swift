/// Counts in the form that people read, the same in messages, tables, pictures and pages.

/// A whole number, with commas between thousands from 10,000 on.
public func grouped(_ count: Int) -> String {
  let digits = Array(String(count.magnitude)), sign = count < 0 ? "−" : ""
  if digits.count < 5 { return sign + String(digits) }
  var text = ""
  for (place, digit) in digits.enumerated() {
    if place > 0 && (digits.count - place).isMultiple(of: 3) { text += "," }
    text.append(digit)
  }
  return sign + text
}

/// A count with its noun: "1 frame", "2 frames", "12,000 frames".
///
/// `plural` is for nouns that do not just take an s.
public func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
}

/// The first five of `names`, and the number of the others: "a, b", "a, b, c, d, e and 12 more".
public func listed(_ names: [String]) -> String {
  let shown = names.prefix(5).joined(separator: ", ")
  return names.count > 5 ? "\(shown) and \(grouped(names.count - 5)) more" : shown
}
