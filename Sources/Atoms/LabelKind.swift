/// The properties of one kind of label: its name, its shape and its unit.
///
/// Source: DeePMD-kit manual, "System", and the arrays that its loaders ask for.
public struct LabelKind: Sendable, Equatable {
  /// The count of numbers for one frame of N atoms.
  public enum Shape: Sendable, Equatable {
    /// A fixed count per frame; nil if the data decide.
    case frame(Int?)
    /// A fixed count per atom; nil if the data decide.
    case atom(Int?)
    /// 3N × 3N numbers.
    case atomPairs
  }

  /// DeePMD-kit's name: the array is stored as `<name>.npy`.
  public let name: String
  /// The numbers of one frame.
  public let shape: Shape
  /// The value of an absent label: 0, or 1 for weights.
  public let defaultValue: Double
  /// The unit, for reports; `1` for pure numbers, empty if the user decides.
  public let unit: String
  /// Whether DeePMD-kit stores whole numbers.
  public let isInteger: Bool
  /// Other names under which programs store the same label, the first one preferred.
  public let alternatives: [String]
  /// Whether models of the energy use the label; others are tensors, densities of states, spins.
  public let isForEnergies: Bool

  private init(
    _ name: String, _ shape: Shape, unit: String, defaultValue: Double = 0,
    isInteger: Bool = false, alternatives: [String] = [], isForEnergies: Bool = true
  ) {
    self.name = name
    self.shape = shape
    self.unit = unit
    self.defaultValue = defaultValue
    self.isInteger = isInteger
    self.alternatives = alternatives
    self.isForEnergies = isForEnergies
  }

  /// The kind of the label `name`; a name that is not in the catalog counts as a property of each
  /// frame.
  public init(named name: String) {
    self =
      Self.catalog.first { $0.name == name || $0.alternatives.contains(name) }
      ?? LabelKind(name, .frame(nil), unit: "", isForEnergies: false)
  }

  /// Whether the catalog knows `name`.
  public static func isKnown(_ name: String) -> Bool {
    catalog.contains { $0.name == name || $0.alternatives.contains(name) }
  }

  /// Whether each atom has numbers of its own.
  public var isPerAtom: Bool { if case .atom = shape { true } else { false } }

  /// The count of numbers for one frame of `atoms` atoms; nil if the data decide.
  public func width(atoms: Int) -> Int? {
    switch shape {
    case .frame(let width): width
    case .atom(let width): width.map { $0 * atoms }
    case .atomPairs: 9 * atoms * atoms
    }
  }

  /// All kinds of labels that DeePMD-kit knows.
  public static let catalog: [LabelKind] = [
    LabelKind("energy", .frame(1), unit: "eV"),
    LabelKind("force", .atom(3), unit: "eV/Å"),
    LabelKind("virial", .frame(9), unit: "eV"),
    LabelKind("atom_ener", .atom(1), unit: "eV", alternatives: ["atomic_ener"]),
    LabelKind("atom_pref", .atom(1), unit: "1", defaultValue: 1, alternatives: ["atomic_pref"]),
    LabelKind(
      "atom_ener_coeff", .atom(1), unit: "1", defaultValue: 1,
      alternatives: ["atomic_ener_coeff"]),
    LabelKind("drdq", .atom(nil), unit: "1"),
    LabelKind("hessian", .atomPairs, unit: "eV/Å²", isForEnergies: false),
    LabelKind("fparam", .frame(nil), unit: ""),
    LabelKind("aparam", .atom(nil), unit: ""),
    LabelKind("dipole", .frame(3), unit: "", isForEnergies: false),
    LabelKind("polarizability", .frame(9), unit: "", isForEnergies: false),
    // Atomic tensors may be given for the atoms of selected types only, so their widths are free.
    LabelKind(
      "atomic_dipole", .frame(nil), unit: "", alternatives: ["atom_dipole"], isForEnergies: false),
    LabelKind(
      "atomic_polarizability", .frame(nil), unit: "", alternatives: ["atom_polarizability"],
      isForEnergies: false),
    LabelKind("dos", .frame(nil), unit: "", isForEnergies: false),
    LabelKind(
      "atom_dos", .atom(nil), unit: "", alternatives: ["atomic_dos"], isForEnergies: false),
    LabelKind("spin", .atom(3), unit: "", isForEnergies: false),
    LabelKind("force_mag", .atom(3), unit: "", isForEnergies: false),
    LabelKind("numb_copy", .frame(1), unit: "1", defaultValue: 1, isInteger: true),
  ]
}
