import Atoms

/// What a model says of one frame.
public struct Prediction: Sendable, Equatable {
  /// Energy of each atom in eV, biases included.
  public var atomEnergies: [Double]
  /// Force on each atom in eV/Å.
  public var forces: [SIMD3<Double>]
  /// Virial in eV, `V = -Σ dE/dd ⊗ d`.
  public var virial: Matrix3
  /// Virial of each atom in eV, `W_j = -Σ (pairs ending on j) dE/dd ⊗ d`; empty unless it was asked for.
  public var atomVirials: [Matrix3] = []
  /// Energy of the frame in eV: the sum of the atom energies.
  public var energy: Double

  /// Makes a prediction from its parts.
  public init(
    energy: Double, atomEnergies: [Double], forces: [SIMD3<Double>], virial: Matrix3
  ) {
    self.energy = energy
    self.atomEnergies = atomEnergies
    self.forces = forces
    self.virial = virial
  }
}

/// The derivatives of a loss with respect to a prediction: what the second sweep is seeded with.
public struct PredictionAdjoint: Sendable, Equatable {
  /// dL/dE_i for each atom: dL/dE for all, and what the loss takes of single atom energies.
  public var atomEnergies: [Double]
  /// dL/dF_i for each atom (`v`).
  public var forces: [SIMD3<Double>]
  /// dL/dV (`W`).
  public var virial: Matrix3

  /// No dependence, for `atoms` atoms.
  public init(atoms: Int) {
    atomEnergies = Array(repeating: 0, count: atoms)
    forces = Array(repeating: .zero, count: atoms)
    virial = .zero
  }
}
