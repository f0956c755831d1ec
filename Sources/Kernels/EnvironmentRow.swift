/// The environment row of one pair, `(w/ρ, w d/ρ²)` with `ρ = |d| + protection`, and the numbers
/// that its passes need.
///
/// With `s(r) = w/ρ`, `q(r) = w/ρ²` and `n = d/r` the row is `(s, q d)`, and its derivative along
/// `dDot` is `(s' n·dDot, q dDot + q' (n·dDot) d)`.
/// Source: docs/MATH.md, "Environment matrix"; DeePMD-kit's `env_mat`.
public struct EnvironmentRow: Sendable {
  /// The row, in 1/Å.
  public let row: SIMD4<Double>
  private let d: SIMD3<Double>, n: SIMD3<Double>
  private let sSlope: Double, q: Double, qSlope: Double

  /// Computes the row of the pair with displacement `d` = neighbor - center, in Å; all zero beyond
  /// `outer`.
  public init(_ d: SIMD3<Double>, inner: Double, outer: Double, protection: Double) {
    let r = (d * d).sum().squareRoot()
    let (w, wSlope) = smoothSwitch(r, inner: inner, outer: outer)
    let inverse = 1 / (r + protection)
    let s = w * inverse
    self.d = d
    n = d / r
    q = s * inverse
    sSlope = (wSlope - s) * inverse
    qSlope = (wSlope - 2 * s) * inverse * inverse
    row = SIMD4(q * d, s).rotated
  }

  /// `dBar = Jᵀ rowBar`.
  public func backward(_ rowBar: SIMD4<Double>) -> SIMD3<Double> {
    let v = SIMD3(rowBar.r1, rowBar.r2, rowBar.r3)
    return (sSlope * rowBar.r0 + qSlope * (v * d).sum()) * n + q * v
  }

  /// `rowDot = J dDot`.
  public func tangent(_ dDot: SIMD3<Double>) -> SIMD4<Double> {
    let along = (n * dDot).sum()
    return SIMD4(q * dDot + (qSlope * along) * d, sSlope * along).rotated
  }
}

extension SIMD4<Double> {
  /// The vector with its last number moved to the front, since the radial part of a row comes
  /// first.
  fileprivate var rotated: SIMD4<Double> { SIMD4(w, x, y, z) }
}
