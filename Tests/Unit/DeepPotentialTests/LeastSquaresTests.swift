import BLAS
import Random
import Testing

/// The plain twin: `(AᵀA)⁻¹ Aᵀ y` by elimination, for matrices of full column rank.
private func normalEquations(_ a: [[Double]], _ y: [Double]) -> [Double] {
  let n = a[0].count
  var m = (0..<n).map { i in
    (0..<n).map { j in zip(a, a).reduce(0) { $0 + $1.0[i] * $1.1[j] } }
      + [zip(a, y).reduce(0) { $0 + $1.0[i] * $1.1 }]
  }
  for i in 0..<n {
    for k in 0..<n where k != i {
      let factor = m[k][i] / m[i][i]
      for j in 0...n { m[k][j] -= factor * m[i][j] }
    }
  }
  return (0..<n).map { m[$0][n] / m[$0][$0] }
}

@Test func `least squares agree with the normal equations where these have one solution`() throws {
  var random = CounterRandom(seed: 3, purpose: "least squares")
  let a = (0..<20).map { _ in (0..<3).map { _ in random.normal() } }
  let y = (0..<20).map { _ in random.normal() }
  let x = try #require(
    minimumNormLeastSquares(a.flatMap(\.self), rows: 20, columns: 3, y, singularCutoff: 1e-15))
  for (fitted, plain) in zip(x, normalEquations(a, y)) { #expect(abs(fitted - plain) < 1e-12) }
}

@Test func `the shortest solution is chosen where there are many`() throws {
  // Water only: every row is a multiple of (1, 2), so x = c (1, 2) with 5 c = energy per molecule.
  let x = try #require(
    minimumNormLeastSquares(
      [1, 2, 2, 4, 3, 6], rows: 3, columns: 2, [-10, -20, -30], singularCutoff: 1e-15))
  #expect(abs(x[0] + 2) < 1e-13 && abs(x[1] + 4) < 1e-13)
  // Fewer rows than columns.
  let wide = try #require(
    minimumNormLeastSquares([3, 0, 4], rows: 1, columns: 3, [25], singularCutoff: 1e-15))
  #expect(abs(wide[0] - 3) < 1e-13 && abs(wide[1]) < 1e-13 && abs(wide[2] - 4) < 1e-13)
}

@Test func `directions below the singular cutoff are left out`() throws {
  let x = try #require(
    minimumNormLeastSquares([1, 0, 0, 1e-4], rows: 2, columns: 2, [1, 1], singularCutoff: 1e-3))
  #expect(abs(x[0] - 1) < 1e-13 && x[1] == 0)
}
