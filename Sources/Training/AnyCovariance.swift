import Kernels

/// A covariance of either precision.
enum AnyCovariance {
  case float64(Covariance<Double>)
  case float32(Covariance<Float>)

  /// The unit matrix.
  init(_ layout: CovarianceLayout, _ precision: Precision) {
    switch precision {
    case .float64: self = .float64(Covariance(layout))
    case .float32: self = .float32(Covariance(layout))
    }
  }

  var precision: Precision {
    switch self {
    case .float64: .float64
    case .float32: .float32
    }
  }

  /// `P x`.
  func product(_ x: [Double], threads: Int) -> [Double] {
    switch self {
    case .float64(let matrix): matrix.product(x, threads: threads)
    case .float32(let matrix): matrix.product(x, threads: threads)
    }
  }

  /// `P = (P - factor u uᵀ) / divisor`.
  func subtract(_ factor: Double, square u: [Double], dividingBy divisor: Double) {
    switch self {
    case .float64(let matrix): matrix.subtract(factor, square: u, dividingBy: divisor)
    case .float32(let matrix): matrix.subtract(factor, square: u, dividingBy: divisor)
    }
  }
}

/// As named vectors of a checkpoint.
extension AnyCovariance {
  /// The matrix in memory, and what goes with it: the scale, and factors of the terms that wait.
  private static let tiles = "covariance", scale = "covariance_scale"
  private static let factors = "covariance_factors", terms = "covariance_terms"

  /// Everything that defines the matrix.
  var vectors: [String: Parameters] {
    switch self {
    case .float64(let matrix):
      vectors(matrix) { Parameters(float64: $0) }
    case .float32(let matrix):
      vectors(matrix) { Parameters(float32: $0) }
    }
  }

  private func vectors<Scalar>(
    _ matrix: Covariance<Scalar>, _ parameters: ([Scalar]) -> Parameters
  ) -> [String: Parameters] {
    [
      Self.tiles: parameters(matrix.tiles), Self.scale: Parameters(float64: [matrix.scale]),
      Self.factors: Parameters(float64: matrix.terms.map(\.factor)),
      Self.terms: parameters(matrix.terms.flatMap(\.vector)),
    ]
  }

  /// The matrix that `vectors` define; nil if they do not fit the layout.
  init?(_ layout: CovarianceLayout, _ precision: Precision, _ vectors: [String: Parameters]) {
    switch precision {
    case .float64:
      guard let matrix = Self.matrix(layout, vectors, \.float64) else { return nil }
      self = .float64(matrix)
    case .float32:
      guard let matrix = Self.matrix(layout, vectors, \.float32) else { return nil }
      self = .float32(matrix)
    }
  }

  private static func matrix<Scalar>(
    _ layout: CovarianceLayout, _ vectors: [String: Parameters], _ numbers: (Parameters) -> [Scalar]
  ) -> Covariance<Scalar>? {
    let length = layout.vectorCount
    guard let tiles = vectors[tiles].map(numbers), tiles.count == layout.count,
      let scale = vectors[scale]?.float64, scale.count == 1,
      let factors = vectors[factors]?.float64, let all = vectors[terms].map(numbers),
      all.count == factors.count * length
    else { return nil }
    let terms = factors.indices.map {
      Covariance.Term(factor: factors[$0], vector: Array(all[$0 * length..<($0 + 1) * length]))
    }
    return Covariance(layout, tiles: tiles, scale: scale[0], terms: terms)
  }
}
