import Atoms

/// Flexible water molecules, SPC/Fw: three charged sites, harmonic bonds and angle.
///
/// Oxygens come first: molecule `m` of `M` has the oxygen `m` and the hydrogens `M + 2m`,
/// `M + 2m + 1`, the order in which published water data sets keep them.  Atoms of one molecule act
/// on each other through the bonds and the angle alone.  Source: docs/SYNTHESIS.md, (8).
package struct FlexibleWater: Potential {
  /// Number of molecules.
  package let molecules: Int
  package let cutoff: Double
  private let bond: Harmonic, angle: Harmonic
  private let dispersion: LennardJones
  private let coulomb: ZeroQuadrupoleCoulomb

  /// The parameters of SPC/Fw.
  ///
  /// Source: Wu, Tepper and Voth, J. Chem. Phys. 124, 024503 (2006), table I; energies there are
  /// `(k/2)(x - x₀)²` in kcal/mol.
  package enum Parameters {
    /// Force constant of the O-H bond, kcal/mol/Å².
    package static let bondConstant = 1059.162
    /// Resting length of the O-H bond, Å.
    package static let bondLength = 1.012
    /// Force constant of the H-O-H angle, kcal/mol/rad².
    package static let angleConstant = 75.90
    /// Resting H-O-H angle, degrees.
    package static let angle = 113.24
    /// Depth of the O-O Lennard-Jones well, kcal/mol.
    package static let epsilon = 0.155_425_3
    /// Size σ of the O-O Lennard-Jones interaction, Å.
    package static let sigma = 3.165_492
    /// Charge of O, in elementary charges; H has minus half of it.
    package static let oxygenCharge = -0.82
    /// Truncation of everything between molecules, Å: ours, the source uses Ewald sums.
    package static let cutoff = 6.0
  }

  /// Makes the energy of `molecules` molecules that act on each other up to `cutoff`, in Å.
  package init(molecules: Int, cutoff: Double = Parameters.cutoff) {
    self.molecules = molecules
    self.cutoff = cutoff
    let unit = PhysicalConstants.kilocaloriePerMole
    bond = Harmonic(constant: Parameters.bondConstant * unit, rest: Parameters.bondLength)
    angle = Harmonic(
      constant: Parameters.angleConstant * unit, rest: Parameters.angle * .pi / 180)
    dispersion = LennardJones(
      epsilon: Parameters.epsilon * unit, sigma: Parameters.sigma, cutoff: cutoff)
    coulomb = ZeroQuadrupoleCoulomb(cutoff: cutoff)
  }

  /// The types of all atoms, 0 for O and 1 for H.
  package var types: [Int] {
    Array(repeating: 0, count: molecules) + Array(repeating: 1, count: 2 * molecules)
  }

  /// The molecule of `atom`.
  private func molecule(of atom: Int) -> Int {
    atom < molecules ? atom : (atom - molecules) / 2
  }

  package func labels(at positions: [SIMD3<Double>], pairs: PairList) -> EnergyLabels {
    precondition(positions.count == 3 * molecules)
    if let cell = pairs.cell {
      // The exclusion within a molecule takes no account of images: they must be out of reach.
      precondition(cell.heights.min() > cutoff + 3, "the cell is too small for this cutoff")
    }
    var labels = EnergyLabels(atoms: positions.count)
    for molecule in 0..<molecules { addMolecule(molecule, positions, pairs.cell, to: &labels) }
    for pair in pairs.pairs where molecule(of: pair.i) != molecule(of: pair.j) {
      addPair(pair, positions[pair.j] + pair.shift - positions[pair.i], to: &labels)
    }
    return labels
  }

  /// Adds two bonds and the angle between them.
  private func addMolecule(
    _ m: Int, _ positions: [SIMD3<Double>], _ cell: Cell?, to labels: inout EnergyLabels
  ) {
    let first = molecules + 2 * m, second = first + 1
    let a = shortest(positions[first] - positions[m], in: cell)
    let b = shortest(positions[second] - positions[m], in: cell)
    let lengthA = norm(a), lengthB = norm(b)
    let (bondA, slopeA) = bond.energy(lengthA), (bondB, slopeB) = bond.energy(lengthB)
    let (theta, byA, byB) = bentAngle(a, b)
    let (bend, slope) = angle.energy(theta)
    labels.energy += bondA + bondB + bend
    labels.add(slopeA / lengthA * a + slope * byA, from: m, to: first, a)
    labels.add(slopeB / lengthB * b + slope * byB, from: m, to: second, b)
  }

  /// Adds what acts between two molecules over the displacement `d`.
  private func addPair(_ pair: Pair, _ d: SIMD3<Double>, to labels: inout EnergyLabels) {
    let r2 = dot(d, d)
    guard r2 < cutoff * cutoff else { return }
    let r = r2.squareRoot()
    let charges = charge(pair.i) * charge(pair.j)
    var (energy, slope) = coulomb.energy(r)
    (energy, slope) = (charges * energy, charges * slope)
    if pair.j < molecules {  // i <= j: both are oxygens
      let (value, valueSlope) = dispersion.energy(r)
      energy += value
      slope += valueSlope
    }
    labels.energy += energy
    labels.add(slope / r * d, from: pair.i, to: pair.j, d)
  }

  private func charge(_ atom: Int) -> Double {
    Parameters.oxygenCharge * (atom < molecules ? 1 : -0.5)
  }
}

/// The shortest image of a displacement that is short compared to the cell.
func shortest(_ d: SIMD3<Double>, in cell: Cell?) -> SIMD3<Double> {
  guard let cell else { return d }
  return d - cell.vector(cell.fractional(d).rounded(.toNearestOrEven))
}
