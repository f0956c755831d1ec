#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

import Atoms

/// A harmonic energy of one coordinate, `(k/2) (x - x₀)²`: a bond length or an angle.
///
/// Source: docs/SYNTHESIS.md, (5).
package struct Harmonic: Sendable {
  /// Force constant `k`, in eV/Å² or eV/rad².
  package let constant: Double
  /// Resting value `x₀`, in Å or radians.
  package let rest: Double

  /// Makes the energy of force constant `constant` that rests at `rest`.
  package init(constant: Double, rest: Double) {
    (self.constant, self.rest) = (constant, rest)
  }

  /// The energy in eV and its slope in eV/Å or eV/rad.
  package func energy(_ x: Double) -> (value: Double, slope: Double) {
    (0.5 * constant * (x - rest) * (x - rest), constant * (x - rest))
  }
}

/// The angle in radians between `a` and `b`, and its derivatives by both, in rad/Å.
///
/// With `c = cos θ = a·b / (|a||b|)`: `∂c/∂a = (b/|b| - c a/|a|) / |a|`, and
/// `∂θ/∂a = -(∂c/∂a) / sin θ`.  Not defined for parallel vectors, which a molecule of water is far
/// from.  Source: docs/SYNTHESIS.md, (6).
package func bentAngle(
  _ a: SIMD3<Double>, _ b: SIMD3<Double>
) -> (angle: Double, byA: SIMD3<Double>, byB: SIMD3<Double>) {
  let lengthA = norm(a), lengthB = norm(b)
  let unitA = a / lengthA, unitB = b / lengthB
  let cosine = dot(unitA, unitB), sine = norm(cross(unitA, unitB))
  return (
    atan2(sine, cosine), (cosine * unitA - unitB) / (sine * lengthA),
    (cosine * unitB - unitA) / (sine * lengthB)
  )
}
