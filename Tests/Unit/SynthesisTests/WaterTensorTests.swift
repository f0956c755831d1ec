import Atoms
import Random
import Synthesis
import Testing

/// Dipoles and polarizabilities of water molecules.
@Suite struct WaterTensorTests {
  private func molecule(bond: Double, angle: Double) -> [SIMD3<Double>] {
    var random = CounterRandom(seed: 1, purpose: "test")
    let x = waterLattice(count: 1, spacing: 3, random: &random)
    let u = (x[1] + x[2] - 2 * x[0]), v = x[1] - x[2], half = 0.5 * angle
    let (along, across) = (u / norm(u), v / norm(v))
    let (c, s) = (cosine(half), cosine(.pi / 2 - half))
    return [x[0], x[0] + bond * (c * along + s * across), x[0] + bond * (c * along - s * across)]
  }

  /// The cosine, from its series.
  private func cosine(_ x: Double) -> Double {
    var (term, sum) = (1.0, 1.0)
    for k in stride(from: 2, through: 30, by: 2) {
      term *= -x * x / Double(k * (k - 1))
      sum += term
    }
    return sum
  }

  private func tensors(_ x: [SIMD3<Double>], in cell: Cell? = nil) -> MoleculeTensors {
    FlexibleWater(molecules: 1).tensors(at: x, in: cell)[0]
  }

  @Test func `a molecule has the dipole of its charges, and Thole's polarizability`() {
    // The model's geometry gives 2.19 D; Thole's table has 1.43 Å³ for water's own geometry.
    let own = tensors(molecule(bond: 1.012, angle: 113.24 * .pi / 180))
    #expect(abs(norm(own.dipole) - 2 * 0.41 * 1.012 * cosine(113.24 * .pi / 360)) < 1e-12)
    #expect(abs(norm(own.dipole) / 0.208_194_3 - 2.19) < 0.01)
    let water = tensors(molecule(bond: 0.9572, angle: 104.52 * .pi / 180)).polarizability
    let mean = (water.x.x + water.y.y + water.z.z) / 3
    #expect(abs(mean - 1.43) < 0.03)
    let rows = water.rows
    for k in 0..<3 { for l in 0..<3 { #expect(abs(rows[3 * k + l] - rows[3 * l + k]) < 1e-12) } }
  }

  @Test func `far from each other atoms have their own polarizabilities`() {
    let far = tensors([.zero, SIMD3(1e4, 0, 0), SIMD3(0, 1e4, 0)]).polarizability
    for (number, expected) in zip(far.rows, [1.89, 0, 0, 0, 1.89, 0, 0, 0, 1.89]) {
      #expect(abs(number - expected) < 1e-9)
    }
  }

  @Test func `tensors turn with the molecule, and images change nothing`() {
    let x = molecule(bond: 1.05, angle: 1.8), turned = x.map { SIMD3($0.y, $0.z, $0.x) }
    let (one, other) = (tensors(x), tensors(turned))
    #expect(norm(SIMD3(one.dipole.y, one.dipole.z, one.dipole.x) - other.dipole) < 1e-12)
    let (a, b) = (one.polarizability.rows, other.polarizability.rows)
    for k in 0..<3 {
      for l in 0..<3 {
        #expect(abs(a[3 * ((k + 1) % 3) + (l + 1) % 3] - b[3 * k + l]) < 1e-12)
      }
    }
    let cell = Cell(SIMD3(12, 0, 0), SIMD3(1, 12, 0), SIMD3(0, 0, 13))
    let moved = tensors([x[0], x[1] + SIMD3(12, 0, 0), x[2] - SIMD3(1, 12, 0)], in: cell)
    #expect(norm(moved.dipole - one.dipole) < 1e-12)
  }

  @Test func `frames are labelled with them when asked`() throws {
    var simulation = SyntheticSystem.cluster.simulations(seed: 1, frames: 2)[0]
    (simulation.equilibration, simulation.spacing) = (2, 2)
    let (plain, labelled) = (simulation.run(), simulation.run(tensors: true))
    #expect(plain.positions == labelled.positions && plain.labels["dipole"] == nil)
    let counts = labelled.labels.mapValues(\.count)
    #expect(counts["dipole"] == 6 && counts["atomic_dipole"] == 2 * 4 * 3)
    #expect(counts["polarizability"] == 18 && counts["atomic_polarizability"] == 2 * 4 * 9)
    #expect(counts["isotropic_polarizability"] == 2)
    let dipoles = try #require(labelled.labels["atomic_dipole"])
    let sum = stride(from: 0, to: 12, by: 3).reduce(0) { $0 + dipoles[$1] }
    #expect(abs(sum - (labelled.labels["dipole"]?[0] ?? .nan)) < 1e-12)
  }
}
