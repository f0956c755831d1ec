/// A step of 1, 2 or 5 times a power of ten, used for the marks of an axis and for bins.
struct DecimalStep {
  let mantissa: Int, exponent: Int

  /// The smallest such step that is at least `least`; nil if that is no normal number above zero.
  init?(atLeast least: Double) {
    guard least.isNormal, least > 0 else { return nil }
    let decade = Int(floorLog10(least))
    let fitting = [1, 2, 5].first { Double($0) * power(decade) >= least * (1 - 1e-9) }
    (mantissa, exponent) = fitting.map { ($0, decade) } ?? (1, decade + 1)
  }

  /// The value of `n` steps; dividing gives the double nearest to the decimal number.
  func value(_ n: Double) -> Double {
    let units = n * Double(mantissa)
    return exponent < 0 ? units / power(-exponent) : units * power(exponent)
  }

  /// The number of steps to the last multiple at or below `x`, and to the first at or above it.
  func floor(_ x: Double) -> Double { (x / value(1) + 1e-9).rounded(.down) }
  func ceiling(_ x: Double) -> Double { (x / value(1) - 1e-9).rounded(.up) }
}
