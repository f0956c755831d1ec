#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

import Atoms
import Random

/// Atoms in motion, in contact with a heat bath: Langevin dynamics in the BAOAB splitting.
///
/// One step is half a kick (B), half a drift (A), the exact solution of friction and noise over the
/// whole step (O), half a drift (A), half a kick (B):
///
///     B: v += (Δt/2) F/m    A: x += (Δt/2) v    O: v = κ v + √((1 - κ²) k_B T / m) ξ
///
/// with `κ = e^(-γΔt)` and normally distributed `ξ`.
///
/// Without friction it is the velocity Verlet method, which conserves energy.
/// Source: Leimkuhler and Matthews, Appl. Math. Res. Express 2013, 34; docs/SYNTHESIS.md, (10).
package struct LangevinDynamics: Sendable {
  /// Temperature of the heat bath in K.
  package var temperature: Double
  /// The friction `γ` in 1/fs; zero is a system without heat bath.
  package var friction: Double
  /// Time step in fs.
  package let timestep: Double
  /// The positions in Å; atoms that leave the cell are not moved back.
  package private(set) var positions: [SIMD3<Double>]
  /// Velocities in Å/fs.
  package private(set) var velocities: [SIMD3<Double>]
  /// Energy, forces and virial at `positions`.
  package private(set) var labels: EnergyLabels
  /// Masses in amu.
  package let masses: [Double]
  private let potential: any Potential
  private var pairs: PairList
  private var random: CounterRandom

  /// Starts at `positions`, in Å, with velocities drawn from the heat bath; `masses` are in amu.
  package init(
    _ potential: any Potential, positions: [SIMD3<Double>], cell: Cell?, masses: [Double],
    temperature: Double, friction: Double, timestep: Double, random: CounterRandom
  ) {
    precondition(masses.count == positions.count)
    (self.potential, self.positions, self.masses) = (potential, positions, masses)
    (self.temperature, self.friction, self.timestep) = (temperature, friction, timestep)
    self.random = random
    pairs = PairList(positions, cell: cell, cutoff: potential.cutoff, skin: 1)
    labels = potential.labels(at: positions, pairs: pairs)
    velocities = Array(repeating: .zero, count: positions.count)
    exchangeHeat(keeping: 0)
  }

  /// Does `steps` steps.
  package mutating func run(steps: Int) {
    let kept = exp(-friction * timestep)
    for _ in 0..<steps {
      kick()
      drift()
      if friction > 0 { exchangeHeat(keeping: kept) }
      drift()
      pairs.update(positions)
      labels = potential.labels(at: positions, pairs: pairs)
      kick()
    }
  }

  /// Kinetic energy in eV.
  package var kineticEnergy: Double {
    var sum = 0.0
    for (v, m) in zip(velocities, masses) { sum += m * dot(v, v) }
    return 0.5 * PhysicalConstants.kineticUnit * sum
  }

  /// The temperature in K that corresponds to the kinetic energy: `2K / (3 N k_B)`.
  package var kineticTemperature: Double {
    2 * kineticEnergy / (3 * Double(masses.count) * PhysicalConstants.boltzmann)
  }

  private mutating func kick() {
    let factor = 0.5 * timestep / PhysicalConstants.kineticUnit
    for i in velocities.indices { velocities[i] += factor / masses[i] * labels.forces[i] }
  }

  private mutating func drift() {
    for i in positions.indices { positions[i] += 0.5 * timestep * velocities[i] }
  }

  /// Keeps the fraction `kept` of each velocity and takes the rest from the heat bath.
  private mutating func exchangeHeat(keeping kept: Double) {
    let heat = PhysicalConstants.boltzmann * temperature / PhysicalConstants.kineticUnit
    for i in velocities.indices {
      let noise = ((1 - kept * kept) * heat / masses[i]).squareRoot()
      let draw = SIMD3(random.normal(), random.normal(), random.normal())
      velocities[i] = kept * velocities[i] + noise * draw
    }
  }
}
