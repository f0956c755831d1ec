/// The constants that relate the units of this room: eV, Å, fs, atomic mass units, K.
///
/// Source: CODATA 2018 (Tiesinga et al., Rev. Mod. Phys. 93, 025010 (2021)); 1 cal = 4.184 J.
package enum PhysicalConstants {
  /// Boltzmann's constant in eV/K.
  package static let boltzmann = 8.617_333_262e-5
  /// One amu Å²/fs² in eV.
  package static let kineticUnit = 103.642_696_5
  /// e²/(4πε₀) in eV Å.
  package static let coulomb = 14.399_645_48
  /// One kcal/mol in eV.
  package static let kilocaloriePerMole = 0.043_364_104
  /// Masses of atoms in amu.
  ///
  /// Source: Prohaska et al., Pure Appl. Chem. 94, 573 (2022), abridged values.
  package static let masses = [
    "H": 1.008, "O": 15.999, "Ni": 58.693, "Cu": 63.546, "Pd": 106.42, "Pt": 195.08,
  ]
}
