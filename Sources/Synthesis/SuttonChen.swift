import Atoms

/// Copper in the second-moment approximation of Sutton and Chen.
///
///     E = ε Σ_i [ ½ Σ_j (a/r_ij)⁹ - c √ρ_i ],    ρ_i = Σ_j (a/r_ij)⁶
///
/// Both sums are switched off smoothly below the cutoff.  The density `ρ_i` makes it a many-body
/// energy: with `f = -εc√ρ`, `dE/dr_ij = ε φ'(r) + (f'(ρ_i) + f'(ρ_j)) ψ'(r)` for each pair once.
/// Source: docs/SYNTHESIS.md, (9).
package struct SuttonChen: Potential {
  package let cutoff: Double

  /// Copper's parameters.
  ///
  /// The exponents of copper are 9 for the repulsion and 6 for the density.
  /// Source: Sutton and Chen, Phil. Mag. Lett. 61, 139 (1990), table 1.
  package enum Copper {
    /// Energy ε in eV.
    package static let epsilon = 1.2382e-2
    /// Lattice constant a in Å.
    package static let length = 3.61
    /// Weight c of the many-body part.
    package static let weight = 39.432
    /// The cohesive energy in eV to which the parameters were fitted.
    package static let cohesiveEnergy = 3.50
    /// The truncation in Å; the source has none and sums over the whole lattice.
    package static let cutoff = 6.0
  }

  /// Width of the switching region in Å.
  package static let width = 1.0

  /// Makes copper whose atoms interact up to `cutoff`, in Å.
  package init(cutoff: Double = Copper.cutoff) { self.cutoff = cutoff }

  /// Repulsion `(a/r)⁹ w(r)` and density `(a/r)⁶ w(r)` of a pair, each with its slope in 1/Å.
  package func terms(
    _ r: Double
  ) -> (repulsion: (value: Double, slope: Double), density: (value: Double, slope: Double)) {
    let x = Copper.length / r
    let x3 = x * x * x
    let x6 = x3 * x3, x9 = x6 * x3
    let (w, slope) = smoothSwitch(r, inner: cutoff - SuttonChen.width, outer: cutoff)
    return (
      (x9 * w, x9 * (slope - 9 * w / r)),
      (x6 * w, x6 * (slope - 6 * w / r))
    )
  }

  package func labels(at positions: [SIMD3<Double>], pairs: PairList) -> EnergyLabels {
    var labels = EnergyLabels(atoms: positions.count)
    let close = pairs.pairs.compactMap { pair -> (Pair, SIMD3<Double>, Double)? in
      let d = positions[pair.j] + pair.shift - positions[pair.i]
      let r2 = dot(d, d)
      return r2 < cutoff * cutoff ? (pair, d, r2.squareRoot()) : nil
    }
    var densities = Array(repeating: 0.0, count: positions.count)
    for (pair, _, r) in close {
      let (repulsion, density) = terms(r)
      labels.energy += Copper.epsilon * repulsion.value
      densities[pair.i] += density.value
      densities[pair.j] += density.value  // twice on one atom if it meets its own image
    }
    let slopes = densities.map { density in
      density > 0 ? -0.5 * Copper.epsilon * Copper.weight / density.squareRoot() : 0
    }
    for density in densities {
      labels.energy -= Copper.epsilon * Copper.weight * density.squareRoot()
    }
    for (pair, d, r) in close {
      let (repulsion, density) = terms(r)
      let slope =
        Copper.epsilon * repulsion.slope + (slopes[pair.i] + slopes[pair.j]) * density.slope
      labels.add(slope / r * d, from: pair.i, to: pair.j, d)
    }
    return labels
  }
}
