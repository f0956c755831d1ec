/// The six quintic Hermite polynomials at points of intervals, one point a lane, for node values
/// `f`, `h f'`, `h² f''` at the two ends of an interval, in that order.
///
/// The interpolant has the ends' values, slopes and curvatures; its error is `h⁶/46080 max |f⁽⁶⁾|`.
/// Source: docs/MATH.md, "Embedding table".
struct HermiteBasis<V: SIMD> where V.Scalar: NetworkScalar {
  let v0: V, v1: V, v2: V, v3: V, v4: V, v5: V

  /// The polynomials at `t` in [0, 1].
  @inline(__always)
  init(at t: V) {
    let t2 = t * t, t3 = t2 * t
    v3 = t3 * (t * (6 * t - 15) + 10)
    v0 = 1 - v3
    v1 = t + t3 * (t * (8 - 3 * t) - 6)
    v2 = t2 * 0.5 + t3 * (t * (1.5 - t * 0.5) - 1.5)
    v4 = t3 * (t * (7 - 3 * t) - 4)
    v5 = t3 * (t * (t * 0.5 - 1) + 0.5)
  }

  /// Their slopes at `t`, times `factor`.
  @inline(__always)
  init(slopesAt t: V, times factor: V) {
    let t2 = t * t, f = factor
    v3 = f * t2 * (t * (30 * t - 60) + 30)
    v0 = 0 - v3
    let slope = t2 * (t * (32 - 15 * t) - 18)
    v1 = f * (slope + 1)
    v2 = f * (t + t2 * (t * (6 - 2.5 * t) - 4.5))
    v4 = f * t2 * (t * (28 - 15 * t) - 12)
    v5 = f * t2 * (t * (2.5 * t - 4) + 1.5)
  }

  /// Writes the six, eight numbers apart.
  @inline(__always)
  func store(to base: UnsafeMutablePointer<V.Scalar>) {
    put(v0, base)
    put(v1, base + 8)
    put(v2, base + 16)
    put(v3, base + 24)
    put(v4, base + 32)
    put(v5, base + 40)
  }
}
