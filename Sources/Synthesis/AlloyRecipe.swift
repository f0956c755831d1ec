import Atoms
import Random

/// An alloy of copper, nickel, palladium and platinum: 108 atoms on 3 × 3 × 3 cubes of the fcc
/// lattice, which four metals occupy at random.
///
/// Every frame starts anew: it draws its occupation by the shares of its system, its volume and its
/// shear, and shakes its atoms for 0.5 ps.  So `frames` of a system, nil for 32, are as many
/// simulations.
/// Source of the recipe: docs/SYNTHESIS.md, "alloy".
func alloySimulations(seed: UInt64, frames: Int?) -> [Simulation] {
  let conditions: [(name: String, temperature: Double, shares: [Double])] = [
    ("data_0", 300, [0.25, 0.25, 0.25, 0.25]), ("data_1", 600, [0.55, 0.15, 0.15, 0.15]),
    ("data_2", 900, [0.15, 0.55, 0.15, 0.15]), ("data_3", 600, [0.15, 0.15, 0.55, 0.15]),
    ("data_4", 900, [0.15, 0.15, 0.15, 0.55]), ("data_5", 1200, [0.25, 0.25, 0.25, 0.25]),
    ("validation", 700, [0.40, 0.10, 0.20, 0.30]),
  ]
  return conditions.enumerated().flatMap { index, condition in
    (0..<(frames ?? 32)).map { frame in
      let random = CounterRandom(
        seed: seed, purpose: "synthetic alloy", step: UInt64(index) << 32 | UInt64(frame))
      return alloySimulation(
        condition.name, temperature: condition.temperature, shares: condition.shares, random)
    }
  }
}

/// One frame of an alloy in which the four metals have these `shares`, which add up to 1.
private func alloySimulation(
  _ name: String, temperature: Double, shares: [Double], _ random: CounterRandom
) -> Simulation {
  var random = random
  let metals = SuttonChenMetal.all, atoms = 108
  let types = (0..<atoms).map { _ in drawn(by: shares, &random) }
  let mean = types.reduce(0) { $0 + metals[$1].length } / Double(atoms)
  let a = mean * (0.98 + 0.06 * random.uniform())
  let shear = SIMD3((0..<3).map { _ in 0.2 * random.uniform() - 0.1 })
  let (cell, positions) = facesCentered(a, repeats: 3, shear: shear)
  return Simulation(
    name: name, typeNames: metals.map(\.name), types: types, isMixed: true, positions: positions,
    cell: cell, potential: SuttonChen(metals, types: types), temperature: temperature, timestep: 2,
    equilibration: 250, spacing: 0, frames: 1, random: random)
}

/// An index into `shares`, each as probable as its share.
private func drawn(by shares: [Double], _ random: inout CounterRandom) -> Int {
  var left = random.uniform()
  for (index, share) in shares.dropLast().enumerated() {
    left -= share
    if left < 0 { return index }
  }
  return shares.count - 1
}
