import Atoms
import Random

/// Clusters of water molecules in empty space, below the temperature at which they evaporate.
///
/// The energy is the same as for the liquid, so that one model can learn both.  Source of the
/// recipe: docs/SYNTHESIS.md, "water, cluster: flexible water, SPC/Fw".
func clusterSimulations(seed: UInt64, frames: Int?) -> [Simulation] {
  let conditions: [(name: String, molecules: Int, temperature: Double)] = [
    ("data_0", 4, 150), ("data_1", 6, 180), ("data_2", 8, 200), ("data_3", 12, 220),
    ("validation", 10, 200),
  ]
  return conditions.enumerated().map { index, condition in
    var random = CounterRandom(seed: seed, purpose: "synthetic cluster", step: UInt64(index))
    let potential = FlexibleWater(molecules: condition.molecules)
    let positions = waterLattice(count: condition.molecules, spacing: 3, random: &random)
    return Simulation(
      name: condition.name, typeNames: ["O", "H"], types: potential.types, positions: positions,
      cell: nil, potential: potential, temperature: condition.temperature, timestep: 0.5,
      equilibration: 4000, spacing: 200, frames: frames ?? 64, random: random)
  }
}
