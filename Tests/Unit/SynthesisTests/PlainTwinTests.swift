import Atoms
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
          let terms = SuttonChen().terms(r)
          repulsion += terms.repulsion.value
          density += terms.density.value
        }
      }
      energy += 0.012382 * (0.5 * repulsion - 39.432 * density.squareRoot())
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
