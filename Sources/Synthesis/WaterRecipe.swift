import Atoms
import Random

/// Liquid water: 64 molecules in a cube, temperatures and volumes around those of DFT data sets.
///
/// Molecules start on a lattice of 4 × 4 × 4 sites with random orientations, which melts at once.
/// Source of the recipe: docs/SYNTHESIS.md, "water, cluster: flexible water, SPC/Fw".
func waterSimulations(seed: UInt64, frames: Int?) -> [Simulation] {
  let conditions: [(name: String, temperature: Double, edge: Double)] = [
    ("data_0", 300, 12.44), ("data_1", 350, 12.44), ("data_2", 400, 12.44),
    ("data_3", 360, 12.20), ("data_4", 360, 12.80), ("validation", 340, 12.44),
  ]
  return conditions.enumerated().map { index, condition in
    var random = CounterRandom(seed: seed, purpose: "synthetic water", step: UInt64(index))
    let potential = FlexibleWater(molecules: 64)
    let positions = waterLattice(count: 64, spacing: condition.edge / 4, random: &random)
    return Simulation(
      name: condition.name, typeNames: ["O", "H"], types: potential.types, positions: positions,
      cell: cube(condition.edge), potential: potential, temperature: condition.temperature,
      timestep: 0.5, equilibration: 8000, spacing: 100, frames: frames ?? (index < 5 ? 56 : 40),
      random: random)
  }
}

/// A cubic cell of `edge` Å.
private func cube(_ edge: Double) -> Cell? {
  Cell(SIMD3(edge, 0, 0), SIMD3(0, edge, 0), SIMD3(0, 0, edge))
}
