/// What two atoms of two metals contribute to an energy of Sutton and Chen.
///
///     φ(r) = ε (a/r)ⁿ w(r),    ψ(r) = (a/r)ᵐ w(r)
///
/// Of two metals, n and m are the arithmetic, a and ε the geometric means; w switches off smoothly.
/// Source: Rafii-Tabar and Sutton, Phil. Mag. Lett. 63, 217 (1991); docs/SYNTHESIS.md, (9).
package struct SuttonChenPair: Sendable {
  /// Twice the exponents n and m, which are whole.
  private let repulsionHalves: Int, densityHalves: Int
  /// The mean of the energies ε, in eV.
  private let epsilon: Double
  /// The mean of the lattice constants a, in Å.
  private let length: Double

  /// Width of the switching region in Å.
  package static let width = 1.0

  /// Makes the pair of `one` and `other`, which may be the same.
  package init(_ one: SuttonChenMetal, _ other: SuttonChenMetal) {
    repulsionHalves = one.repulsionExponent + other.repulsionExponent
    densityHalves = one.densityExponent + other.densityExponent
    // Exact if both are the same.
    epsilon = (one.epsilon * other.epsilon).squareRoot()
    length = (one.length * other.length).squareRoot()
  }

  /// Repulsion `φ(r)` in eV and density `ψ(r)` of a pair, each with its slope by r in Å; both are
  /// zero from `cutoff` on.
  package func terms(
    _ r: Double, cutoff: Double
  ) -> (repulsion: (value: Double, slope: Double), density: (value: Double, slope: Double)) {
    let x = length / r
    let repulsion = power(x, halves: repulsionHalves), density = power(x, halves: densityHalves)
    let n = 0.5 * Double(repulsionHalves), m = 0.5 * Double(densityHalves)
    let (w, slope) = smoothSwitch(r, inner: cutoff - SuttonChenPair.width, outer: cutoff)
    return (
      (epsilon * (repulsion * w), epsilon * (repulsion * (slope - n * w / r))),
      (density * w, density * (slope - m * w / r))
    )
  }
}

/// `x` to the power `halves / 2`, by products and a square root, which round alike everywhere.
private func power(_ x: Double, halves: Int) -> Double {
  let cube = x * x * x
  var result = halves % 2 == 0 ? 1 : x.squareRoot()
  for _ in 0..<halves / 6 { result *= cube }
  for _ in 0..<halves / 2 % 3 { result *= x }
  return result
}
