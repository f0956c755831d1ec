import Atoms

/// Metals and alloys in the second-moment approximation of Sutton and Chen.
///
///     E = ½ Σ_ij φ_ij(r_ij) - Σ_i ε_i c_i √ρ_i,    ρ_i = Σ_j ψ_ij(r_ij)
///
/// Both sums are switched off smoothly below the cutoff.  The density `ρ_i` makes it a many-body
/// energy: with `f_i = -ε_i c_i √ρ_i`, `dE/dr_ij = φ'(r) + (f_i'(ρ_i) + f_j'(ρ_j)) ψ'(r)` for each
/// pair once.
/// Source: docs/SYNTHESIS.md, (9).
package struct SuttonChen: Potential {
  package let cutoff: Double
  /// The metal of each type.
  private let metals: [SuttonChenMetal]
  /// The type of each atom.
  private let types: [Int]
  /// The interactions, `[types][types]`.
  private let interactions: [SuttonChenPair]

  /// The usual truncation in Å; the source has none and sums over the whole lattice.
  package static let cutoff = 6.0

  /// Makes the energy of atoms of these `types`, indices into `metals`, that interact up to
  /// `cutoff`, in Å.
  package init(
    _ metals: [SuttonChenMetal], types: [Int], cutoff: Double = SuttonChen.cutoff
  ) {
    (self.metals, self.types, self.cutoff) = (metals, types, cutoff)
    interactions = metals.flatMap { one in metals.map { other in SuttonChenPair(one, other) } }
  }

  package func labels(at positions: [SIMD3<Double>], pairs: PairList) -> EnergyLabels {
    precondition(positions.count == types.count)
    var labels = EnergyLabels(atoms: positions.count)
    let close = pairs.pairs.compactMap { pair -> (Pair, SIMD3<Double>, Double)? in
      let d = positions[pair.j] + pair.shift - positions[pair.i]
      let r2 = dot(d, d)
      return r2 < cutoff * cutoff ? (pair, d, r2.squareRoot()) : nil
    }
    var densities = Array(repeating: 0.0, count: positions.count)
    for (pair, _, r) in close {
      let (repulsion, density) = terms(pair, r)
      labels.energy += repulsion.value
      densities[pair.i] += density.value
      densities[pair.j] += density.value  // twice on one atom if it meets its own image
    }
    let slopes = bind(densities, into: &labels.energy)
    for (pair, d, r) in close {
      let (repulsion, density) = terms(pair, r)
      let slope = repulsion.slope + (slopes[pair.i] + slopes[pair.j]) * density.slope
      labels.add(slope / r * d, from: pair.i, to: pair.j, d)
    }
    return labels
  }

  /// Adds the many-body part `-ε_i c_i √ρ_i` of all atoms to `energy`, and gives its slopes by ρ_i.
  private func bind(_ densities: [Double], into energy: inout Double) -> [Double] {
    zip(types, densities).map { type, density in
      let metal = metals[type]
      energy -= metal.epsilon * metal.weight * density.squareRoot()
      return density > 0 ? -0.5 * metal.epsilon * metal.weight / density.squareRoot() : 0
    }
  }

  private func terms(
    _ pair: Pair, _ r: Double
  ) -> (repulsion: (value: Double, slope: Double), density: (value: Double, slope: Double)) {
    interactions[types[pair.i] * metals.count + types[pair.j]].terms(r, cutoff: cutoff)
  }
}
