import Atoms
import Kernels

/// What leads from pairs to atoms and back.
extension ProgramSweeps {
  /// `dDot_ij = v_i - v_j - W d_ij`.
  func fillDirection(_ frame: ProgramFrame, _ adjoint: PredictionAdjoint) {
    let edges = frame.edges, v = adjoint.forces, pairsDot = memory.pairsDot.base
    // Unless forces are derivatives no loss has a direction in which atoms would move.
    if !program.output.isDifferentiated { return memory.pairsDot.clear(edges.neighbors.count) }
    for (k, atom) in edges.centers.enumerated() {
      for pair in edges.pairs(of: k) {
        let neighbor = edges.atoms[Int(edges.neighbors[pair])]
        pairsDot[pair] =
          v[atom] - v[neighbor] - adjoint.virial * frame.displacements.base[pair]
      }
    }
  }

  /// The values of atoms with their biases and, if sweep 1 `derives` anything or nets give them,
  /// forces.
  func prediction(_ frame: ProgramFrame, derives: Bool) -> Prediction {
    let edges = frame.edges, types = frame.frame.types, output = program.output
    let width = output.width, stride = output.rowWidth
    let results = memory[.value, program.result].base
    var values = Array(repeating: 0.0, count: types.count * width)
    for (k, atom) in edges.centers.enumerated() {
      for c in 0..<width {
        values[atom * width + c] =
          Double(results[k * stride + c]) + program.biases[edges.types[k] * width + c]
      }
    }
    let isDirect = output.forces == .direct
    var (forces, virial) = ([SIMD3<Double>](), Matrix3.zero)
    if derives { (forces, virial) = gatherForces(frame) }
    if isDirect { forces = Array(repeating: .zero, count: types.count) }
    for (k, atom) in edges.centers.enumerated() where isDirect {
      for axis in 0..<3 { forces[atom][axis] = Double(results[k * stride + width + axis]) }
    }
    return Prediction(
      of: output, atomValues: values, types: types, forces: forces, virial: virial)
  }

  /// `F_i = Σ (pairs of center i) dE/dd - Σ (pairs ending on i) dE/dd` and `V = -Σ dE/dd ⊗ d`, in
  /// pair order.
  private func gatherForces(_ frame: ProgramFrame) -> ([SIMD3<Double>], Matrix3) {
    let edges = frame.edges
    var forces = Array(repeating: SIMD3<Double>.zero, count: frame.frame.types.count)
    var virial = Matrix3.zero
    for (k, atom) in edges.centers.enumerated() {
      for pair in edges.pairs(of: k) {
        let dBar = memory.pairsBar.base[pair]
        forces[atom] += dBar
        forces[edges.atoms[Int(edges.neighbors[pair])]] -= dBar
        virial.addOuter(-dBar, frame.displacements.base[pair])
      }
    }
    return (forces, virial)
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

  /// The numbers of `views` of atoms side by side, `[atoms][width]`, in the frame's order; zeros
  /// for padding atoms.  The program keeps them.
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
