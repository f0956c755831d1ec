import Atoms
import Kernels

/// What leads from pairs to atoms and back.
extension ProgramSweeps {
  /// `dDot_ij = v_i - v_j - W d_ij`.
  func fillDirection(_ frame: ProgramFrame, _ adjoint: PredictionAdjoint) {
    let edges = frame.edges, v = adjoint.forces, pairsDot = memory.pairsDot.base
    // Without forces no loss has a direction in which atoms would move.
    if !program.output.isDifferentiated { return memory.pairsDot.clear(edges.codes.count) }
    for (k, atom) in edges.atoms.enumerated() {
      for pair in edges.pairs(of: k) {
        let neighbor = edges.atoms[Int(edges.neighbors[pair])]
        pairsDot[pair] =
          v[atom] - v[neighbor] - adjoint.virial * frame.displacements.base[pair]
      }
    }
  }

  /// The values of atoms with their biases and, where the output is differentiated, forces.
  func prediction(_ frame: ProgramFrame) -> Prediction {
    let edges = frame.edges, types = frame.frame.types, output = program.output
    let width = output.width, results = memory[.value, program.result].base
    var values = Array(repeating: 0.0, count: types.count * width)
    for (k, atom) in edges.atoms.enumerated() {
      for c in 0..<width {
        values[atom * width + c] =
          Double(results[k * width + c]) + program.biases[edges.types[k] * width + c]
      }
    }
    let (forces, virial) = output.isDifferentiated ? gatherForces(frame) : ([], .zero)
    return Prediction(
      of: output, atomValues: values, types: types, forces: forces, virial: virial)
  }

  /// `F_i = Σ (pairs of center i) dE/dd - Σ (pairs ending on i) dE/dd` and `V = -Σ dE/dd ⊗ d`, in
  /// pair order.
  private func gatherForces(_ frame: ProgramFrame) -> ([SIMD3<Double>], Matrix3) {
    let edges = frame.edges
    var forces = Array(repeating: SIMD3<Double>.zero, count: frame.frame.types.count)
    var virial = Matrix3.zero
    for (k, atom) in edges.atoms.enumerated() {
      for pair in edges.pairs(of: k) {
        let dBar = memory.pairsBar.base[pair]
        forces[atom] += dBar
        forces[edges.atoms[Int(edges.neighbors[pair])]] -= dBar
        virial.addOuter(-dBar, frame.displacements.base[pair])
      }
    }
    return (forces, virial)
  }
}
