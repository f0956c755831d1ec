import Atoms
import Kernels

/// A model's two sweeps over one frame: prediction, then the parameters' gradient.
///
/// Sweep 1 goes down (`forward`) and up (`backward`) and gives energy, force and virial.  With the derivatives of
/// a loss, sweep 2 goes down (`tangent`) and up (`backwardTangent`) along the one direction
/// `dDot_ij = v_i - v_j - W d_ij`.  Source: docs/MATH.md, "Two sweeps".
final class FrameSweeps {
  private let descriptor: any DescriptorSweeps
  private let fitting: any FittingSweeps
  private let width: Int
  private var slots = NeighborSlots(typeCount: 0)
  private let rows = Buffer<Double>(), rowsBar = Buffer<Double>()
  private let rowsDot = Buffer<Double>(), rowsBarDot = Buffer<Double>()
  private let pairsBar = Buffer<SIMD3<Double>>(), pairsDot = Buffer<SIMD3<Double>>()

  /// Memory for frames of `model` on `threads` threads.
  init(_ model: EnergyModel, threads: Int) {
    width = model.descriptor.outputs
    descriptor = model.descriptor.makeSweeps(threads: threads)
    fitting = model.fitting.makeSweeps(width: width)
  }

  /// Number of atoms of the last frame that have more neighbors than the descriptor has slots.
  var truncatedCenters: Int { slots.truncatedCenters }

  /// Sweep 1.
  func predict(
    _ frame: Frame, with model: EnergyModel, parameters: ParameterBuffers, forTraining: Bool
  ) -> Prediction {
    slots = model.neighborSlots(of: frame)
    let atoms = frame.types.count
    for buffer in [rows, rowsBar] { buffer.reserve(atoms * width) }
    pairsBar.reserve(slots.neighbors.count)
    rows.clear(atoms * width)
    descriptor.begin(
      model.descriptor, parameters: parameters, slots: slots, types: frame.types)
    descriptor.forward(into: rows)
    var energies = Array(repeating: 0.0, count: atoms)
    fitting.begin(
      model.fitting, parameters: parameters, frame: frame, silentTypes: model.silentTypes)
    fitting.forward(rows, forTraining: forTraining, into: &energies)
    fitting.backward(into: rowsBar)
    descriptor.backward(rowsBar, into: pairsBar)
    for atom in energies.indices { energies[atom] += model.bias(of: frame.types[atom]) }
    let (forces, virial) = gatherForces(atoms: atoms)
    return Prediction(
      energy: energies.reduce(0, +), atomEnergies: energies, forces: forces, virial: virial)
  }

  /// Sweep 2, over the frame of the last `predict(forTraining: true)`.
  func addGradient(_ adjoint: PredictionAdjoint, to gradient: ParameterBuffers) {
    let atoms = adjoint.forces.count
    for buffer in [rowsDot, rowsBarDot] { buffer.reserve(atoms * width) }
    pairsDot.reserve(slots.neighbors.count)
    rowsDot.clear(atoms * width)
    for center in 0..<atoms {
      for pair in slots.pairs(of: center) {
        let neighbor = Int(slots.neighbors[pair])
        pairsDot.base[pair] =
          adjoint.forces[center] - adjoint.forces[neighbor]
          - adjoint.virial * slots.displacements[pair]
      }
    }
    descriptor.tangent(along: pairsDot, into: rowsDot)
    fitting.tangent(along: rowsDot)
    fitting.backwardTangent(adjoint.atomEnergies, into: rowsBarDot, addingTo: gradient)
    descriptor.backwardTangent(rowsBarDot, along: pairsDot, addingTo: gradient)
  }

  /// `F_i = Σ (pairs of center i) dE/dd - Σ (pairs ending on i) dE/dd` and `V = -Σ dE/dd ⊗ d`, in pair order.
  private func gatherForces(atoms: Int) -> ([SIMD3<Double>], Matrix3) {
    var forces = Array(repeating: SIMD3<Double>.zero, count: atoms), virial = Matrix3.zero
    for center in 0..<atoms {
      for pair in slots.pairs(of: center) {
        let dBar = pairsBar.base[pair]
        forces[center] += dBar
        forces[Int(slots.neighbors[pair])] -= dBar
        virial.addOuter(-dBar, slots.displacements[pair])
      }
    }
    return (forces, virial)
  }
}

extension EnergyModel {
  /// The neighbors of `frame` in the descriptor's slots.
  public func neighborSlots(of frame: Frame) -> NeighborSlots {
    let excludedByDescriptor =
      switch descriptor {
      case .seE2A(let descriptor): descriptor.options.excludedPairs
      }
    return NeighborSlots(
      NeighborList(frame, cutoff: descriptor.outerCutoff), types: frame.types,
      capacities: descriptor.slots,
      excludedByModel: PairExclusions(excludedPairs, typeCount: typeMap.count),
      excludedByDescriptor: PairExclusions(excludedByDescriptor, typeCount: typeMap.count))
  }

  /// Types whose atoms have no energy from the fitting nets.
  var silentTypes: Set<Int> { Set(excludedAtomTypes).union(fitting.options.excludedTypes) }

  /// The energy that every atom of `type` has whatever its surroundings; none for padding atoms (type -1).
  func bias(of type: Int) -> Double {
    if type < 0 || excludedAtomTypes.contains(type) { return 0 }
    return outputBias[type]
      + (fitting.options.excludedTypes.contains(type) ? 0 : fitting.bias[type])
  }
}
