/// The Coulomb interaction of two unit charges, truncated by the zero-quadrupole rule.
///
/// The bare `1/r` is completed by the even polynomial of fourth order that makes the value, the
/// slope and the curvature vanish at the cutoff `c`:
///
///     ψ(r) = k [1/r + (5/4) r²/c³ - (3/8) r⁴/c⁵ - (15/8)/c]        k = e²/(4πε₀)
///     ψ'(r) = k [-1/r² + (5/2) r/c³ - (3/2) r³/c⁵]
///
/// This is a reaction field of the next order: the polynomial stands for surroundings that cancel
/// charge, dipole and quadrupole within the sphere.  So one smooth function replaces a truncation
/// with a switch, which would put artificial forces into the switching region.
/// Source: Fukuda, J. Chem. Phys. 139, 174107 (2013), l = 2 and α = 0; docs/SYNTHESIS.md, (4).
package struct ZeroQuadrupoleCoulomb: Sendable {
  /// Distance from which on the interaction is zero, in Å.
  package let cutoff: Double
  private let quadratic: Double, quartic: Double, constant: Double

  /// Makes the interaction that ends at `cutoff`, in Å.
  package init(cutoff: Double) {
    self.cutoff = cutoff
    let c2 = cutoff * cutoff
    quadratic = 1.25 / (c2 * cutoff)
    quartic = 0.375 / (c2 * c2 * cutoff)
    constant = 1.875 / cutoff
  }

  /// `ψ(r)` in eV and `ψ'(r)` in eV/Å, for two charges of one elementary charge each.
  package func energy(_ r: Double) -> (value: Double, slope: Double) {
    guard r < cutoff else { return (0, 0) }
    let r2 = r * r
    let inverse = 1 / r
    let value = inverse + r2 * (quadratic - quartic * r2) - constant
    let slope = -inverse * inverse + r * (2 * quadratic - 4 * quartic * r2)
    return (PhysicalConstants.coulomb * value, PhysicalConstants.coulomb * slope)
  }
}
