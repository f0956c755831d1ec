import Atoms
import Random
import Synthesis
import Testing

@Suite struct DerivativeTests {
  @Test(arguments: Example.all)
  func `forces are minus the slope of the energy`(example: Example) {
    let forces = example.labels.forces
    let scale = forces.map(norm).max() ?? 0
    for atom in stride(from: 0, to: forces.count, by: max(1, forces.count / 5)) {
      for axis in 0..<3 {
        let slope = derivative { step in
          var moved = example
          moved.positions[atom][axis] += step
          return moved.labels.energy
        }
        #expect(abs(slope + forces[atom][axis]) < 1e-9 * scale)
      }
    }
  }

  @Test(arguments: Example.all)
  func `all forces together are minus the slope along a common move`(example: Example) {
    // Every atom takes part here: a force forgotten on any of them shows.
    var random = CounterRandom(seed: 1, purpose: "test")
    let directions = example.positions.map { _ in randomVector(&random) }
    let slope = derivative(step: 2e-4) { step in
      var moved = example
      for i in directions.indices { moved.positions[i] += step * directions[i] }
      return moved.labels.energy
    }
    let work = zip(example.labels.forces, directions).reduce(0) { $0 + dot($1.0, $1.1) }
    #expect(abs(slope + work) < 1e-8 * abs(work))
  }

  @Test(arguments: Example.all)
  func `the virial is minus the slope of the energy by strain`(example: Example) {
    let virial = example.labels.virial.rows
    let scale = virial.map(abs).max() ?? 0
    for component in 0..<9 {
      let slope = derivative(step: 2e-4) { step in
        var strain = Array(repeating: 0.0, count: 9)
        strain[component] = step
        return example.strained(by: Matrix3(rows: strain)).labels.energy
      }
      #expect(abs(slope + virial[component]) < 1e-8 * scale)
    }
  }

  @Test(arguments: Example.all)
  func `forces cancel and the virial is symmetric`(example: Example) {
    let labels = example.labels
    let sum = labels.forces.reduce(.zero, +)
    #expect(norm(sum) < 1e-12 * labels.forces.reduce(0) { $0 + norm($1) })
    // Symmetry says that no torque acts, without a cell or with one.
    let v = labels.virial.rows
    for (a, b) in [(1, 3), (2, 6), (5, 7)] {
      #expect(abs(v[a] - v[b]) < 1e-12 * v.map(abs).reduce(0, +))
    }
  }

  @Test func `the angle's derivatives are its slopes`() {
    let a = SIMD3(0.9, 0.1, -0.2), b = SIMD3(-0.3, 0.8, 0.5)
    let (_, byA, byB) = bentAngle(a, b)
    for axis in 0..<3 {
      var unit = SIMD3<Double>.zero
      unit[axis] = 1
      #expect(abs(derivative { bentAngle(a + $0 * unit, b).angle } - byA[axis]) < 1e-11)
      #expect(abs(derivative { bentAngle(a, b + $0 * unit).angle } - byB[axis]) < 1e-11)
    }
  }
}
