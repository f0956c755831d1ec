/// A periodic cell of any shape, spanned by three vectors.
public struct Cell: Sendable, Equatable {
  /// The cell vectors a, b, c in Å: the rows of DeePMD-kit's `box`.
  public let vectors: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)
  /// Volume in Å³, positive whatever the handedness.
  public let volume: Double
  /// The reciprocal vectors: `reciprocal.k · vectors.l` is 1 for k = l, else 0; in 1/Å.
  public let reciprocal: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)

  /// Makes a cell from its three vectors; nil if they span no volume or are not finite.
  public init?(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) {
    let determinant = dot(a, cross(b, c))
    let scale = norm(a) * norm(b) * norm(c)
    guard determinant.isFinite, abs(determinant) > 1e-12 * scale, scale > 0 else { return nil }
    vectors = (a, b, c)
    volume = abs(determinant)
    reciprocal = (
      cross(b, c) / determinant, cross(c, a) / determinant, cross(a, b) / determinant
    )
  }

  /// Makes a cell from `box`, nine numbers, rows are the cell vectors; nil as above.
  public init?(rows box: some Collection<Double>) {
    precondition(box.count == 9, "a cell has nine numbers")
    let x = Array(box)
    self.init(
      SIMD3(x[0], x[1], x[2]), SIMD3(x[3], x[4], x[5]), SIMD3(x[6], x[7], x[8]))
  }

  /// The nine numbers of `box`, rows are the cell vectors.
  public var rows: [Double] {
    [vectors.0, vectors.1, vectors.2].flatMap { [$0.x, $0.y, $0.z] }
  }

  /// Distances between opposite faces along a, b, c, in Å.
  public var heights: SIMD3<Double> {
    SIMD3(1 / norm(reciprocal.0), 1 / norm(reciprocal.1), 1 / norm(reciprocal.2))
  }

  /// Fractional coordinates of `position`.
  public func fractional(_ position: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(dot(position, reciprocal.0), dot(position, reciprocal.1), dot(position, reciprocal.2))
  }

  /// The vector `n.x a + n.y b + n.z c`.
  public func vector(_ n: SIMD3<Double>) -> SIMD3<Double> {
    vectors.0 * n.x + vectors.1 * n.y + vectors.2 * n.z
  }

  /// `position` moved by whole cell vectors into the cell.
  public func wrapped(_ position: SIMD3<Double>) -> SIMD3<Double> {
    position - vector(fractional(position).rounded(.down))
  }

  /// Equal vectors, number by number.
  public static func == (left: Cell, right: Cell) -> Bool { left.vectors == right.vectors }
}
