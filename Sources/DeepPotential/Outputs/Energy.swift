import Atoms

extension OutputDefinition {
  /// The energy in eV, with forces and virial as its derivatives.
  ///
  /// Evaluations do not compare energies of single atoms, because models that agree on the energy
  /// may divide it differently among the atoms.
  public static let energy = OutputDefinition(
    name: "energy", atomName: "atom_ener", atomWeightName: "atom_ener_coeff", perAtom: false,
    isReduced: true, forces: .derivatives, unit: "eV", symbol: "e")
}

extension Prediction {
  /// Energy of the frame in eV: the sum of the atom energies, 0 where nets give forces alone.
  public var energy: Double {
    get { frameValue.first ?? 0 }
    set { frameValue[0] = newValue }
  }

  /// Energy of each atom in eV, biases included.
  public var atomEnergies: [Double] {
    get { atomValues }
    set { atomValues = newValue }
  }

  /// Makes a prediction of an energy.
  public init(
    energy: Double, atomEnergies: [Double], forces: [SIMD3<Double>], virial: Matrix3
  ) {
    self.init(
      atomValues: atomEnergies, frameValue: [energy], forces: forces, virial: virial)
  }
}

extension ListedSums {
  /// Energy in eV; 0 where nets give forces alone.
  public var energy: Double { frameValue.first ?? 0 }
}

extension FrameLabels {
  /// Energy in eV.
  public var energy: Double? {
    get { values["energy"]?[0] }
    set { values["energy"] = newValue.map { [$0] } }
  }

  /// Energy of each atom in eV (`atom_ener`).
  public var atomEnergies: [Double]? {
    get { values["atom_ener"] }
    set { values["atom_ener"] = newValue }
  }

  /// Coefficients c of `E = Σ c_i E_i`, `[atoms]` (`atom_ener_coeff`).
  public var atomEnergyCoefficients: [Double]? {
    get { values["atom_ener_coeff"] }
    set { values["atom_ener_coeff"] = newValue }
  }

  /// Weight of each atom's force in the prefactor-force loss (`atom_pref`).
  public var forceWeights: [Double]? {
    get { values["atom_pref"] }
    set { values["atom_pref"] = newValue }
  }

  /// Derivatives of the positions with respect to Q generalized coordinates, `[atoms][3][Q]`
  /// (`drdq`).
  public var generalizedDirections: [Double]? {
    get { values["drdq"] }
    set { values["drdq"] = newValue }
  }
}
