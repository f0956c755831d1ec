import Atoms
import Kernels

/// What leads from pairs to atoms and back.
extension ProgramSweeps {
  /// `dDot_ij = v_i - v_j - W d_ij`.
  func fillDirection(_ frame: ProgramFrame, _ adjoint: PredictionAdjoint) {
    let edges = frame.edges, v = adjoint.forces, pairsDot = memory.pairsDot.base
    for (k, atom) in edges.atoms.enumerated() {
      for pair in edges.pairs(of: k) {
        let neighbor = edges.atoms[Int(edges.neighbors[pair])]
        pairsDot[pair] =
          v[atom] - v[neighbor] - adjoint.virial * frame.displacements.base[pair]
      }
    }
  }

  /// Energies with their biases, and `F_i = Σ (pairs of center i) dE/dd - Σ (pairs ending on i)
  /// dE/dd` and `V = -Σ dE/dd ⊗ d`, in pair order.
  func prediction(_ frame: ProgramFrame) -> Prediction {
    let edges = frame.edges, count = frame.frame.types.count
    var energies = Array(repeating: 0.0, count: count), virial = Matrix3.zero
    var forces = Array(repeating: SIMD3<Double>.zero, count: count)
    for (k, atom) in edges.atoms.enumerated() {
      energies[atom] =
        Double(memory[.value, program.result].base[k]) + program.biases[edges.types[k]]
      for pair in edges.pairs(of: k) {
        let dBar = memory.pairsBar.base[pair]
        forces[atom] += dBar
        forces[edges.atoms[Int(edges.neighbors[pair])]] -= dBar
        virial.addOuter(-dBar, frame.displacements.base[pair])
      }
    }
    return Prediction(
      energy: energies.reduce(0, +), atomEnergies: energies, forces: forces, virial: virial)
  }
}
