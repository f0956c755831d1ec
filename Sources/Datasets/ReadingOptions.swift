import Atoms
import Diagnostics

/// Facts about files that the user gives because the files do not state them.
public struct ReadingOptions: Sendable, Equatable {
  /// The names of the labels.
  public var labels = LabelNames()
  /// The units of files that declare none.
  public var units = DataUnits()
  /// The cell, with its vectors as rows in Å, for frames that do not state one.
  public var cell: [Double]?
  /// Whether frames that do not state a cell are isolated molecules.
  public var isIsolated = false
  /// Whether the forces in dumps of LAMMPS are labels.
  public var takesForces = false
  /// The labels that must be right where they occur; nil for all labels of energy models.
  public var needed: Set<String>?

  /// Takes all facts from the files.
  public init() {}

  /// Whether the label `name` must be right where it occurs.
  func needs(_ name: String) -> Bool {
    needed?.contains(name) ?? LabelKind(named: name).isForEnergies
  }
}
