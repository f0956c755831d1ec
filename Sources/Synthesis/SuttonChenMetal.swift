/// The parameters of one metal in the potential of Sutton and Chen.
///
/// Source: Sutton and Chen, Phil. Mag. Lett. 61, 139 (1990), table 1.
package struct SuttonChenMetal: Sendable {
  /// Symbol of the element.
  package let name: String
  /// Exponent n of the repulsion.
  package let repulsionExponent: Int
  /// Exponent m of the density.
  package let densityExponent: Int
  /// Energy ε in eV.
  package let epsilon: Double
  /// Lattice constant a in Å.
  package let length: Double
  /// Weight c of the many-body part.
  package let weight: Double
  /// The cohesive energy in eV to which the parameters were fitted.
  package let cohesiveEnergy: Double

  /// Copper.
  package static let copper = SuttonChenMetal(
    name: "Cu", repulsionExponent: 9, densityExponent: 6, epsilon: 1.2382e-2, length: 3.61,
    weight: 39.432, cohesiveEnergy: 3.50)
  /// Nickel.
  package static let nickel = SuttonChenMetal(
    name: "Ni", repulsionExponent: 9, densityExponent: 6, epsilon: 1.5707e-2, length: 3.52,
    weight: 39.432, cohesiveEnergy: 4.44)
  /// Palladium.
  package static let palladium = SuttonChenMetal(
    name: "Pd", repulsionExponent: 12, densityExponent: 7, epsilon: 4.1790e-3, length: 3.89,
    weight: 108.27, cohesiveEnergy: 3.94)
  /// Platinum.
  package static let platinum = SuttonChenMetal(
    name: "Pt", repulsionExponent: 10, densityExponent: 8, epsilon: 1.9833e-2, length: 3.92,
    weight: 34.408, cohesiveEnergy: 5.86)

  /// The four metals of the alloy, which dissolve in each other; sorted by symbol.
  package static let all = [copper, nickel, palladium, platinum]
}
