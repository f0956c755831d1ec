import Atoms

/// The systems that can be made; the raw value is the name on the command line.
public enum SyntheticSystem: String, CaseIterable, Sendable {
  /// Liquid water, SPC/Fw, 192 atoms in a cube.
  case water
  /// Copper, Sutton-Chen, 108 atoms in straight and sheared cells.
  case copper
  /// Water clusters of 4 to 12 molecules without periodicity.
  case cluster

  /// The system in one line.
  public var summary: String {
    switch self {
    case .water: "liquid water: 64 flexible SPC/Fw molecules, 300-400 K, three densities"
    case .copper: "Sutton-Chen copper: 108 atoms, solid and liquid, straight and sheared cells"
    case .cluster: "water clusters of 4 to 12 SPC/Fw molecules, not periodic"
    }
  }

  /// The systems of the recipe, the one for validation last.
  package func simulations(seed: UInt64) -> [Simulation] {
    switch self {
    case .water: waterSimulations(seed: seed)
    case .copper: copperSimulations(seed: seed)
    case .cluster: clusterSimulations(seed: seed)
    }
  }
}
