import Communication
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

/// As named vectors of a checkpoint, which the first rank reads and writes, while each rank has
/// some of the blocks.
extension AnyCovariance {
  /// The matrix in memory, and what goes with it: the scale, and factors of the terms that wait.
  private static let tiles = "covariance", scale = "covariance_scale"
  private static let factors = "covariance_factors", terms = "covariance_terms"

  /// On the first rank everything that defines the whole matrix; elsewhere nothing of use.
  func vectors(from communicator: Communicator) -> [String: Parameters] {
    switch self {
    case .float64(let matrix):
      Self.vectors(matrix, communicator) { Parameters(float64: $0) }
    case .float32(let matrix):
      Self.vectors(matrix, communicator) { Parameters(float32: $0) }
    }
  }

  private static func vectors<Scalar>(
    _ matrix: Covariance<Scalar>, _ communicator: Communicator,
    _ parameters: ([Scalar]) -> Parameters
  ) -> [String: Parameters] {
    let tiles = communicator.collect(matrix.tiles)
    let terms = matrix.terms.flatMap { communicator.collect($0.vector).flatMap(\.self) }
    return [
      // Alone in its process, the matrix is not copied.
      Self.tiles: parameters(tiles.count == 1 ? tiles[0] : Array(tiles.joined())),
      scale: Parameters(float64: [matrix.scale]),
      factors: Parameters(float64: matrix.terms.map(\.factor)), Self.terms: parameters(terms),
    ]
  }

  /// Whether `vectors` define a matrix of such blocks.
  static func isWhole(
    _ vectors: [String: Parameters], _ layout: CovarianceLayout, _ precision: Precision
  ) -> Bool {
    func count(_ name: String) -> Int? {
      vectors[name].map { precision == .float64 ? $0.float64.count : $0.float32.count }
    }
    guard let factors = vectors[factors]?.float64, vectors[scale]?.float64.count == 1 else {
      return false
    }
    return count(tiles) == layout.count && count(terms) == factors.count * layout.vectorCount
  }

  /// This rank's blocks, laid out as `layout`, of the matrix that whole `vectors` of the first rank
  /// define; `blocks` gives those of each rank among all, which are laid out as `whole`.
  init(
    _ layout: CovarianceLayout, _ precision: Precision, _ vectors: [String: Parameters],
    of whole: CovarianceLayout, blocks: (_ rank: Int) -> Range<Int>, from communicator: Communicator
  ) {
    func matrix<Scalar>(_ numbers: (Parameters) -> [Scalar]) -> Covariance<Scalar> {
      let all = vectors[Self.tiles].map(numbers) ?? []
      let tiles = communicator.scatter { Self.cut(all, whole.places(of: blocks($0)).tiles) }
      let scale = communicator.broadcast(vectors[Self.scale]?.float64 ?? [])[0]
      let factors = communicator.broadcast(vectors[Self.factors]?.float64 ?? [])
      let terms = vectors[Self.terms].map(numbers) ?? []
      return Covariance(
        layout, tiles: tiles, scale: scale,
        terms: factors.enumerated().map { index, factor in
          let start = index * whole.vectorCount
          let vector = communicator.scatter { rank in
            let places = whole.places(of: blocks(rank)).vector
            return Array(terms[start + places.lowerBound..<start + places.upperBound])
          }
          return Covariance.Term(factor: factor, vector: vector)
        })
    }
    switch precision {
    case .float64: self = .float64(matrix(\.float64))
    case .float32: self = .float32(matrix(\.float32))
    }
  }

  /// A part of `numbers`, not copied if it is the whole.
  private static func cut<Scalar>(_ numbers: [Scalar], _ range: Range<Int>) -> [Scalar] {
    range == numbers.indices ? numbers : Array(numbers[range])
  }
}
