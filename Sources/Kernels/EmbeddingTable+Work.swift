import Measurement

/// The work of building a table, of passing pairs through it, and of its gradient, counted as they
/// are coded.
extension EmbeddingTable {
  /// The work of `build`: the jets of all points that were tried; none for a table that is given.
  public var buildWork: Work {
    if isGiven { return Work.uncounted }
    return network.layers.reduce(Work.uncounted) {
      $0 + $1.productWork(3 * pointsTried, size)
        + $1.numberWork(pointsTried, $1.activation.operations + 10, size)
    }
  }

  /// The work of one pass of `pairs` neighbors and `empty` rows for empty slots, of some centers.
  ///
  /// Each number of an embedding takes six products for `G`, six for its slope if the pass needs
  /// it, and the operations of the pass itself; each neighbor takes about 60 operations for its
  /// environment row and 30 for each basis of polynomials.
  public func pairWork(_ pass: Phase, pairs: Int, empty: Int) -> Work {
    let perNumber: Double, perPair: Double, vectorsPerPair: Double
    switch pass {  // vectors: a displacement, and an adjoint or a direction
    case .pairsForward: (perNumber, perPair, vectorsPerPair) = (19, 90, 1)
    case .pairsBackward: (perNumber, perPair, vectorsPerPair) = (39, 140, 2)
    case .pairsTangent: (perNumber, perPair, vectorsPerPair) = (38, 150, 2)
    default: (perNumber, perPair, vectorsPerPair) = (46, 150, 2)
    }
    let numbers = stride
    let visited = min(6 * (pairs + empty), 3 * count) * numbers * size
    return Work(
      operations: Double(pairs + empty) * (perNumber * Double(numbers) + perPair),
      bytes: Double(visited) + Double(pairs) * vectorsPerPair * 32)
  }

  /// The work of `addGradient`, and of the sum of `parts` tiles' node adjoints before it.
  public func gradientWork(parts: Int, points: Int) -> Work {
    let numbers = adjointCount(points)
    let sum = Work(
      operations: Double((parts - 1) * numbers), bytes: Double((parts + 1) * numbers * size))
    return network.layers.enumerated().reduce(sum) { sum, next in
      let (l, layer) = next
      return sum + (l == 0 ? 1 : 2) * layer.productWork(3 * points, size)
        + layer.numberWork(points, 15, size)
    }
  }

  private var size: Int { MemoryLayout<Scalar>.stride }
}
