import Atoms
import Random

/// Copper: 108 atoms from 3 × 3 × 3 cubes of the fcc lattice, solid and liquid, some sheared.
///
/// Source of the recipe: docs/SYNTHESIS.md, "copper".
func copperSimulations(seed: UInt64, frames: Int?) -> [Simulation] {
  let straight = SIMD3<Double>.zero
  let conditions: [(name: String, temperature: Double, a: Double, shear: SIMD3<Double>)] = [
    ("data_0", 300, 3.61, straight), ("data_1", 500, 3.52, straight),
    ("data_2", 900, 3.72, straight), ("data_3", 600, 3.61, SIMD3(0.08, -0.04, 0.05)),
    ("data_4", 1000, 3.66, SIMD3(-0.06, 0.10, 0.03)), ("data_5", 2200, 3.85, straight),
    ("validation", 700, 3.64, SIMD3(0.05, 0.03, -0.06)),
  ]
  return conditions.enumerated().map { index, condition in
    let (cell, positions) = facesCentered(condition.a, repeats: 3, shear: condition.shear)
    let types = Array(repeating: 0, count: positions.count)
    return Simulation(
      name: condition.name, typeNames: ["Cu"], types: types, positions: positions, cell: cell,
      potential: SuttonChen([.copper], types: types), temperature: condition.temperature,
      timestep: 2, equilibration: 2000, spacing: 100, frames: frames ?? 32,
      random: CounterRandom(seed: seed, purpose: "synthetic copper", step: UInt64(index)))
  }
}

/// The face-centered cubic lattice of constant `a` Å, `repeats` cubes a side, and its cell.
///
/// `shear` tilts it: b gains `shear.x` edges along x, c `shear.y` along x and `shear.z` along y.
package func facesCentered(
  _ a: Double, repeats: Int, shear: SIMD3<Double> = .zero
) -> (cell: Cell?, positions: [SIMD3<Double>]) {
  let corners = [
    SIMD3(0, 0, 0), SIMD3(0.5, 0.5, 0), SIMD3(0.5, 0, 0.5), SIMD3(0, 0.5, 0.5),
  ]
  let x = SIMD3(a, 0, 0), y = SIMD3(shear.x * a, a, 0), z = SIMD3(shear.y * a, shear.z * a, a)
  var positions: [SIMD3<Double>] = []
  for site in 0..<repeats * repeats * repeats {
    let cube = SIMD3<Double>(
      SIMD3<Int>(site % repeats, site / repeats % repeats, site / (repeats * repeats)))
    for corner in corners {
      let n = cube + corner
      positions.append(n.x * x + n.y * y + n.z * z)
    }
  }
  let edge = Double(repeats)
  return (Cell(edge * x, edge * y, edge * z), positions)
}
