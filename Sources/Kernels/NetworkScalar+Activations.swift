/// A function's value and first three derivatives at a vector of points.
typealias VectorJet<V> = (value: V, slope: V, curvature: V, third: V)

/// The activation functions on vectors, as `Activation.jet` defines them; NaN passes through, and
/// the limits at infinity are right.
///
/// Long functions are not inlined, because the compiler's time grows with the square of a
/// function's length.
extension NetworkScalar {
  /// `max(z, 0)`.
  @inline(__always)
  static func reluJet(_ z: WideVector) -> VectorJet<WideVector> {
    let slope = select(.one, where: .zero, isBelow: z, else: .zero)
    return (select(.zero, where: z, isBelow: .zero, else: z), slope, .zero, .zero)
  }

  /// `min(max(z, 0), 6)`.
  @inline(__always)
  static func relu6Jet(_ z: WideVector) -> VectorJet<WideVector> {
    let jet = reluJet(z), six = WideVector(repeating: 6)
    return (
      select(six, where: six, isBelow: z, else: jet.value),
      select(jet.slope, where: z, isBelow: six, else: .zero), .zero, .zero
    )
  }

  /// `s = 1 / (1 + e⁻ᶻ)`, `c = 1 - s`, `s' = s c`, `s'' = s' (c - s)`, `s''' = s' (1 - 6 s')`.
  @inline(__always)
  static func logisticJet(_ z: WideVector) -> VectorJet<WideVector> {
    logisticJet(z, e: exponentialOfNegative(minusMagnitude(z)))
  }

  /// `ln(1 + eᶻ) = max(z, 0) + ln(1 + e)`, `e = exp(-|z|)`; its slope is the logistic function.
  @inline(__always)
  static func softplusJet(_ z: WideVector) -> VectorJet<WideVector> {
    let e = exponentialOfNegative(minusMagnitude(z)), s = logisticJet(z, e: e)
    return (reluJet(z).value + logarithmOfOnePlus(e), s.value, s.slope, s.curvature)
  }

  /// `z s(z)`.
  @inline(__always)
  static func siluJet(_ z: WideVector) -> VectorJet<WideVector> {
    let limit: Self = 710  // where e⁻ᶻ is 0
    return product(z, logisticJet(hold(z, within: limit)), limit)
  }

  /// `below`, silu's jet, where z is below the edge of the bend, elsewhere
  /// `tanh(k (z - edge)) + silu(edge)` with silu's slope `k` there.
  @inline(never)
  static func silutJet(
    _ z: WideVector, _ bend: Bend<Self>, below: VectorJet<WideVector>
  ) -> VectorJet<WideVector> {
    let edges = WideVector(repeating: bend.edge)
    // NaN counts as above, and silu and tanh both pass it on.
    if areBelow(bend.edge, z) { return below }
    let above = bentJet(z - edges, bend.jet)
    return (
      select(below.value, where: z, isBelow: edges, else: above.value),
      select(below.slope, where: z, isBelow: edges, else: above.slope),
      select(below.curvature, where: z, isBelow: edges, else: above.curvature),
      select(below.third, where: z, isBelow: edges, else: above.third)
    )
  }

  /// `jet.value + tanh(k y)`, `k = jet.slope`, for `y >= 0`: with `e = exp(-2 k y)` the tangent is
  /// `(1 - e) / (1 + e)` and its slope `4 e / (1 + e)²`.
  @inline(never)
  private static func bentJet(_ y: WideVector, _ jet: ActivationJet) -> VectorJet<WideVector> {
    let k = Self(jet.slope)
    let e = exponentialOfNegative(minusMagnitude(2 * k * y)), inverse = 1 / (1 + e)
    let t = (1 - e) * inverse, u = 4 * e * inverse * inverse
    return (
      Self(jet.value) + t, k * u, -2 * k * k * t * u, k * k * k * (4 - 6 * u) * u
    )
  }

  /// `z/2 (1 + tanh g) = z s(h)`, `h = 2 g = 2 √(2/π) (z + 0.044715 z³)`, which does not cancel
  /// where `z < 0`.
  ///
  /// Rounding of `h` makes the value's error grow as `|h|` units in the last place where `z < 0`.
  @inline(__always)
  static func geluJet(_ z: WideVector) -> VectorJet<WideVector> {
    let limit: Self = 24  // where e⁻ʰ is 0
    let k: Self = 1.5957691216057308, a: Self = 0.044715
    let x = hold(z, within: limit), square = x * x
    let h1 = k + 3 * k * a * square, h2 = 6 * k * a * x, h3 = 6 * k * a
    let s = logisticJet(k * x * (1 + a * square))
    let s2 = s.curvature * h1 * h1 + s.slope * h2
    let s3 = (s.third * h1 * h1 + 3 * s.curvature * h2) * h1 + s.slope * h3
    return product(z, (s.value, s.slope * h1, s2, s3), limit)
  }

  /// The logistic function from `e = exp(-|z|)`: no difference of nearly equal numbers in `s` or
  /// `c`.
  @inline(never)
  private static func logisticJet(_ z: WideVector, e: WideVector) -> VectorJet<WideVector> {
    let larger = 1 / (1 + e), smaller = e * larger
    let s = select(smaller, where: z, isBelow: .zero, else: larger)
    let c = select(larger, where: z, isBelow: .zero, else: smaller)
    let s1 = s * c
    return (s, s1, s1 * (c - s), s1 * (1 - 6 * s1))
  }

  /// `z f` from the jet of `f` where `z` is held within `limit`: 0 or 1 beyond it.
  @inline(never)
  private static func product(
    _ z: WideVector, _ f: VectorJet<WideVector>, _ limit: Self
  ) -> VectorJet<WideVector> {
    let x = hold(z, within: limit)
    return (
      select(x, where: z, isBelow: .zero, else: z) * f.value,
      f.value.addingProduct(x, f.slope), (2 * f.slope).addingProduct(x, f.curvature),
      (3 * f.curvature).addingProduct(x, f.third)
    )
  }

  /// `-|z|`.
  @inline(__always)
  private static func minusMagnitude(_ z: WideVector) -> WideVector {
    select(z, where: z, isBelow: .zero, else: -z)
  }

  /// `z`, but at most `limit` and at least `-limit`; NaN stays.
  @inline(__always)
  private static func hold(_ z: WideVector, within limit: Self) -> WideVector {
    let limit = WideVector(repeating: limit)
    let x = select(limit, where: limit, isBelow: z, else: z)
    return select(-limit, where: x, isBelow: -limit, else: x)
  }

  /// `ln(1 + e) = 2 artanh u`, `u = e / (2 + e)`, for `0 <= e <= 1`, hence `u <= 1/3`.
  ///
  /// `artanh u = u + u³/3 + u⁵/5 + ... + u³¹/31`; the remainder is 2e-17 of it.
  @inline(never)
  private static func logarithmOfOnePlus(_ e: WideVector) -> WideVector {
    typealias V = WideVector
    let u = e / (2 + e), w = u * u
    var p = V(repeating: 1 / 31)
    p = V(repeating: 1 / 29).addingProduct(p, w)
    p = V(repeating: 1 / 27).addingProduct(p, w)
    p = V(repeating: 1 / 25).addingProduct(p, w)
    p = V(repeating: 1 / 23).addingProduct(p, w)
    p = V(repeating: 1 / 21).addingProduct(p, w)
    p = V(repeating: 1 / 19).addingProduct(p, w)
    p = V(repeating: 1 / 17).addingProduct(p, w)
    p = V(repeating: 1 / 15).addingProduct(p, w)
    p = V(repeating: 1 / 13).addingProduct(p, w)
    p = V(repeating: 1 / 11).addingProduct(p, w)
    p = V(repeating: 1 / 9).addingProduct(p, w)
    p = V(repeating: 1 / 7).addingProduct(p, w)
    p = V(repeating: 1 / 5).addingProduct(p, w)
    p = V(repeating: 1 / 3).addingProduct(p, w)
    let twice = 2 * u
    return twice.addingProduct(twice * w, p)
  }
}
