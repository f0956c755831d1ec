import Atoms
import Random
import Synthesis
import Testing

@Suite struct InvarianceTests {
  @Test(arguments: Example.all)
  func `moving everything changes nothing`(example: Example) {
    var moved = example
    for i in moved.positions.indices { moved.positions[i] += SIMD3(3.3, -20.1, 7.7) }
    expectSame(moved.labels, example.labels)
  }

  @Test(arguments: Example.all)
  func `turning everything turns the forces and the virial`(example: Example) {
    let turn = Matrix3(
      x: SIMD3(0.36, 0.48, -0.8), y: SIMD3(-0.8, 0.6, 0), z: SIMD3(0.48, 0.64, 0.6))
    let shift = Matrix3(
      x: turn.x - SIMD3(1, 0, 0), y: turn.y - SIMD3(0, 1, 0), z: turn.z - SIMD3(0, 0, 1))
    let labels = example.labels
    var expected = labels
    expected.forces = labels.forces.map { turn * $0 }
    let v = [labels.virial.x, labels.virial.y, labels.virial.z]
    let rows = [turn.x, turn.y, turn.z]
    expected.virial = Matrix3(
      rows: rows.flatMap { a in
        rows.map { b in
          (0..<3).reduce(0.0) { sum, k in sum + a[k] * dot(v[k], b) }
        }
      })
    expectSame(example.strained(by: shift).labels, expected)
  }

  @Test(arguments: [Example.liquid, Example.smallMetal, Example.metal, Example.smallAlloy])
  func `every atom may be represented by any of its images`(example: Example) throws {
    let cell = try #require(example.cell)
    var random = CounterRandom(seed: 3, purpose: "test")
    var moved = example
    for i in moved.positions.indices {
      let n = SIMD3((0..<3).map { _ in Double(random.index(below: 5)) - 2 })
      moved.positions[i] += cell.vector(n)
    }
    expectSame(moved.labels, example.labels)
  }

  @Test(arguments: [Example.smallAlloy, Example.largeAlloy])
  func `atoms of an alloy may be listed in any order`(example: Example) {
    var random = CounterRandom(seed: 4, purpose: "test")
    var order = Array(example.positions.indices)
    random.shuffle(&order)
    let types = Example.alloyTypes(order.count)
    let listed = SuttonChen(SuttonChenMetal.all, types: order.map { types[$0] })
    let labels = listed.labels(at: order.map { example.positions[$0] }, in: example.cell)
    var expected = example.labels
    expected.forces = order.map { example.labels.forces[$0] }
    expectSame(labels, expected)
  }

  @Test func `metals that change places in an alloy change its energy`() {
    let example = Example.largeAlloy
    var types = Example.alloyTypes(example.positions.count)
    types.swapAt(0, 1)
    let exchanged = SuttonChen(SuttonChenMetal.all, types: types)
    let energy = exchanged.labels(at: example.positions, in: example.cell).energy
    #expect(abs(energy - example.labels.energy) > 1e-3)
  }

  @Test func `eight cells side by side have eight times the energy`() throws {
    let one = Example.smallAlloy, small = one.labels
    let cell = try #require(one.cell)
    let (a, b, c) = cell.vectors
    let positions = (0..<8).flatMap { n in
      let shift = cell.vector(SIMD3(Double(n & 1), Double(n >> 1 & 1), Double(n >> 2)))
      return one.positions.map { $0 + shift }
    }
    let types = (0..<8).flatMap { _ in Example.alloyTypes(4) }
    let large = SuttonChen(SuttonChenMetal.all, types: types)
    let all = large.labels(at: positions, in: Cell(2 * a, 2 * b, 2 * c))
    #expect(abs(all.energy - 8 * small.energy) < 1e-12 * abs(all.energy))
    for (i, force) in all.forces.enumerated() {
      #expect(norm(force - small.forces[i % 4]) < 1e-12)
    }
  }

  @Test func `two copies of a cluster that are far apart do not feel each other`() {
    let one = Example.cluster
    let pushed = one.positions.map { $0 + SIMD3(50, 0, 0) }
    let (oxygens, hydrogens) = (0..<8, 8..<24)
    let positions =
      Array(one.positions[oxygens]) + Array(pushed[oxygens]) + Array(one.positions[hydrogens])
      + Array(pushed[hydrogens])
    let two = FlexibleWater(molecules: 16).labels(at: positions, in: nil)
    #expect(abs(two.energy - 2 * one.labels.energy) < 1e-12 * abs(two.energy))
  }

  private func expectSame(_ a: EnergyLabels, _ b: EnergyLabels) {
    #expect(abs(a.energy - b.energy) < 1e-11 * abs(b.energy))
    let force = b.forces.map(norm).max() ?? 0
    for (x, y) in zip(a.forces, b.forces) { #expect(norm(x - y) < 1e-11 * force) }
    let virial = b.virial.rows.map(abs).max() ?? 0
    for (x, y) in zip(a.virial.rows, b.virial.rows) { #expect(abs(x - y) < 1e-11 * virial) }
  }
}
