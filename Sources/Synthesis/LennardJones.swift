/// The Lennard-Jones interaction of two atoms, switched off smoothly.
///
/// `φ(r) = 4ε [(σ/r)¹² - (σ/r)⁶] w(r)`, where `w` falls from one to zero over the last `width` Å
/// below the cutoff.  Source: docs/SYNTHESIS.md, (3).
package struct LennardJones: Sendable {
  /// Depth of the well in eV.
  package let epsilon: Double
  /// Distance at which the bare interaction vanishes, in Å.
  package let sigma: Double
  /// Distance from which on the interaction is zero, in Å.
  package let cutoff: Double
  /// Width of the switching region in Å.
  package static let width = 1.0

  /// Makes the interaction of depth `epsilon`, size `sigma`, zero beyond `cutoff`.
  package init(epsilon: Double, sigma: Double, cutoff: Double) {
    (self.epsilon, self.sigma, self.cutoff) = (epsilon, sigma, cutoff)
  }

  /// `φ(r)` in eV and `φ'(r)` in eV/Å.
  package func energy(_ r: Double) -> (value: Double, slope: Double) {
    let s2 = sigma * sigma / (r * r)
    let s6 = s2 * s2 * s2
    let bare = 4 * epsilon * s6 * (s6 - 1)
    let bareSlope = -24 * epsilon * s6 * (2 * s6 - 1) / r
    let (w, slope) = smoothSwitch(r, inner: cutoff - LennardJones.width, outer: cutoff)
    return (bare * w, bareSlope * w + bare * slope)
  }
}
