import Diagnostics

/// The marks of a logarithmic axis: the densest labels of which at most `count` fit, or the
/// sparsest of which there are enough.
func logarithmicTicks(
  _ range: ClosedRange<Double>, about count: Int, atLeast least: Int
) -> Ticks {
  // Within a factor of three, equal steps look right, and there may be no power of ten.
  var best = Ticks()
  if logarithm(range.upperBound) - logarithm(range.lowerBound) >= 0.5 {
    for pattern in patterns {
      let found = marks(range, pattern)
      if best.major.count >= least && found.major.count > count { break }
      best = found
    }
    if best.major.count >= least { return labeled(best) }
  }
  let equal = ticks(range, .linear, about: count, atLeast: least)
  return equal.major.count < best.major.count
    ? labeled(best) : equal.exponent == 0 ? equal : labeled(equal)
}

/// The numbers with labels: these multiples of every n-th power of ten, from few labels to many.
private let patterns =
  [500, 200, 100, 50, 20, 10, 5, 3, 2, 1].map { (every: $0, mantissas: [1]) }
  + [(every: 1, mantissas: [1, 3]), (every: 1, mantissas: [1, 2, 5])]

private func marks(
  _ range: ClosedRange<Double>, _ pattern: (every: Int, mantissas: [Int])
) -> Ticks {
  let first = Int(floorLog10(range.lowerBound)), last = Int(floorLog10(range.upperBound))
  var ticks = Ticks()
  for exponent in first...last {
    for mantissa in 1...9 {
      let value = Double(mantissa) * power(exponent)
      guard value >= range.lowerBound * (1 - 1e-9), value <= range.upperBound * (1 + 1e-9) else {
        continue
      }
      if pattern.mantissas.contains(mantissa), exponent % pattern.every == 0 {
        ticks.major.append(.init(value: value, label: .power(exponent)))
      } else if pattern.every == 1 || (mantissa == 1 && pattern.every <= 5) {
        ticks.minor.append(value)
      }
    }
  }
  return ticks
}

/// Labels as plain decimals if these are short, otherwise as numbers times powers of ten.
private func labeled(_ ticks: Ticks) -> Ticks {
  let values = ticks.major.map(\.value)
  guard let least = values.first, let most = values.last else { return ticks }
  // There are as many digits as adjacent labels need to differ.
  let step = zip(values, values.dropFirst()).map { $1 - $0 }.min() ?? most
  let digits = min(max(decimalExponent(most) - decimalExponent(step, 3) + 2, 6), 12)
  let isPlain = least > 0.9e-3 && most < 1.1e5
  var result = ticks
  result.exponent = 0
  result.major = values.map { value in
    .init(
      value: value,
      label: isPlain
        ? .text(plain(value, digits)) : product(value, digits))
  }
  return result
}

/// A decimal, with commas between thousands from 10,000 on.
private func plain(_ value: Double, _ digits: Int) -> String {
  let rounded = value.rounded()
  return abs(value - rounded) <= 1e-9 * value
    ? grouped(Int(rounded)) : trimmed(significant(value, digits))
}

private func product(_ value: Double, _ digits: Int) -> TickLabel {
  let exponent = decimalExponent(value, digits), half = exponent / 2
  // Two steps are needed, so that neither power overflows.
  let mantissa = trimmed(significant(value / power(half) / power(exponent - half), digits))
  return mantissa == "1" ? .power(exponent) : .product(mantissa, exponent)
}

/// `text` without zeros at the end of the decimals.
private func trimmed(_ text: String) -> String {
  guard text.contains(".") else { return text }
  return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
}
