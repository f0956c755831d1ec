/// The map from values to places along an axis.
public enum ScaleKind: String, Sendable, Encodable {
  /// Equal distances for equal differences.
  case linear
  /// Equal distances for equal factors; only values above zero have a place.
  case logarithmic = "log"
}

/// The map from values between `lower` and `upper` to `length` pixels.
package struct Scale: Equatable {
  let kind: ScaleKind
  let lower: Double, upper: Double, length: Double

  /// Makes a scale; `lower` is below `upper`, and above zero for a logarithmic scale.
  package init(_ kind: ScaleKind, _ lower: Double, _ upper: Double, length: Double) {
    precondition(lower < upper && (kind == .linear || lower > 0), "\(kind) \(lower) \(upper)")
    self.kind = kind
    self.lower = lower
    self.upper = upper
    self.length = length
  }

  /// The number of pixels from the axis' beginning to `value`; nil if the value has no place.
  package func place(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    switch kind {
    case .linear:
      // The values are halved because the difference of two large numbers may overflow.
      return (value / 2 - lower / 2) / (upper / 2 - lower / 2) * length
    case .logarithmic:
      guard value > 0 else { return nil }
      let low = logarithm(lower)
      return (logarithm(value) - low) / (logarithm(upper) - low) * length
    }
  }
}

/// The range that an axis of `kind` shows for `values`: all values that have a place, with some
/// room beside them.
///
/// `margin` is that room as a fraction of the range.  Equal values get a range around them.
/// Without values the range is 0...1, or 1...10 on a logarithmic axis.
public func niceRange(
  _ values: some Sequence<Double>, _ kind: ScaleKind, margin: Double = 0.04
) -> ClosedRange<Double> {
  var least = Double.infinity, most = -Double.infinity
  for value in values where value.isFinite && (kind == .linear || value > 0) {
    least = min(least, value)
    most = max(most, value)
  }
  guard least <= most else { return kind == .linear ? 0...1 : 1...10 }
  switch kind {
  case .linear:
    // There are no steps between such small numbers.
    if max(abs(least), abs(most)) < 1e-300 { return -1...1 }
    let span = most - least
    // Values that differ only by rounding count as equal.
    if !(span > 1e-12 * max(abs(least), abs(most))) {
      let center = min(max(least, -1e300), 1e300), room = center == 0 ? 1 : 0.5 * abs(center)
      return center - room...center + room
    }
    let room = min(margin * span, .greatestFiniteMagnitude / 4)
    return max(least - room, -1e300)...min(most + room, 1e300)
  case .logarithmic:
    // The room beside the smallest and the largest numbers must not reach zero or infinity.
    (least, most) = (min(max(least, 1e-299), 1e299), min(max(most, 1e-299), 1e299))
    if most / least < 1 + 1e-9 { return least / 3...least * 3 }
    let room = exponential(margin * (logarithm(most) - logarithm(least)))
    return max(least / room, 1e-300)...min(most * room, 1e300)
  }
}
