/// The marks of an axis in ascending order.
package struct Ticks: Equatable {
  /// A mark with a label.
  package struct Tick: Equatable {
    package var value: Double
    package var label: TickLabel
  }

  package var major: [Tick] = []
  /// Marks without labels.
  package var minor: [Double] = []
  /// The power of ten by which the values are divided in labels.
  package var exponent = 0
}

/// The label of a mark.
package enum TickLabel: Equatable {
  case text(String)
  /// A power of ten.
  case power(Int)
  /// A number times a power of ten.
  case product(String, Int)

  /// The text on the line, and the raised text.
  var parts: (base: String, raised: String) {
    switch self {
    case .text(let text): (text, "")
    case .power(let n): ("10", minus(n))
    case .product(let mantissa, let n): ("\(mantissa)×10", minus(n))
    }
  }

  /// The width of the label.
  func width(size: Double) -> Double {
    textWidth(parts.base, size: size)
      + textWidth(parts.raised, size: size * TickLabel.raisedSize)
  }

  /// The size of an exponent as a fraction of the label's.
  static let raisedSize = 0.75
}

/// A whole number with a true minus sign.
func minus(_ n: Int) -> String { n < 0 ? "−\(-n)" : "\(n)" }

/// The marks of `range` on an axis of `kind`: about `count`, but at least `least`.
package func ticks(
  _ range: ClosedRange<Double>, _ kind: ScaleKind, about count: Int, atLeast least: Int = 3
) -> Ticks {
  switch kind {
  case .linear: linearTicks(range, about: max(count, 2), atLeast: least)
  case .logarithmic: logarithmicTicks(range, about: max(count, 2), atLeast: least)
  }
}

/// Multiples of 1, 2 or 5 times a power of ten: the smallest such step with at most `count` steps
/// in `range`, or the largest one that gives enough marks.
private func linearTicks(
  _ range: ClosedRange<Double>, about count: Int, atLeast least: Int
) -> Ticks {
  // Five times as many steps always contain three marks, unless rounding leaves no numbers between
  // them.
  let all = (count...5 * count).lazy.map { linearTicks(range, steps: $0) }
  return all.first { $0.major.count >= least } ?? linearTicks(range, steps: count)
}

private func linearTicks(_ range: ClosedRange<Double>, steps: Int) -> Ticks {
  let (lower, upper) = (range.lowerBound, range.upperBound)
  var ticks = Ticks()
  guard let step = DecimalStep(atLeast: upper / Double(steps) - lower / Double(steps)) else {
    return ticks
  }
  let first = step.ceiling(lower), last = step.floor(upper)
  guard step.value(1) > 0, last >= first, last - first <= 1000 else { return ticks }
  let values = stride(from: first, through: last, by: 1).map(step.value)
  ticks.exponent = commonExponent(values)
  let decimals = min(max(0, ticks.exponent - step.exponent), 15), unit = power(ticks.exponent)
  ticks.major = values.map {
    .init(value: $0, label: .text(decimals == 0 ? grouped($0 / unit) : fixed($0 / unit, decimals)))
  }
  return ticks
}

/// The power of ten, a multiple of three, that labels leave out; 0 if they are short without that.
private func commonExponent(_ values: [Double]) -> Int {
  let largest = values.reduce(0) { max($0, abs($1)) }
  if largest == 0 || (largest >= 0.01 && largest < 1e6) { return 0 }
  let exponent = decimalExponent(largest)
  return exponent >= 0 ? exponent / 3 * 3 : -((2 - exponent) / 3 * 3)
}
