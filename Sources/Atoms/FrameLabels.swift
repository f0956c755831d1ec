/// The labels of one frame, in the order of its atoms.
public struct FrameLabels: Sendable, Equatable {
  /// Labels by their DeePMD-kit names (`energy`, `atom_pref`, ...): `[width]` of a frame,
  /// `[atoms][width]` of atoms.  A label that the data set does not have has no entry.
  public var values: [String: [Double]] = [:]
  /// Force on each atom in eV/Å; nil where the data set has none.
  public var forces: [SIMD3<Double>]?
  /// Virial in eV; nil where the data set has none.
  public var virial: Matrix3?

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
