import Atoms

/// The prediction of a model for one frame.
public struct Prediction: Sendable, Equatable {
  /// The output's value of each atom, `[atoms][shape]`, biases included.
  public var atomValues: [Double]
  /// The output's value of the frame, `[shape]`; empty if frames have none.
  public var frameValue: [Double]
  /// Force on each atom in eV/Å; empty unless the output has forces.
  public var forces: [SIMD3<Double>]
  /// Virial in eV, `V = -Σ dE/dd ⊗ d`; zero unless the output is differentiated.
  public var virial: Matrix3
  /// Virial of each atom in eV, `W_j = -Σ (pairs ending on j) dE/dd ⊗ d`; empty unless the caller
  /// asked for atom virials.
  public var atomVirials: [Matrix3] = []

  /// Makes a prediction from its parts.
  public init(
    atomValues: [Double], frameValue: [Double], forces: [SIMD3<Double>] = [],
    virial: Matrix3 = .zero
  ) {
    self.atomValues = atomValues
    self.frameValue = frameValue
    self.forces = forces
    self.virial = virial
  }

  /// Makes a prediction of `output` for atoms of `types`; the frame's value is computed from
  /// `atomValues`.
  public init(
    of output: OutputDefinition, atomValues: [Double], types: [Int],
    forces: [SIMD3<Double>] = [], virial: Matrix3 = .zero
  ) {
    self.init(
      atomValues: atomValues, frameValue: output.frameValue(of: atomValues, types: types),
      forces: forces, virial: virial)
  }
}

/// The derivatives of a loss L with respect to a prediction, from which sweep 2 starts.
public struct PredictionAdjoint: Sendable, Equatable {
  /// dL/dy for the value y of each atom, `[atoms][shape]`, whether the loss depends on y itself or
  /// on the frame's value.
  public var atomValues: [Double]
  /// dL/dF_i for each atom (`v`); empty unless the output has forces.
  public var forces: [SIMD3<Double>]
  /// dL/dV (`W`).
  public var virial: Matrix3

  /// Starts with derivatives of zero, for predictions of `output` for `atoms` atoms.
  public init(of output: OutputDefinition, atoms: Int) {
    atomValues = Array(repeating: 0, count: atoms * output.width)
    forces = Array(repeating: .zero, count: output.hasForces ? atoms : 0)
    virial = .zero
  }

  /// Adds the derivatives `slopes`, `[shape]`, with respect to the frame's value of `output` to
  /// those with respect to the values of its atoms.
  ///
  /// Atoms are of `types`; the derivatives for padding atoms (type -1) do not change.
  public mutating func addFrameSlopes(
    _ slopes: [Double], of output: OutputDefinition, types: [Int]
  ) {
    let width = output.width
    precondition(
      output.isReduced && slopes.count == width && atomValues.count == types.count * width)
    let share = output.isIntensive ? 1 / Double(max(types.count { $0 >= 0 }, 1)) : 1
    for (atom, type) in types.enumerated() where type >= 0 {
      for k in 0..<width { atomValues[atom * width + k] += share * slopes[k] }
    }
  }

  /// Multiplies all derivatives by `factor`.
  public mutating func scale(by factor: Double) {
    for k in atomValues.indices { atomValues[k] *= factor }
    for k in forces.indices { forces[k] *= factor }
    virial = Matrix3(rows: virial.rows.map { factor * $0 })
  }
}
