/// How near a pair is, `x = scale · (1/ρ - 1/ρ_c)` with `ρ = r + protection` and `ρ_c` at the
/// cutoff: the input of tables of functions of the distance.
///
/// It is 0 at the cutoff and grows as the environment row does.  The switch begins at a whole
/// number, where tables have a node: there its third derivative jumps, and a polynomial between two
/// nodes must not reach across.
/// Source: docs/MATH.md, "Operations".
public struct Nearness: Sendable {
  private let inner: Double, outer: Double, protection: Double
  private let mean: Double, inverseDeviation: Double
  private let scale: Double, farthest: Double

  /// Takes the cutoffs and the protection of a descriptor's rows in Å, and the mean and the
  /// deviation of the rows' radial part, which changes by about as much as x does.
  public init(
    inner: Double, outer: Double, protection: Double, mean: Double, deviation: Double
  ) {
    (self.inner, self.outer, self.protection) = (inner, outer, protection)
    (self.mean, inverseDeviation) = (mean, 1 / deviation)
    farthest = 1 / (outer + protection)
    let span = 1 / (inner + protection) - farthest
    // The switch may begin at distance 0.
    scale = span.isFinite ? (span / deviation).rounded(.up) / span : 1 / deviation
  }

  /// x at distance `r` in Å.
  public func input(at r: Double) -> Double { scale * (1 / (r + protection) - farthest) }

  /// x where `1/ρ` is `inverse`.
  @inline(__always)
  package func inputs(_ inverse: SIMD8<Double>) -> SIMD8<Double> { (inverse - farthest) * scale }

  /// `dx/dr` where `1/ρ` is `inverse`.
  @inline(__always)
  package func slopes(_ inverse: SIMD8<Double>) -> SIMD8<Double> { inverse * inverse * -scale }

  /// The normalized radial part of a row, and the switch, as functions of x.
  package func jets(at x: Double) -> (radial: Jet, weight: Jet) {
    let inverse = x / scale + farthest, distance = 1 / inverse
    let r = Jet(
      value: distance - protection, slope: -distance * distance / scale,
      curvature: 2 * distance * distance * distance / (scale * scale))
    let w = r.smoothSwitch(inner: inner, outer: outer)
    let s = w * Jet(value: inverse, slope: 1 / scale, curvature: 0)
    let radial = Jet(
      value: (s.value - mean) * inverseDeviation, slope: s.slope * inverseDeviation,
      curvature: s.curvature * inverseDeviation)
    return (radial, w)
  }
}

/// The value and the first two derivatives of a function of one number.
package struct Jet {
  package let value: Double, slope: Double, curvature: Double

  static let one = Jet(value: 1, slope: 0, curvature: 0)

  static func * (a: Jet, b: Jet) -> Jet {
    Jet(
      value: a.value * b.value, slope: a.slope * b.value + a.value * b.slope,
      curvature: a.curvature * b.value + 2 * a.slope * b.slope + a.value * b.curvature)
  }

  /// The switch at this distance.
  fileprivate func smoothSwitch(inner: Double, outer: Double) -> Jet {
    let (weight, first) = Kernels.smoothSwitch(value, inner: inner, outer: outer)
    let width = outer - inner, u = min(max((value - inner) / width, 0), 1)
    let second = -60 * u * (1 - u) * (1 - 2 * u) / (width * width)
    return Jet(
      value: weight, slope: first * slope,
      curvature: second * slope * slope + first * curvature)
  }
}
