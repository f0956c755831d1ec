/// The six quintic Hermite polynomials at one point of an interval, for node values `f`, `h f'`, `h² f''` at its two
/// ends, in that order.
///
/// The interpolant has the ends' values, slopes and curvatures; its error is `h⁶/46080 max |f⁽⁶⁾|`.
/// Source: docs/MATH.md, "Embedding table".
struct HermiteBasis<Scalar: NetworkScalar> {
  let v0: Scalar, v1: Scalar, v2: Scalar, v3: Scalar, v4: Scalar, v5: Scalar

  /// The polynomials at `t` in [0, 1].
  @inline(__always)
  init(at t: Scalar) {
    let t2 = t * t, t3 = t2 * t
    v3 = t3 * (10 + t * (-15 + 6 * t))
    v0 = 1 - v3
    v1 = t + t3 * (-6 + t * (8 - 3 * t))
    v2 = t2 / 2 + t3 * (-1.5 + t * (1.5 - t / 2))
    v4 = t3 * (-4 + t * (7 - 3 * t))
    v5 = t3 * (0.5 + t * (-1 + t / 2))
  }

  /// Their slopes at `t`, times `factor`.
  @inline(__always)
  init(slopesAt t: Scalar, times factor: Scalar) {
    let t2 = t * t, f = factor
    v3 = f * t2 * (30 + t * (-60 + 30 * t))
    v0 = -v3
    v1 = f * (1 + t2 * (-18 + t * (32 - 15 * t)))
    v2 = f * (t + t2 * (-4.5 + t * (6 - 2.5 * t)))
    v4 = f * t2 * (-12 + t * (28 - 15 * t))
    v5 = f * t2 * (1.5 + t * (-4 + 2.5 * t))
  }
}
