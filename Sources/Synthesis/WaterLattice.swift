#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

import Atoms
import Random

/// `count` relaxed water molecules, turned at random, on a cubic lattice; oxygens first.
///
/// The sites are those of a cube of as many sites a side as needed, filled layer by layer,
/// `spacing` Å apart.
package func waterLattice(
  count: Int, spacing: Double, random: inout CounterRandom
) -> [SIMD3<Double>] {
  var side = 1
  while side * side * side < count { side += 1 }
  var oxygens: [SIMD3<Double>] = [], hydrogens: [SIMD3<Double>] = []
  let half = 0.5 * FlexibleWater.Parameters.angle * .pi / 180
  let bond = FlexibleWater.Parameters.bondLength
  for site in 0..<count {
    let place = SIMD3<Int>(site % side, site / side % side, site / (side * side))
    let oxygen = spacing * SIMD3<Double>(place)
    let (u, v) = randomFrame(&random)
    oxygens.append(oxygen)
    hydrogens.append(oxygen + bond * (cos(half) * u + sin(half) * v))
    hydrogens.append(oxygen + bond * (cos(half) * u - sin(half) * v))
  }
  return oxygens + hydrogens
}

/// Two unit vectors at right angles, every orientation equally likely.
private func randomFrame(_ random: inout CounterRandom) -> (SIMD3<Double>, SIMD3<Double>) {
  let a = SIMD3(random.normal(), random.normal(), random.normal())
  let b = SIMD3(random.normal(), random.normal(), random.normal())
  let u = a / norm(a)
  let v = b - dot(b, u) * u
  return (u, v / norm(v))
}
