/// The labels of one frame, in the order of its atoms; nil where the data set has none.
public struct FrameLabels: Sendable, Equatable {
  /// Energy in eV.
  public var energy: Double?
  /// Force on each atom in eV/Å.
  public var forces: [SIMD3<Double>]?
  /// Virial in eV.
  public var virial: Matrix3?
  /// Energy of each atom in eV (`atom_ener`).
  public var atomEnergies: [Double]?
  /// Weight of each atom's force in the prefactor-force loss (`atom_pref`).
  public var forceWeights: [Double]?
  /// Generalized coordinates' derivatives (`drdq`), `[atoms][3][Q]`.
  public var generalizedDirections: [Double]?
  /// Coefficients c of `E = Σ c_i E_i` (`atom_ener_coeff`).
  public var atomEnergyCoefficients: [Double]?

  /// No labels.
  public init() {}
}

/// A frame and what is known of it.
public struct LabeledFrame: Sendable, Equatable {
  /// The configuration.
  public var frame: Frame
  /// Its labels.
  public var labels: FrameLabels

  /// Puts the two together.
  public init(_ frame: Frame, _ labels: FrameLabels) {
    self.frame = frame
    self.labels = labels
  }
}
