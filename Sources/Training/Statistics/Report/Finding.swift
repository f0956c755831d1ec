/// Something in the data that a user should look at: suspicious, but not wrong by itself.
public struct Finding: Sendable, Equatable, Codable {
  /// What was noticed.
  public enum Kind: String, Sendable, CaseIterable, Codable {
    /// Frames that equal an earlier frame, number by number.
    case duplicateFrames = "duplicate_frames"
    /// Two atoms closer than 0.5 Å.
    case closeAtoms = "close_atoms"
    /// Forces that do not sum to zero.
    case netForce = "net_force"
    /// Energies far from those of the same system.
    case energyOutliers = "energy_outliers"
    /// A virial that is not symmetric.
    case asymmetricVirial = "asymmetric_virial"
    /// Virials that are not those of the forces.
    case strangeVirial = "strange_virial"
    /// Energies that lost digits to single precision.
    case roundedEnergies = "rounded_energies"
    /// Values that hint at other units than eV and Å.
    case units = "units"
  }

  /// What was noticed.
  public var kind: Kind
  /// The frames concerned, in order; empty if it is the system as a whole.
  public var frames: [Int]
  /// What exactly, with numbers.
  public var text: String

  /// Describes a finding.
  public init(_ kind: Kind, frames: [Int] = [], _ text: String) {
    self.kind = kind
    self.frames = frames
    self.text = text
  }
}
