extension OutputDefinition {
  /// The dipole, in the unit of the data: a vector of each atom, and their sum.
  public static let dipole = OutputDefinition(
    name: "dipole", atomName: "atomic_dipole", atomWeightName: "atom_weight", shape: [3],
    perAtom: true, isReduced: true, symbol: "dipole", components: ["x", "y", "z"],
    details: .framesOfSystem)

  /// The polarizability, in the unit of the data: a matrix of each atom, and their sum.
  public static let polarizability = OutputDefinition(
    name: "polarizability", atomName: "atomic_polarizability", atomWeightName: "atom_weight",
    shape: [3, 3], perAtom: true, isReduced: true, symbol: "polar",
    components: ["pxx", "pxy", "pxz", "pyx", "pyy", "pyz", "pzx", "pzy", "pzz"],
    details: .framesOfSystem)
}

/// The options of polarizabilities.
public struct PolarizabilityOptions: Sendable, Equatable {
  /// Whether the nets give a number for each vector of an atom, instead of one for each pair of
  /// vectors (`fit_diag`).
  public var fitsDiagonal = true
  /// The factor of the values of each type (`scale`): one for each, a single one for all, or none,
  /// which is 1.
  public var scale: [Double] = []
  /// Whether the bias, a multiple of the unit matrix, is added (`shift_diag`).
  public var shiftsDiagonal = true
  /// A part of the bias of each type besides `out_bias` (`constant_matrix`); empty for zeros.
  public var constants: [Double] = []

  /// Makes DeePMD-kit's defaults.
  public init() {}

  /// The factor of the values of atoms of `type`.
  public func scale(of type: Int) -> Double {
    scale.isEmpty ? 1 : scale.count == 1 ? scale[0] : scale[type]
  }

  /// What atoms of `type` have besides the numbers of the nets, as a 3 × 3 matrix, if their bias is
  /// `bias`, `[3][3]`: a multiple of the unit matrix.
  func shift(of type: Int, bias: [Double]) -> [Double] {
    guard shiftsDiagonal else { return Array(repeating: 0, count: 9) }
    let constant = constants.isEmpty ? 0 : constants[type]
    let shift = ((bias[0] + bias[4] + bias[8]) / 3 + constant) * scale(of: type)
    return (0..<9).map { $0 % 4 == 0 ? shift : 0 }
  }
}
