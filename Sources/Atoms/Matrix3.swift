/// A 3 × 3 matrix of three rows: a virial, a strain, a box.
public struct Matrix3: Sendable, Equatable {
  /// The rows.
  public var x, y, z: SIMD3<Double>

  /// All zero.
  public static let zero = Matrix3(x: .zero, y: .zero, z: .zero)

  /// Makes a matrix from its rows.
  public init(x: SIMD3<Double>, y: SIMD3<Double>, z: SIMD3<Double>) {
    (self.x, self.y, self.z) = (x, y, z)
  }

  /// Makes a matrix from nine numbers, row by row.
  public init(rows v: some Collection<Double>) {
    precondition(v.count == 9, "a 3 × 3 matrix has nine numbers")
    let v = Array(v)
    self.init(x: SIMD3(v[0], v[1], v[2]), y: SIMD3(v[3], v[4], v[5]), z: SIMD3(v[6], v[7], v[8]))
  }

  /// The nine numbers, row by row.
  public var rows: [Double] { [x.x, x.y, x.z, y.x, y.y, y.z, z.x, z.y, z.z] }

  /// Adds the outer product `a bᵀ`.
  @inlinable public mutating func addOuter(_ a: SIMD3<Double>, _ b: SIMD3<Double>) {
    x += a.x * b
    y += a.y * b
    z += a.z * b
  }

  /// The matrix times a column vector.
  @inlinable public static func * (m: Matrix3, v: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(dot(m.x, v), dot(m.y, v), dot(m.z, v))
  }

  /// The sum.
  @inlinable public static func + (a: Matrix3, b: Matrix3) -> Matrix3 {
    Matrix3(x: a.x + b.x, y: a.y + b.y, z: a.z + b.z)
  }
}
