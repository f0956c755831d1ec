/// The marks of an axis, ascending.
package struct Ticks: Equatable {
  /// A mark with a label.
  package struct Tick: Equatable {
    package var value: Double
    package var label: TickLabel
  }

  package var major: [Tick] = []
  /// Marks without labels.
  package var minor: [Double] = []
  /// Labels are the values divided by this power of ten.
  package var exponent = 0
}

/// What stands at a mark.
package enum TickLabel: Equatable {
  case text(String)
  /// Ten to some power.
  case power(Int)

  /// The room that the label takes.
  func width(size: Double) -> Double {
    switch self {
    case .text(let text): textWidth(text, size: size)
    case .power(let n):
      textWidth("10", size: size) + textWidth(minus(n), size: size * TickLabel.raisedSize)
    }
  }

  /// Size of an exponent as a part of the label's.
  static let raisedSize = 0.75
}

/// A whole number with a true minus sign.
func minus(_ n: Int) -> String { n < 0 ? "−\(-n)" : "\(n)" }

/// The marks of `range`, about `count` of them, on an axis of `kind`.
package func ticks(_ range: ClosedRange<Double>, _ kind: ScaleKind, about count: Int) -> Ticks {
  switch kind {
  case .linear: linearTicks(range, about: max(count, 2))
  case .logarithmic: logarithmicTicks(range, about: max(count, 2))
  }
}

/// Multiples of 1, 2 or 5 times a power of ten: the smallest such step with at most `count` steps in `range`.
private func linearTicks(_ range: ClosedRange<Double>, about count: Int) -> Ticks {
  let (lower, upper) = (range.lowerBound, range.upperBound)
  let rough = upper / Double(count) - lower / Double(count)
  guard rough.isNormal else { return Ticks() }
  var exponent = Int(floorLog10(rough)), mantissa = 1
  for candidate in [1, 2, 5, 10] where Double(candidate) * power(exponent) >= rough * (1 - 1e-9) {
    mantissa = candidate
    break
  }
  if mantissa == 10 { (mantissa, exponent) = (1, exponent + 1) }
  /// The value of `n` steps; dividing gives the double nearest to the decimal number.
  func value(_ n: Double) -> Double {
    let units = n * Double(mantissa)
    return exponent < 0 ? units / power(-exponent) : units * power(exponent)
  }
  let step = value(1), slack = 1e-9
  let first = (lower / step - slack).rounded(.up), last = (upper / step + slack).rounded(.down)
  var ticks = Ticks()
  guard step > 0, last >= first, last - first <= 1000 else { return ticks }
  let values = stride(from: first, through: last, by: 1).map(value)
  ticks.exponent = commonExponent(values)
  let decimals = min(max(0, ticks.exponent - exponent), 15), unit = power(ticks.exponent)
  ticks.major = values.map {
    .init(value: $0, label: .text(decimals == 0 ? grouped($0 / unit) : fixed($0 / unit, decimals)))
  }
  return ticks
}

/// The power of a thousand that is taken out of labels; 0 if they are short as they are.
private func commonExponent(_ values: [Double]) -> Int {
  let largest = values.reduce(0) { max($0, abs($1)) }
  if largest == 0 || (largest >= 0.01 && largest < 1e5) { return 0 }
  let exponent = decimalExponent(largest)
  return exponent >= 0 ? exponent / 3 * 3 : -((2 - exponent) / 3 * 3)
}

private func logarithmicTicks(_ range: ClosedRange<Double>, about count: Int) -> Ticks {
  let (lower, upper) = (range.lowerBound, range.upperBound)
  let first = Int(floorLog10(lower)), last = Int(floorLog10(upper))
  let decades = logarithm(upper) - logarithm(lower)
  func isInside(_ x: Double) -> Bool { x >= lower * (1 - 1e-9) && x <= upper * (1 + 1e-9) }
  // Within a factor of three equal steps look right, and there is hardly a power of ten.
  if decades < 0.5 {
    var ticks = linearTicks(range, about: count)
    if ticks.exponent != 0 { ticks = relabeled(ticks) }
    return ticks
  }
  let wanted = decades / Double(count)
  let every = [1, 2, 3, 5, 10, 20, 50, 100, 200].first { Double($0) >= wanted } ?? 500
  let mantissas = decades <= 1.3 ? [1, 2, 5] : decades <= 2.1 && count >= 6 ? [1, 3] : [1]
  var ticks = Ticks()
  for exponent in first...last {
    for mantissa in 1...9 {
      let value = Double(mantissa) * power(exponent)
      guard isInside(value) else { continue }
      if mantissas.contains(mantissa), exponent % every == 0 {
        ticks.major.append(.init(value: value, label: .power(exponent)))
      } else if every == 1 || (mantissa == 1 && every <= 5) {
        ticks.minor.append(value)
      }
    }
  }
  return relabeled(ticks)
}

/// Plain decimals where these are short, else powers of ten.
private func relabeled(_ ticks: Ticks) -> Ticks {
  let values = ticks.major.map(\.value)
  guard let least = values.first, let most = values.last else { return ticks }
  let arePowers = ticks.major.allSatisfy { tick in
    if case .power = tick.label { tick.value == power(decimalExponent(tick.value)) } else { false }
  }
  if arePowers && (least < 0.9e-3 || most > 1.1e4) { return ticks }
  var result = ticks
  result.exponent = 0
  result.major = ticks.major.map {
    .init(value: $0.value, label: .text(trimmed(significant($0.value, 6))))
  }
  return result
}

/// Without zeros at the end behind the point, before an exponent too.
private func trimmed(_ text: String) -> String {
  let end = text.firstIndex(of: "e") ?? text.endIndex
  guard text[..<end].contains(".") else { return text }
  let short = text[..<end].reversed().drop { $0 == "0" }.drop { $0 == "." }
  return String(short.reversed()) + text[end...]
}
