import Diagnostics

/// Numbers as text, independent of machine and language.

/// `x` with `decimals` digits after the point, halves away from zero; "nan" or "inf" if it is not
/// finite.
public func fixed(_ x: Double, _ decimals: Int) -> String {
  precondition((0...17).contains(decimals), "\(decimals) decimals")
  guard x.isFinite else { return x.isNaN ? "nan" : x < 0 ? "−inf" : "inf" }
  let scale = powersOfTen[decimals], scaled = (abs(x) * scale).rounded()
  // Numbers beyond 2⁵³ have no decimals that could be rounded.
  guard scaled < 9e15 else { return scientific(x, 3) }
  let digits = String(UInt64(scaled))
  let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
  let text =
    decimals == 0 ? padded : "\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
  return x < 0 && scaled > 0 ? "−" + text : text
}

/// `x` with `digits` significant digits: `0.0123`, `12.3`, `12,300`, `1.23e−7`.
public func significant(_ x: Double, _ digits: Int = 3) -> String {
  guard x.isFinite, x != 0 else { return fixed(x, 0) }
  let exponent = decimalExponent(x, digits)
  if exponent < -4 || exponent > 8 { return scientific(x, digits) }
  let decimals = digits - 1 - exponent
  if decimals >= 0 { return fixed(x, decimals) }
  let unit = powersOfTen[-decimals]
  return grouped((x / unit).rounded() * unit)
}

/// The nearest whole number, with commas between thousands.
func grouped(_ value: Double) -> String {
  abs(value) < 9e15 ? Diagnostics.grouped(Int(value.rounded())) : fixed(value, 0)
}

/// `x` as a mantissa and a power of ten.
private func scientific(_ x: Double, _ digits: Int) -> String {
  let exponent = decimalExponent(x, digits)
  // Two steps are needed, so that neither power overflows.
  let half = exponent / 2
  let mantissa = x / power(half) / power(exponent - half)
  return "\(fixed(mantissa, digits - 1))e\(exponent < 0 ? "−" : "")\(abs(exponent))"
}

/// The power of ten of the first digit of `x` after rounding to `digits` digits.
func decimalExponent(_ x: Double, _ digits: Int = 17) -> Int {
  precondition(x != 0 && x.isFinite)
  var exponent = Int(floorLog10(abs(x)))
  let half = exponent / 2, mantissa = abs(x) / power(half) / power(exponent - half)
  if digits < 17, (mantissa * powersOfTen[digits - 1]).rounded() >= powersOfTen[digits] {
    exponent += 1
  }
  return exponent
}

/// A coordinate in the picture, with one decimal and without needless characters.
func coordinate(_ x: Double) -> String {
  let tenths = Int((min(max(x, -1e6), 1e6) * 10).rounded())
  let (whole, rest) = abs(tenths).quotientAndRemainder(dividingBy: 10)
  let sign = tenths < 0 ? "-" : ""
  return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
}

let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
]
