/// `y = u r` row by row: normalization to mean 0 and variance 1, or to length 1.
///
/// Centered: `u = x - mean`, `r = (|u|²/n + ε)^-1/2`, `k = 1/n`.  Otherwise `u = x`,
/// `r = 1/max(|u|, ε)` and `k = 1`, or 0 where the maximum is ε.  With the centering P (or 1) the
/// derivative is `J = r (P - k y yᵀ)`, which is symmetric, and `rDot = -k r² y·uDot`.
/// Source: docs/MATH.md, "Operations".
public struct RowNormalization: Sendable, Equatable {
  /// Whether the mean is subtracted.
  public let centers: Bool
  /// The constant ε: an addition to the variance, or the smallest length.
  public let epsilon: Double

  /// Normalizes to mean 0 and variance 1 if `centers`, otherwise to length 1.
  public init(centers: Bool, epsilon: Double) {
    self.centers = centers
    self.epsilon = epsilon
  }

  /// `y += u r`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func add<Scalar: NetworkScalar>(
    _ x: Rows<Scalar>, to y: Rows<Scalar>, width: Int, count: Int
  ) {
    withRow(width) { u in
      for p in 0..<count {
        _ = normalize(x.at(p), into: u, width)
        addScaled(u, 1, to: y.at(p), count: width)
      }
    }
  }

  /// `out += J v` at `x`: the tangent and its transpose.
  ///
  /// In one pass over the row, since `P y = y`: `J v = r (v - mean(v)) - k r² (u·v) r u`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addDerivative<Scalar: NetworkScalar>(
    at x: Rows<Scalar>, of v: Rows<Scalar>, to out: Rows<Scalar>, width: Int, count: Int
  ) {
    for p in 0..<count {
      let x = x.at(p), v = v.at(p), n = Scalar(width)
      let mean = centers ? sum(x, count: width) / n : 0
      let vMean = centers ? sum(v, count: width) / n : 0
      let (square, along) = products(x, minus: mean, v, width)
      let (r, k) = scale(square, width)
      addCombination(
        r, v, minus: vMean, -k * along * r * r * r, x, minus: mean, to: out.at(p), width)
    }
  }

  /// `out += JDot yBar`: the derivative of `J yBar` along `xDot`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addCurvature<Scalar: NetworkScalar>(
    at x: Rows<Scalar>, _ yBar: Rows<Scalar>, along xDot: Rows<Scalar>, to out: Rows<Scalar>,
    width: Int, count: Int
  ) {
    withRow(3 * width) { (y: UnsafeMutablePointer<Scalar>) in
      let uDot = y + width, t = uDot + width
      for p in 0..<count {
        let (r, k) = normalize(x.at(p), into: y, width)
        let z = yBar.at(p), from = xDot.at(p), out = out.at(p)
        for i in 0..<width { uDot[i] = from[i] }
        center(uDot, width)
        let yu = innerProduct(y, uDot, count: width), yz = innerProduct(y, z, count: width)
        let rDot = -k * r * r * yu
        for i in 0..<width { uDot[i] = r * (uDot[i] - k * yu * y[i]) }  // now yDot
        let yDotZ = innerProduct(uDot, z, count: width)
        for i in 0..<width {
          t[i] = rDot * (z[i] - k * yz * y[i]) - r * k * (yz * uDot[i] + yDotZ * y[i])
        }
        center(t, width)
        addScaled(t, 1, to: out, count: width)
      }
    }
  }

  /// Writes `y`; gives `r` and `k`.
  @inline(__always)
  private func normalize<Scalar: NetworkScalar>(
    _ x: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>, _ width: Int
  ) -> (r: Scalar, k: Scalar) {
    y.update(from: x, count: width)
    center(y, width)
    let square = innerProduct(y, y, count: width)
    let (r, k) = scale(square, width)
    for i in 0..<width { y[i] *= r }
    return (r, k)
  }

  /// `r` and `k` of a row with `|u|² = square`.
  @inline(__always)
  private func scale<Scalar: NetworkScalar>(_ square: Scalar, _ width: Int) -> (
    r: Scalar, k: Scalar
  ) {
    if centers {
      let k = 1 / Scalar(width)
      return (1 / (square * k + Scalar(epsilon)).squareRoot(), k)
    }
    let least = Scalar(epsilon * epsilon)
    return (1 / max(square, least).squareRoot(), square > least ? 1 : 0)
  }

  /// `|u|²` and `u·v` of `u = x - mean`.
  @inline(__always)
  private func products<Scalar: NetworkScalar>(
    _ x: UnsafePointer<Scalar>, minus mean: Scalar, _ v: UnsafePointer<Scalar>, _ width: Int
  ) -> (square: Scalar, along: Scalar) {
    typealias V = SIMD8<Scalar>
    var squares = V.zero, alongs = V.zero, i = 0
    while i + 8 <= width {
      let u = (get(x + i) as V) - mean
      squares.addProduct(u, u)
      alongs.addProduct(u, get(v + i))
      i += 8
    }
    var square = squares.sum(), along = alongs.sum()
    while i < width {
      let u = x[i] - mean
      square += u * u
      along += u * v[i]
      i += 1
    }
    return (square, along)
  }

  /// `out += a (v - vMean) + b (x - xMean)`.
  @inline(__always)
  private func addCombination<Scalar: NetworkScalar>(
    _ a: Scalar, _ v: UnsafePointer<Scalar>, minus vMean: Scalar, _ b: Scalar,
    _ x: UnsafePointer<Scalar>, minus xMean: Scalar, to out: UnsafeMutablePointer<Scalar>,
    _ width: Int
  ) {
    typealias V = SIMD8<Scalar>
    var i = 0
    while i + 8 <= width {
      let sum = (get(out + i) as V).addingProduct(V(repeating: a), (get(v + i) as V) - vMean)
      put(sum.addingProduct(V(repeating: b), (get(x + i) as V) - xMean), out + i)
      i += 8
    }
    while i < width {
      out[i] += a * (v[i] - vMean) + b * (x[i] - xMean)
      i += 1
    }
  }

  @inline(__always)
  private func center<Scalar: NetworkScalar>(_ u: UnsafeMutablePointer<Scalar>, _ width: Int) {
    if !centers { return }
    let mean = sum(u, count: width) / Scalar(width)
    for i in 0..<width { u[i] -= mean }
  }

  @inline(__always)
  private func withRow<Scalar: NetworkScalar>(
    _ count: Int, _ body: (UnsafeMutablePointer<Scalar>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: max(count, 1)) { row in
      if let row = row.baseAddress { body(row) }
    }
  }
}
