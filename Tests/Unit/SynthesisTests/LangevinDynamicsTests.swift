import Atoms
import Random
import Synthesis
import Testing

@Suite struct LangevinDynamicsTests {
  /// The cluster in motion; friction zero leaves it alone after velocities were drawn.
  private func cluster(
    temperature: Double, friction: Double, timestep: Double = 0.5, seed: UInt64 = 1
  ) -> LangevinDynamics {
    LangevinDynamics(
      Example.cluster.potential, positions: Example.cluster.positions, cell: nil,
      masses: Array(repeating: 15.999, count: 8) + Array(repeating: 1.008, count: 16),
      temperature: temperature, friction: friction, timestep: timestep,
      random: CounterRandom(seed: seed, purpose: "test"))
  }

  @Test func `without friction energy is conserved, better by four with half the step`() {
    func drift(_ timestep: Double) -> Double {
      var dynamics = cluster(temperature: 200, friction: 0, timestep: timestep)
      let start = dynamics.labels.energy + dynamics.kineticEnergy
      var largest = 0.0
      for _ in 0..<60 {
        dynamics.run(steps: Int(2 / timestep))
        let energy = dynamics.labels.energy + dynamics.kineticEnergy
        largest = max(largest, abs(energy - start))
      }
      return largest
    }
    let coarse = drift(0.5), fine = drift(0.25)
    #expect(coarse < 0.05)  // of some 2 eV that go to and fro
    #expect(abs(coarse / fine - 4) < 1)
  }

  @Test func `without friction energy does not drift`() {
    func mean(_ dynamics: inout LangevinDynamics) -> Double {
      var sum = 0.0
      for _ in 0..<200 {
        dynamics.run(steps: 1)
        sum += (dynamics.labels.energy + dynamics.kineticEnergy) / 200
      }
      return sum
    }
    var dynamics = cluster(temperature: 200, friction: 0.05)
    dynamics.run(steps: 500)
    dynamics.friction = 0
    let first = mean(&dynamics)
    dynamics.run(steps: 1000)
    // One part in ten thousand of the thermal energy of 24 atoms.
    #expect(abs(mean(&dynamics) - first) < 1e-4)
  }

  @Test func `the heat bath brings atoms to its temperature`() {
    // 72 degrees of freedom that forget in some 50 fs, over 1.5 ps: about 3 % of statistical error.
    var dynamics = cluster(temperature: 300, friction: 0.05)
    dynamics.run(steps: 500)
    var mean = 0.0
    for _ in 0..<300 {
      dynamics.run(steps: 10)
      mean += dynamics.kineticTemperature / 300
    }
    #expect(abs(mean - 300) < 20)
  }

  @Test func `friction at zero temperature finds a minimum`() {
    var dynamics = cluster(temperature: 0, friction: 0.05)
    dynamics.run(steps: 6000)
    #expect(dynamics.kineticTemperature < 1)
    #expect((dynamics.labels.forces.map(norm).max() ?? 1) < 0.05)
  }

  @Test func `the same chance gives the same path, another one does not`() {
    func end(_ seed: UInt64) -> [SIMD3<Double>] {
      var dynamics = cluster(temperature: 300, friction: 0.01, seed: seed)
      dynamics.run(steps: 20)
      return dynamics.positions
    }
    #expect(end(1) == end(1))
    #expect(end(1) != end(2))
  }
}
