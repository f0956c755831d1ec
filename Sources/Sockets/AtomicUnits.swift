/// The values of atomic units in eV and Å.
///
/// Programs round them differently, by up to 1e-8 of an energy, which matters for the total energy
/// of many atoms.  Both sides of a connection have the same numbers in eV and Å only with the same
/// constants.
public struct AtomicUnits: Sendable, Equatable {
  /// The Bohr radius in Å.
  public let bohr: Double
  /// The hartree in eV.
  public let hartree: Double

  /// The force of one hartree per Bohr radius in eV/Å.
  public var force: Double { hartree / bohr }

  /// Source: CODATA 2018.
  public static let codata = AtomicUnits(bohr: 0.529177210903, hartree: 27.211386245988)
  /// Source: i-PI 3, ipi/utils/units.py: `angstrom` and `electronvolt` in atomic units.
  public static let iPI = AtomicUnits(bohr: 1 / 1.8897261, hartree: 1 / 0.036749326)
  /// Source: ASE 3, ase.units of CODATA 2014: `Bohr` and `Ha`, which it computes from other
  /// constants.
  public static let ase = AtomicUnits(bohr: 0.5291772105638411, hartree: 27.211386024367243)
}
