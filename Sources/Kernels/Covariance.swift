import Measurement

/// The covariance of a Kalman filter: symmetric blocks, which are multiplied by a vector and then
/// lose a rank-one term.
///
/// `P = scale (S - Σ_k c_k u_k u_kᵀ)`, where S is in memory as the tiles of its lower triangle.  S
/// is far larger than the caches.  So rank-one terms wait until there are `waitingLimit` of them;
/// subtracting them from S then shares a pass over memory with a product.  The products before only
/// read.
/// Source: docs/MATH.md, "Kalman filter".
///
/// This is a class because a copy of S by mistake would not fit into the memory.
public final class Covariance<Scalar: NetworkScalar> {
  /// The number of rank-one terms that may wait.
  static var waitingLimit: Int { 8 }

  /// A term that has not been subtracted from S yet.
  public struct Term: Sendable, Equatable {
    /// The factor `c` of each block.
    public var factor: Double
    /// The vector `u`, padded.
    public var vector: [Scalar]

    /// Makes a term.
    public init(factor: Double, vector: [Scalar]) {
      self.factor = factor
      self.vector = vector
    }
  }

  /// The blocks.
  public let layout: CovarianceLayout
  /// S.
  public private(set) var tiles: [Scalar]
  /// The factor of the whole matrix.
  public private(set) var scale: Double
  /// The waiting terms, oldest first.
  public private(set) var terms: [Term]

  /// Makes the unit matrix.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public convenience init(_ layout: CovarianceLayout) {
    var tiles = [Scalar](repeating: 0, count: layout.count)
    for block in layout.blocks {
      for row in 0..<block.size {
        let (i, r) = row.quotientAndRemainder(dividingBy: CovarianceLayout.tile)
        tiles[block.tile(i, i) + r * CovarianceLayout.tile + r] = 1
      }
    }
    self.init(layout, tiles: tiles, scale: 1, terms: [])
  }

  /// Makes a matrix from its parts.
  public init(_ layout: CovarianceLayout, tiles: [Scalar], scale: Double, terms: [Term]) {
    precondition(tiles.count == layout.count)
    precondition(terms.allSatisfy { $0.vector.count == layout.vectorCount })
    self.layout = layout
    self.tiles = tiles
    self.scale = scale
    self.terms = terms
  }

  /// `P x` for a padded vector whose padding is 0.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func product(_ x: [Double], threads: Int) -> [Double] {
    precondition(x.count == layout.vectorCount)
    let vector = x.map { Scalar($0) }
    let takesTerms = terms.count == Self.waitingLimit
    var y = passOverTiles(vector, takingTerms: takesTerms, threads: threads)
    if takesTerms { terms = [] }
    for term in terms {
      for block in layout.blocks {
        let dot = block.places.reduce(0) { $0 + Double(term.vector[$1]) * x[$1] }
        for i in block.places { y[i] -= term.factor * dot * Double(term.vector[i]) }
      }
    }
    for i in y.indices { y[i] *= scale }
    return y
  }

  /// `P = (P - factor u uᵀ) / divisor` in each block, for a padded vector u.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func subtract(_ factor: Double, square u: [Double], dividingBy divisor: Double) {
    precondition(terms.count < Self.waitingLimit, "a product comes between two updates")
    terms.append(Term(factor: factor / scale, vector: u.map { Scalar($0) }))
    scale /= divisor
  }

  /// `S x`; if `takingTerms`, after the waiting terms are subtracted from S.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func passOverTiles(
    _ x: [Scalar], takingTerms: Bool, threads: Int
  ) -> [Double] {
    let bands = CovarianceBand.all(of: layout), terms = takingTerms ? terms : []
    let lengths = bands.map { $0.columns.count }
    let starts = lengths.indices.map { lengths[..<$0].reduce(0, +) }
    let partial = Buffer<Double>(lengths.reduce(0, +))
    let factors = terms.map { Scalar($0.factor) }, length = layout.vectorCount
    var vectors: [Scalar] = []
    for term in terms { vectors += term.vector }
    tiles.withUnsafeMutableBufferPointer { tiles in
      x.withUnsafeBufferPointer { x in
        vectors.withUnsafeBufferPointer { vectors in
          guard let tiles = tiles.baseAddress, let x = x.baseAddress else { return }
          nonisolated(unsafe) let pass = CovariancePass(
            tiles: tiles, x: x, terms: vectors.baseAddress ?? x, termLength: length,
            factors: factors)
          forEachItem(below: bands.count, workers: threads) { item, _ in
            let band = bands[item]
            measure(.optimizer, band.work(of: Scalar.self, terms: factors.count)) {
              pass.run(band, into: partial.row(starts[item], 1))
            }
          }
        }
      }
    }
    return withExtendedLifetime(partial) { sum(partial.base, bands, starts) }
  }

  /// The sum of the results of all bands, in their order.
  private func sum(
    _ partial: UnsafePointer<Double>, _ bands: [CovarianceBand], _ starts: [Int]
  ) -> [Double] {
    var y = [Double](repeating: 0, count: layout.vectorCount)
    for (band, start) in zip(bands, starts) {
      for (i, place) in band.columns.enumerated() { y[place] += partial[start + i] }
    }
    return y
  }
}
