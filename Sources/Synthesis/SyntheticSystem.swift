import Atoms

/// The systems that can be made; the raw value is the name on the command line.
public enum SyntheticSystem: String, CaseIterable, Sendable {
  /// Liquid water, SPC/Fw, 192 atoms in a cube.
  case water
  /// Copper, Sutton-Chen, 108 atoms in straight and sheared cells.
  case copper
  /// Water clusters of 4 to 12 molecules without periodicity.
  case cluster
  /// An alloy of copper, nickel, palladium and platinum, Sutton-Chen, 108 atoms, of mixed type.
  case alloy

  /// The system in one line.
  public var summary: String {
    switch self {
    case .water: "liquid water: 64 flexible SPC/Fw molecules, 300-400 K, three densities"
    case .copper: "Sutton-Chen copper: 108 atoms, solid and liquid, straight and sheared cells"
    case .cluster: "water clusters of 4 to 12 SPC/Fw molecules, not periodic"
    case .alloy: "Sutton-Chen alloy: 108 atoms of Cu, Ni, Pd and Pt on random sites, mixed type"
    }
  }

  /// Whether it is made of molecules, which have dipoles and polarizabilities.
  public var hasTensors: Bool { self == .water || self == .cluster }

  /// The simulations of the recipe, those for validation last, with `frames` of each system, nil
  /// for the recipe's number.
  ///
  /// Simulations of the same name, one after another, make one system.
  package func simulations(seed: UInt64, frames: Int? = nil) -> [Simulation] {
    switch self {
    case .water: waterSimulations(seed: seed, frames: frames)
    case .copper: copperSimulations(seed: seed, frames: frames)
    case .cluster: clusterSimulations(seed: seed, frames: frames)
    case .alloy: alloySimulations(seed: seed, frames: frames)
    }
  }
}
