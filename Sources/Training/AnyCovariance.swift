import Communication
import Kernels

/// A covariance of either precision.
enum AnyCovariance {
  case float64(Covariance<Double>)
  case float32(Covariance<Float>)

  /// Makes the unit matrix.
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

/// The conversion from and to the named vectors of a checkpoint.  The first rank reads and writes
/// them, while each rank holds some of the blocks.
extension AnyCovariance {
  /// The names of the matrix as it lies in memory, and of its scale with the factors of the terms
  /// that are not added yet.
  private static let tiles = "covariance", scale = "covariance_scale"
  private static let factors = "covariance_factors", terms = "covariance_terms"

  /// Gives the vectors that define the whole matrix on the first rank, and vectors without meaning
  /// on the others.
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
      // A process that is alone does not copy the matrix.
      Self.tiles: parameters(tiles.count == 1 ? tiles[0] : Array(tiles.joined())),
      scale: Parameters(float64: [matrix.scale]),
      factors: Parameters(float64: matrix.terms.map(\.factor)), Self.terms: parameters(terms),
    ]
  }

  /// Whether `vectors` define a matrix with the blocks of `whole`.
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

  /// Takes this rank's blocks, laid out as `layout`, from the `vectors` of the whole matrix, which
  /// the first rank has.
  ///
  /// `blocks` gives the range of blocks of each rank; `whole` is the layout of all blocks.
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

  /// Gives the numbers in `range`, without a copy if the range covers them all.
  private static func cut<Scalar>(_ numbers: [Scalar], _ range: Range<Int>) -> [Scalar] {
    range == numbers.indices ? numbers : Array(numbers[range])
  }
}
