/// Eight vectors side by side.
struct Vectors8 {
  var x: SIMD8<Double>, y: SIMD8<Double>, z: SIMD8<Double>

  @inline(__always)
  init(x: SIMD8<Double> = .zero, y: SIMD8<Double> = .zero, z: SIMD8<Double> = .zero) {
    (self.x, self.y, self.z) = (x, y, z)
  }

  /// Reads the vectors from `first` on; the last of `count` vectors is repeated for those beyond
  /// it.
  @inline(__always)
  init(_ vectors: UnsafePointer<SIMD3<Double>>, from first: Int, count: Int) {
    self.init()
    for lane in 0..<8 {
      let vector = vectors[min(first + lane, count - 1)]
      x[lane] = vector.x
      y[lane] = vector.y
      z[lane] = vector.z
    }
  }

  /// Reads the vectors that `indices` name, from its element `first` on; the last of `count` is
  /// repeated for those beyond it.
  @inline(__always)
  init(
    _ vectors: UnsafePointer<SIMD3<Double>>, at indices: UnsafePointer<Int32>, from first: Int,
    count: Int
  ) {
    self.init()
    for lane in 0..<8 {
      let vector = vectors[Int(indices[min(first + lane, count - 1)])]
      x[lane] = vector.x
      y[lane] = vector.y
      z[lane] = vector.z
    }
  }

  @inline(__always)
  func dot(_ other: Vectors8) -> SIMD8<Double> {
    (x * other.x).addingProduct(y, other.y).addingProduct(z, other.z)
  }
}

/// The environment rows of eight pairs at once; each lane is one `EnvironmentRow`.
struct EnvironmentRows {
  /// The rows, in 1/Å: the radial part and the angular parts.
  let radial: SIMD8<Double>
  let angular: Vectors8
  /// `1/ρ`.
  let inverse: SIMD8<Double>
  private let d: Vectors8, n: Vectors8
  private let sSlope: SIMD8<Double>, q: SIMD8<Double>, qSlope: SIMD8<Double>

  /// Computes the rows of pairs with displacements `d` in Å; all zero beyond `outer`.
  @inline(__always)
  init(_ d: Vectors8, inner: Double, outer: Double, protection: Double) {
    typealias V = SIMD8<Double>
    let r = d.dot(d).squareRoot(), toUnit = 1 / r
    var u = (r - inner) * (1 / (outer - inner))
    u.replace(with: 0, where: u .< 0)
    u.replace(with: 1, where: u .> 1)
    let rest: V = 1 - u
    let w = V.one.addingProduct(u * u * u, (u * (15 - 6 * u)) - 10)
    let wSlope = (-30 / (outer - inner)) * (u * u * rest * rest)
    inverse = protection == 0 ? toUnit : 1 / (r + protection)
    let s = w * inverse
    self.d = d
    n = Vectors8(x: d.x * toUnit, y: d.y * toUnit, z: d.z * toUnit)
    q = s * inverse
    sSlope = (wSlope - s) * inverse
    qSlope = (wSlope - 2 * s) * inverse * inverse
    radial = s
    angular = Vectors8(x: q * d.x, y: q * d.y, z: q * d.z)
  }

  /// `dBar = Jᵀ rowBar`, and `distanceBar` along the displacements if it is given.
  @inline(__always)
  func backward(
    _ radialBar: SIMD8<Double>, _ angularBar: Vectors8, distance distanceBar: SIMD8<Double>? = nil
  ) -> Vectors8 {
    var along = (sSlope * radialBar).addingProduct(qSlope, angularBar.dot(d))
    if let distanceBar { along += distanceBar }
    return Vectors8(
      x: (along * n.x).addingProduct(q, angularBar.x),
      y: (along * n.y).addingProduct(q, angularBar.y),
      z: (along * n.z).addingProduct(q, angularBar.z))
  }

  /// How fast the distances change along `dDot`.
  @inline(__always)
  func distanceTangents(_ dDot: Vectors8) -> SIMD8<Double> { n.dot(dDot) }

  /// `rowDot = J dDot`.
  @inline(__always)
  func tangent(_ dDot: Vectors8) -> (radial: SIMD8<Double>, angular: Vectors8) {
    let along = n.dot(dDot), turn = qSlope * along
    return (
      sSlope * along,
      Vectors8(
        x: (q * dDot.x).addingProduct(turn, d.x), y: (q * dDot.y).addingProduct(turn, d.y),
        z: (q * dDot.z).addingProduct(turn, d.z))
    )
  }
}
