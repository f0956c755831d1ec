import Atoms
import Random

/// One system to be made: its atoms, their energy, and the dynamics that visits frames.
package struct Simulation: Sendable {
  /// Name of the system's folder: `data_0`, ..., `validation`.
  package let name: String
  /// The element of each type.
  package let typeNames: [String]
  /// The type of each atom.
  package let types: [Int]
  /// Whether its frames are part of a system of mixed type.
  package var isMixed = false
  /// Where the atoms start, in Å.
  package let positions: [SIMD3<Double>]
  /// The periodic cell; nil without periodicity.
  package let cell: Cell?
  /// The energy.
  package let potential: any Potential
  /// Temperature of the heat bath in K.
  package let temperature: Double
  /// Time step in fs.
  package let timestep: Double
  /// Steps before the first frame.
  package var equilibration: Int
  /// Steps from one frame to the next, enough to make them different.
  package var spacing: Int
  /// Number of frames.
  package let frames: Int
  /// The random numbers of this system.
  package let random: CounterRandom

  /// The frictions in 1/fs: a strong one until the start is forgotten, a weak one while frames are
  /// taken.
  private static let (strong, weak) = (0.02, 0.005)

  /// Runs the dynamics and labels all frames with energy, force and virial; calls `whenMade` after
  /// each.  With `tensors`, frames of molecules have their tensors, too.
  package func run(tensors: Bool = false, whenMade: () -> Void = {}) -> AtomicSystem {
    var dynamics = LangevinDynamics(
      potential, positions: positions, cell: cell, masses: masses, temperature: temperature,
      friction: Simulation.strong, timestep: timestep, random: random)
    dynamics.run(steps: equilibration)
    dynamics.friction = Simulation.weak
    var coordinates: [Double] = [], labels: [String: [Double]] = [:]
    for _ in 0..<frames {
      dynamics.run(steps: spacing)
      coordinates += flat(placed(dynamics.positions))
      labels["energy", default: []].append(dynamics.labels.energy)
      labels["force", default: []] += flat(dynamics.labels.forces)
      labels["virial", default: []] += dynamics.labels.virial.rows
      if tensors, let molecules = potential as? FlexibleWater {
        add(molecules.tensors(at: dynamics.positions, in: cell), to: &labels)
      }
      whenMade()
    }
    return AtomicSystem(
      place: name, typeNames: typeNames, types: isMixed ? types.map { _ in 0 } : types,
      frameTypes: isMixed ? (0..<frames).flatMap { _ in types } : nil, isPeriodic: cell != nil,
      frameCount: frames, positions: coordinates,
      cells: cell.map { cell in (0..<frames).flatMap { _ in cell.rows } } ?? [], labels: labels)
  }

  /// Adds a frame's tensors: those of all molecules together, and of each one at its oxygen.
  private func add(_ molecules: [MoleculeTensors], to labels: inout [String: [Double]]) {
    let dipoles = molecules.map(\.dipole), tensors = molecules.map(\.polarizability)
    let whole = tensors.reduce(.zero, +)
    labels["dipole", default: []] += flat([dipoles.reduce(.zero, +)])
    labels["atomic_dipole", default: []] += flat(dipoles)
    labels["polarizability", default: []] += whole.rows
    labels["atomic_polarizability", default: []] += tensors.flatMap(\.rows)
    labels["isotropic_polarizability", default: []].append(
      (whole.x.x + whole.y.y + whole.z.z) / 3)
  }

  /// The mass of each atom in amu.
  private var masses: [Double] {
    types.map { type in
      guard let mass = PhysicalConstants.masses[typeNames[type]] else {
        fatalError("no mass for \(typeNames[type])")
      }
      return mass
    }
  }

  /// Every atom in the cell; without a cell, the center of all atoms at the origin.
  private func placed(_ positions: [SIMD3<Double>]) -> [SIMD3<Double>] {
    if let cell { return positions.map(cell.wrapped) }
    let center = positions.reduce(.zero, +) / Double(positions.count)
    return positions.map { $0 - center }
  }
}

private func flat(_ vectors: [SIMD3<Double>]) -> [Double] {
  vectors.flatMap { [$0.x, $0.y, $0.z] }
}
