/// A suspicious property of the data that a user should look at; it need not be an error.
public struct Finding: Sendable, Equatable, Codable {
  /// The kind of suspicion.
  public enum Kind: String, Sendable, CaseIterable, Codable {
    /// Frames that equal an earlier frame in every number.
    case duplicateFrames = "duplicate_frames"
    /// Two atoms closer than 0.5 Å.
    case closeAtoms = "close_atoms"
    /// A sum of forces that is not zero.
    case netForce = "net_force"
    /// Energies far from those of the same system.
    case energyOutliers = "energy_outliers"
    /// A virial that is not symmetric.
    case asymmetricVirial = "asymmetric_virial"
    /// Virials that differ from those computed from the forces.
    case strangeVirial = "strange_virial"
    /// Energies that were rounded to single precision.
    case roundedEnergies = "rounded_energies"
    /// Values that suggest other units than eV and Å.
    case units = "units"
  }

  /// The kind of suspicion.
  public var kind: Kind
  /// The frames concerned, in order; empty if the finding is about the whole system.
  public var frames: [Int]
  /// The description, with numbers.
  public var text: String

  /// Makes a finding.
  public init(_ kind: Kind, frames: [Int] = [], _ text: String) {
    self.kind = kind
    self.frames = frames
    self.text = text
  }
}
