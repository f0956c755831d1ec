import Atoms
import Random
import Synthesis
import Testing

/// Numbers that the literature gives for what these parameters describe.
@Suite struct PublishedValuesTests {
  /// Energy per atom of a face-centered cubic metal of lattice constant `a`.
  private func energy(_ metal: SuttonChenMetal, _ a: Double, cutoff: Double) -> Double {
    let (cell, positions) = facesCentered(a, repeats: 1)
    let potential = SuttonChen([metal], types: [0, 0, 0, 0], cutoff: cutoff)
    return potential.labels(at: positions, in: cell).energy / 4
  }

  /// The lattice constant of least energy, by thirds.
  private func bestConstant(_ metal: SuttonChenMetal, cutoff: Double) -> Double {
    var (low, high) = (3.4, 4.1)
    while high - low > 1e-5 {
      let (a, b) = (low + (high - low) / 3, high - (high - low) / 3)
      if energy(metal, a, cutoff: cutoff) < energy(metal, b, cutoff: cutoff) {
        high = b
      } else {
        low = a
      }
    }
    return low
  }

  @Test(arguments: SuttonChenMetal.all)
  func `summed far out, a metal has the published lattice constant and cohesive energy`(
    metal: SuttonChenMetal
  ) {
    let a = bestConstant(metal, cutoff: 18)
    #expect(abs(a - metal.length) < 0.01)
    #expect(abs(energy(metal, a, cutoff: 18) + metal.cohesiveEnergy) < 0.01)
  }

  @Test(arguments: SuttonChenMetal.all)
  func `the truncation takes three hundredths of the energy and nothing of the size`(
    metal: SuttonChenMetal
  ) {
    let cutoff = SuttonChen.cutoff, a = bestConstant(metal, cutoff: cutoff)
    #expect(abs(a - metal.length) < 0.005)
    #expect(abs(energy(metal, a, cutoff: cutoff) / -metal.cohesiveEnergy - 1) < 0.04)
  }

  @Test func `a water molecule rests at the published geometry`() {
    var random = CounterRandom(seed: 1, purpose: "test")
    let x = waterLattice(count: 1, spacing: 3, random: &random)
    let labels = FlexibleWater(molecules: 1).labels(at: x, in: nil)
    #expect(abs(labels.energy) < 1e-25 && labels.forces.allSatisfy { norm($0) < 1e-11 })
    #expect(abs(norm(x[1] - x[0]) - 1.012) < 1e-12)
    #expect(abs(bentAngle(x[1] - x[0], x[2] - x[0]).angle * 180 / .pi - 113.24) < 1e-10)
  }

  @Test func `two molecules make a hydrogen bond of the model's length and strength`() {
    // The rigid SPC dimer, of the same charges, has 2.75 Å and 6.6 kcal/mol (Jorgensen et al.,
    // J. Chem. Phys. 79, 926 (1983)); flexible bonds make it a little stronger.
    var random = CounterRandom(seed: 4, purpose: "test")
    let start = waterLattice(count: 2, spacing: 2.9, random: &random)
    var dynamics = LangevinDynamics(
      FlexibleWater(molecules: 2, cutoff: 100), positions: start, cell: nil,
      masses: [15.999, 15.999, 1.008, 1.008, 1.008, 1.008], temperature: 0, friction: 0.02,
      timestep: 0.5, random: random)
    dynamics.run(steps: 20_000)
    let distance = norm(dynamics.positions[1] - dynamics.positions[0])
    let strength = -dynamics.labels.energy / PhysicalConstants.kilocaloriePerMole
    #expect(abs(distance - 2.75) < 0.05)
    #expect(strength > 6.4 && strength < 7.6)
  }
}
