import Atoms
import Diagnostics

/// What a user says of files that do not say it themselves.
public struct ReadingOptions: Sendable, Equatable {
  /// Under which names the labels are.
  public var labels = LabelNames()
  /// The units of what declares none.
  public var units = DataUnits()
  /// The cell, rows are its vectors in Å, of frames that say nothing of cells.
  public var cell: [Double]?
  /// Whether frames that say nothing of cells are known to be isolated molecules.
  public var isIsolated = false
  /// Whether the forces in dumps of LAMMPS's are labels.
  public var takesForces = false
  /// The labels that must be right where they are given; nil for all that models of the energy use.
  public var needed: Set<String>?

  /// Files that say everything.
  public init() {}

  /// Whether the label `name` must be right where it is given.
  func needs(_ name: String) -> Bool {
    needed?.contains(name) ?? LabelKind(named: name).isForEnergies
  }
}
