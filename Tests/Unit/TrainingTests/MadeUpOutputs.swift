import Atoms
import DeepPotential

/// A charge of each atom, of which the frame has none.
let charge = OutputDefinition(
  name: "charge", atomName: "atom_charge", perAtom: true, isReduced: false, unit: "e",
  symbol: "q")

/// Two numbers of a frame that do not grow with it: means over atoms.
let gap = OutputDefinition(
  name: "gap", atomName: "atom_gap", shape: [2], perAtom: false, isReduced: true,
  isIntensive: true, symbol: "gap")

/// A vector of each atom, and their sum.
let dipole = OutputDefinition(
  name: "dipole", atomName: "atomic_dipole", shape: [3], perAtom: true, isReduced: true,
  symbol: "d", components: ["x", "y", "z"])

/// A frame of three atoms, the last of them padding.
let smallFrame = Frame(
  types: [1, 0, -1], positions: [.zero, SIMD3(1, 0, 0), .zero],
  cell: Cell(SIMD3(4, 0, 0), SIMD3(0, 4, 0), SIMD3(0, 0, 4)))

extension FrameLabels {
  /// Labels of these names alone.
  init(_ values: [String: [Double]]) {
    self.init()
    self.values = values
  }
}
