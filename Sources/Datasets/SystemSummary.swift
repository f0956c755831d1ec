import Atoms
import Diagnostics

/// A summary of a system in one line.
public struct SystemSummary: Sendable, Encodable {
  /// The place of the system.
  public let place: String
  /// Number of frames.
  public let frames: Int
  /// Number of atoms in each frame, padding included.
  public let atoms: Int
  /// The atoms of the system as a formula.
  public let formula: String
  /// The names of its labels, sorted.
  public let labels: [String]
  /// Whether the frames have cells.
  public let periodic: Bool
  /// The element of each type, if the system names them.
  public let typeMap: [String]?
  /// The SHA-256 of the content, `AtomicSystem.contentDigest`.
  public let sha256: String

  /// Summarizes `system`.
  public init(_ system: AtomicSystem) {
    place = system.place
    frames = system.frameCount
    atoms = system.atomCount
    formula = system.formula
    labels = system.labels.keys.sorted()
    periodic = system.isPeriodic
    typeMap = system.typeNames
    sha256 = system.contentDigest
  }

  private enum CodingKeys: String, CodingKey {
    case place, frames, atoms, formula, labels, periodic, typeMap = "type_map", sha256
  }

  /// The line, such as `water/data_0: 80 frames of 192 atoms, O64H128, periodic, energy force`.
  public var line: String {
    "\(place): \(counted(frames, "frame")) of \(counted(atoms, "atom")), \(formula), "
      + "\(periodic ? "periodic" : "no cell"), "
      + (labels.isEmpty ? "no labels" : labels.joined(separator: " "))
  }
}
