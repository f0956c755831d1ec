/// The labels of one frame, in the order of its atoms; nil for labels that the data lack.
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
  /// Derivatives of the positions with respect to generalized coordinates (`drdq`),
  /// `[atoms][3][Q]`.
  public var generalizedDirections: [Double]?
  /// Coefficients c of `E = Σ c_i E_i` (`atom_ener_coeff`).
  public var atomEnergyCoefficients: [Double]?

  /// Starts without labels.
  public init() {}
}

/// A frame and its labels.
public struct LabeledFrame: Sendable, Equatable {
  /// The configuration.
  public var frame: Frame
  /// Its labels.
  public var labels: FrameLabels

  /// Joins the two.
  public init(_ frame: Frame, _ labels: FrameLabels) {
    self.frame = frame
    self.labels = labels
  }
}
