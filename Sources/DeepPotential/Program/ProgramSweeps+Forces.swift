import Atoms
import Kernels

/// What leads from pairs to atoms and back.
extension ProgramSweeps {
  /// `dDot_ij = v_i - v_j - W d_ij`.
  func fillDirection(_ frame: ProgramFrame, _ adjoint: PredictionAdjoint) {
    let edges = frame.edges, v = adjoint.forces, pairsDot = memory.pairsDot.base
    for (k, atom) in edges.centers.enumerated() {
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
    for (k, atom) in edges.centers.enumerated() {
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

  /// The virials of single atoms, over the frame of the last `predict`, which has so many.
  func atomVirials(_ atoms: Int) -> [Matrix3] {
    guard let frame else { preconditionFailure("predict comes first") }
    let edges = frame.edges
    var virials = Array(repeating: Matrix3.zero, count: atoms)
    for pair in edges.neighbors.indices {
      virials[edges.atoms[Int(edges.neighbors[pair])]].addOuter(
        -memory.pairsBar.base[pair], frame.displacements.base[pair])
    }
    return virials
  }

  /// The numbers of `views` of atoms side by side, `[atoms][width]`, in the frame's order; zeros for
  /// padding atoms.  The program keeps them.
  func numbers(of views: [View]) -> [Double] {
    guard let frame else { preconditionFailure("predict comes first") }
    let edges = frame.edges, width = views.reduce(0) { $0 + $1.width }
    var numbers = Array(repeating: 0.0, count: frame.frame.types.count * width)
    for (k, atom) in edges.centers.enumerated() {
      var place = atom * width
      for view in views {
        let row = view.table == nil ? k : edges.types[k]
        let from = memory[.value, view.value].base + row * memory.widths[view.value]
        for column in view.columns {
          numbers[place] = Double(from[column])
          place += 1
        }
      }
    }
    return numbers
  }
}
