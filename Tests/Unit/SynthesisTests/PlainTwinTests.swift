import Atoms
import Foundation
import Synthesis
import Testing

/// The shifts of all images that any test cell brings within 7 Å.
private func imageShifts(_ cell: Cell?) -> [SIMD3<Double>] {
  guard let cell else { return [.zero] }
  let range = -5...5
  return range.flatMap { x in
    range.flatMap { y in range.map { z in cell.vector(SIMD3(Double(x), Double(y), Double(z))) } }
  }
}

/// The switch from 5 to 6 Å.
private func plainWeight(_ r: Double) -> Double {
  let u = max(r - 5, 0)
  return 1 - 10 * pow(u, 3) + 15 * pow(u, 4) - 6 * pow(u, 5)
}

/// The energies written down as sums over all atoms and images, with nothing clever about them.
@Suite struct PlainTwinTests {
  @Test(arguments: [Example.smallMetal])
  func `copper's energy is the plain sum`(example: Example) {
    let shifts = imageShifts(example.cell), x = example.positions
    var energy = 0.0
    for i in x.indices {
      var repulsion = 0.0, density = 0.0
      for j in x.indices {
        for shift in shifts {
          let r = norm(x[j] + shift - x[i])
          guard r > 0, r < 6 else { continue }
          let weight = plainWeight(r)
          repulsion += pow(3.61 / r, 9) * weight
          density += pow(3.61 / r, 6) * weight
        }
      }
      energy += 0.012382 * (0.5 * repulsion - 39.432 * density.squareRoot())
    }
    #expect(abs(example.labels.energy - energy) < 1e-12 * abs(energy))
  }

  @Test(arguments: [Example.smallAlloy, Example.largeAlloy])
  func `an alloy's energy is the plain sum`(example: Example) {
    // Copper, nickel, palladium, platinum: the numbers of the paper, written down once more.
    let n = [9.0, 9, 12, 10], m = [6.0, 6, 7, 8]
    let epsilon = [0.012382, 0.015707, 0.004179, 0.019833], a = [3.61, 3.52, 3.89, 3.92]
    let c = [39.432, 39.432, 108.27, 34.408]
    let shifts = imageShifts(example.cell), x = example.positions
    let types = Example.alloyTypes(x.count)
    var energy = 0.0
    for (i, p) in types.enumerated() {
      var density = 0.0
      for (j, q) in types.enumerated() {
        for shift in shifts {
          let r = norm(x[j] + shift - x[i])
          guard r > 0, r < 6 else { continue }
          let ratio = sqrt(a[p] * a[q]) / r, weight = plainWeight(r)
          energy += 0.5 * sqrt(epsilon[p] * epsilon[q]) * pow(ratio, (n[p] + n[q]) / 2) * weight
          density += pow(ratio, (m[p] + m[q]) / 2) * weight
        }
      }
      energy -= epsilon[p] * c[p] * sqrt(density)
    }
    #expect(abs(example.labels.energy - energy) < 1e-12 * abs(energy))
  }

  @Test(arguments: [Example.cluster, Example.liquid])
  func `water's energy is the plain sum`(example: Example) {
    let shifts = imageShifts(example.cell).sorted { norm($0) < norm($1) }.prefix(27)
    let x = example.positions, molecules = x.count / 3
    let kilocalorie = 4.184e3 / 6.022_140_76e23 / 1.602_176_634e-19
    let charges = (0..<x.count).map { $0 < molecules ? -0.82 : 0.41 }
    let coulomb = ZeroQuadrupoleCoulomb(cutoff: 6)
    let dispersion = LennardJones(epsilon: 0.1554253 * kilocalorie, sigma: 3.165492, cutoff: 6)
    var energy = 0.0
    for m in 0..<molecules {
      let a = x[molecules + 2 * m] - x[m], b = x[molecules + 2 * m + 1] - x[m]
      let bend = bentAngle(a, b).angle - 113.24 * .pi / 180
      let stretches = [norm(a) - 1.012, norm(b) - 1.012].map { $0 * $0 }
      energy += kilocalorie / 2 * (1059.162 * (stretches[0] + stretches[1]) + 75.9 * bend * bend)
    }
    for i in x.indices {
      for j in x.indices
      where (i < molecules ? i : (i - molecules) / 2)
        != (j < molecules ? j : (j - molecules) / 2)
      {
        for shift in shifts {
          let r = norm(x[j] + shift - x[i])
          energy += 0.5 * charges[i] * charges[j] * coulomb.energy(r).value
          if i < molecules && j < molecules { energy += 0.5 * dispersion.energy(r).value }
        }
      }
    }
    // The constants of the two sides are rounded at the ninth digit.
    #expect(abs(example.labels.energy - energy) < 1e-7 * abs(energy))
  }
}
