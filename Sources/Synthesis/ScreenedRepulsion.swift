import Foundation

/// The repulsion of two atoms that are much closer than atoms of a bond, as Ziegler, Biersack and
/// Littmark have it: Coulomb's energy of the nuclei, screened by the electrons.
///
///     V(r) = Z₁ Z₂ e²/(4πε₀ r) φ(r/a),    a = 0.46850 Å / (Z₁^0.23 + Z₂^0.23)
///     φ(x) = 0.18175 e^(-3.19980 x) + 0.50986 e^(-0.94229 x)
///            + 0.28022 e^(-0.40290 x) + 0.02817 e^(-0.20162 x)
///
/// Source: Ziegler, Biersack and Littmark, "The Stopping and Range of Ions in Matter", vol. 1,
/// Pergamon 1985; with the digits of LAMMPS, `pair_style zbl`.
public struct ScreenedRepulsion: Sendable {
  /// e²/(4πε₀) Z₁ Z₂ in eV Å, and 1/a in 1/Å.
  private let strength: Double, inverseLength: Double

  /// The repulsion of atoms of the atomic numbers `first` and `second`.
  public init(_ first: Int, _ second: Int) {
    let (a, b) = (Double(first), Double(second))
    strength = PhysicalConstants.coulomb * a * b
    inverseLength = (pow(a, 0.23) + pow(b, 0.23)) / 0.46850
  }

  /// The energy in eV of the two atoms `r` Å apart.
  public func energy(at r: Double) -> Double {
    let x = r * inverseLength
    let screening = zip(Self.weights, Self.rates).reduce(0) { $0 + $1.0 * exp(-$1.1 * x) }
    return strength / r * screening
  }

  private static let weights = [0.18175, 0.50986, 0.28022, 0.02817]
  private static let rates = [3.19980, 0.94229, 0.40290, 0.20162]
}

/// The energies of pairs of types at equal distances, as DeePMD-kit reads them for `use_srtab`.
public struct RepulsionTable: Sendable {
  /// Distances in Å, and the energies in eV of the pairs of types 0-0, 0-1, ..., 1-1, ...
  public let rows: [[Double]]

  /// Tabulates the repulsion of types with the atomic numbers `numbers` every `spacing` Å, from
  /// there on.
  ///
  /// From `inner` Å on the energies are switched off, so that they are zero from `outer` Å on,
  /// where the table ends.
  public init(numbers: [Int], inner: Double, outer: Double, spacing: Double) {
    precondition(spacing > 0 && spacing <= outer && inner < outer)
    let pairs = numbers.indices.flatMap { a in
      numbers[a...].map { ScreenedRepulsion(numbers[a], $0) }
    }
    rows = (1...Int((outer / spacing - 1e-9).rounded(.up))).map { k in
      let r = Double(k) * spacing
      let weight = smoothSwitch(r, inner: inner, outer: outer).weight
      return [r] + pairs.map { weight == 0 ? 0 : weight * $0.energy(at: r) }
    }
  }
}
