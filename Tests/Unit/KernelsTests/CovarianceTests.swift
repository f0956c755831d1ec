import Kernels
import Random
import Testing

/// `P` of each block as a whole matrix, updated as the formulas say.
private struct PlainCovariance {
  var blocks: [[[Double]]]

  init(sizes: [Int]) {
    blocks = sizes.map { size in
      (0..<size).map { row in (0..<size).map { $0 == row ? 1 : 0 } }
    }
  }

  func product(_ x: [[Double]]) -> [[Double]] {
    zip(blocks, x).map { block, x in
      block.map { zip($0, x).reduce(0) { $0 + $1.0 * $1.1 } }
    }
  }

  mutating func subtract(_ factor: Double, square u: [[Double]], dividingBy divisor: Double) {
    for b in blocks.indices {
      for i in blocks[b].indices {
        for j in blocks[b].indices {
          blocks[b][i][j] = (blocks[b][i][j] - factor * u[b][i] * u[b][j]) / divisor
        }
      }
    }
  }
}

/// Blocks side by side in a padded vector, and the way back.
private func padded(_ x: [[Double]], _ layout: CovarianceLayout) -> [Double] {
  var vector = [Double](repeating: 0, count: layout.vectorCount)
  for (block, x) in zip(layout.blocks, x) {
    for (place, value) in zip(block.places, x) { vector[place] = value }
  }
  return vector
}

@Suite struct CovarianceTests {
  private let sizes = [5, 64, 70, 1, 700]

  /// Products of twenty updates by random vectors, more than may wait twice over.
  private func products<Scalar: NetworkScalar>(
    _ type: Scalar.Type, threads: Int
  ) -> [(found: [Double], expected: [Double])] {
    let layout = CovarianceLayout(sizes: sizes), covariance = Covariance<Scalar>(layout)
    var plain = PlainCovariance(sizes: sizes)
    var random = CounterRandom(seed: 7, purpose: "test")
    return (0..<20).map { _ in
      let x = sizes.map { size in (0..<size).map { _ in random.normal() } }
      let expected = plain.product(x),
        found = covariance.product(padded(x, layout), threads: threads)
      let lengths = zip(x, expected).map { zip($0, $1).reduce(0) { $0 + $1.0 * $1.1 } }
      let factor = 1 / (1 + lengths.reduce(0, +))
      plain.subtract(factor, square: expected, dividingBy: 0.98)
      covariance.subtract(factor, square: found, dividingBy: 0.98)
      return (found, padded(expected, layout))
    }
  }

  @Test func `products are those of whole matrices`() {
    for (found, expected) in products(Double.self, threads: 1) {
      let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
      #expect(worst <= 1e-12)
    }
    for (found, expected) in products(Float.self, threads: 1) {
      let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
      #expect(worst <= 1e-4)
    }
  }

  @Test(arguments: [2, 3, 4])
  func `every number of threads gives the same bits`(threads: Int) {
    #expect(
      products(Double.self, threads: threads).map(\.found)
        == products(Double.self, threads: 1).map(\.found))
  }

  @Test func `a covariance goes on from its parts`() {
    let layout = CovarianceLayout(sizes: sizes), first = Covariance<Double>(layout)
    let x = padded(sizes.map { (0..<$0).map { 1 / Double($0 + 1) } }, layout)
    first.subtract(0.1, square: first.product(x, threads: 1), dividingBy: 0.9)
    let second = Covariance(
      layout, tiles: first.tiles, scale: first.scale, terms: first.terms)
    #expect(first.product(x, threads: 1) == second.product(x, threads: 1))
  }
}
