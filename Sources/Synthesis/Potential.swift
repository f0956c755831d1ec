import Atoms

/// The labels of a configuration: its energy and the exact derivatives of that energy.
package struct EnergyLabels: Sendable, Equatable {
  /// Energy in eV.
  package var energy = 0.0
  /// Force on each atom, `-dE/dx`, in eV/Å.
  package var forces: [SIMD3<Double>]
  /// Virial, minus the derivative by strain, `V = -Σ dE/dd ⊗ d`, in eV.
  package var virial = Matrix3.zero

  /// Starts at zero for `atoms` atoms.
  package init(atoms: Int) { forces = Array(repeating: .zero, count: atoms) }

  /// Adds the effect of `gradient = dE/dd`, where `d = x_j - x_i` is the displacement.
  ///
  /// Every energy of this room is a function of displacements, so force and virial need nothing
  /// else: `F_i += dE/dd`, `F_j -= dE/dd`, `V -= dE/dd ⊗ d`.
  /// Source: docs/SYNTHESIS.md, (7).
  package mutating func add(_ gradient: SIMD3<Double>, from i: Int, to j: Int, _ d: SIMD3<Double>) {
    forces[i] += gradient
    forces[j] -= gradient
    virial.addOuter(-gradient, d)
  }
}

/// An energy of atoms that has continuous second derivatives.
package protocol Potential: Sendable {
  /// Distance in Å beyond which two atoms do not act on each other.
  var cutoff: Double { get }

  /// Energy, forces and virial at `positions`, in Å; `pairs` holds all pairs within the cutoff.
  func labels(at positions: [SIMD3<Double>], pairs: PairList) -> EnergyLabels
}

extension Potential {
  /// Energy, forces and virial at `positions`, in Å, in `cell`.
  package func labels(at positions: [SIMD3<Double>], in cell: Cell?) -> EnergyLabels {
    labels(at: positions, pairs: PairList(positions, cell: cell, cutoff: cutoff))
  }
}
