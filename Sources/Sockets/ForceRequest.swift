/// A server's request for energy and forces, in atomic units.
public struct ForceRequest: Sendable, Equatable {
  /// The number in the server's last INIT: i-PI's replica (bead).
  public internal(set) var replica = 0
  /// The text in the last INIT; nil before the first.
  public internal(set) var parameters: [UInt8]?
  /// The cell vectors a, b, c as rows, nine numbers in Bohr radii; all zero without a cell.
  public internal(set) var cell = Array(repeating: 0.0, count: 9)
  /// x, y, z of each atom in Bohr radii.
  public internal(set) var positions: [Double] = []

  /// Number of atoms.
  public var atomCount: Int { positions.count / 3 }
}

/// The answer to a request, in atomic units.
public struct ForceAnswer: Sendable, Equatable {
  /// Energy in hartree.
  public var energy = 0.0
  /// x, y, z of the force on each atom in hartree per Bohr radius.
  public var forces: [Double] = []
  /// Minus the derivative of the energy with respect to strain, row by row, in hartree.
  public var virial = Array(repeating: 0.0, count: 9)
  /// Further results as text, usually JSON.
  public var extra = ""

  /// Makes an answer of zeros.
  public init() {}
}
