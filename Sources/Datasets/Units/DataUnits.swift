import Atoms
import Diagnostics

/// The units of a file that are not eV and Å.
public struct DataUnits: Sendable, Equatable {
  /// What has a unit of its own.
  public enum Quantity: String, Sendable, CaseIterable {
    case energy, length, force, virial, stress

    /// The powers of energy and length that it is.
    var powers: (energy: Int, length: Int) {
      switch self {
      case .energy, .virial: (1, 0)
      case .length: (0, 1)
      case .force: (1, -1)
      case .stress: (1, -3)
      }
    }
  }

  private var units: [Quantity: PhysicalUnit] = [:]

  /// eV and Å.
  public init() {}

  /// Takes `texts`, the unit of each quantity by name; `place` is for messages.
  ///
  /// Throws `ToolError` of kind `.usage` for a quantity or a unit that nobody knows.
  public init(_ texts: [String: String], place: String) throws {
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
      guard let quantity = Quantity(rawValue: name) else {
        throw ToolError(
          .usage, at: place, "'\(name)' has no unit here",
          remedy: "name \(Quantity.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      try declare(quantity, text, place: place, kind: .usage)
    }
  }

  /// Says that `quantity` is in the unit `text`.  Throws an error of `kind` for a unit that is not
  /// known.
  mutating func declare(
    _ quantity: Quantity, _ text: String, place: String, kind: ToolError.Kind
  ) throws {
    guard let unit = PhysicalUnit(text, for: quantity) else {
      throw ToolError(
        kind, at: place, "'\(text)' is no unit of \(quantity.rawValue) that this program knows",
        remedy: "convert the numbers to \(quantity.ours), or name one such as \(quantity.examples)")
    }
    units[quantity] = unit
  }

  /// Whether nothing is to be converted.
  var isOurs: Bool { Quantity.allCases.allSatisfy { factor($0) == 1 } }

  /// These units where `declared` says nothing.
  func overlaid(with declared: DataUnits) -> DataUnits {
    var result = self
    result.units.merge(declared.units) { $1 }
    return result
  }

  /// What one unit of `quantity` is in eV and Å.
  ///
  /// What is not declared follows: a virial is an energy, a force an energy per length, a stress
  /// one per volume.
  func factor(_ quantity: Quantity) -> Double {
    if let unit = units[quantity] { return unit.factor }
    let energy = units[.energy]?.factor ?? 1, length = units[.length]?.factor ?? 1
    switch quantity {
    case .energy, .virial: return energy
    case .length: return length
    case .force: return energy / length
    case .stress: return energy / (length * length * length)
    }
  }

  /// What one unit of the label `name` is in eV and Å; 1 for labels without such a unit.
  func factor(ofLabel name: String) -> Double {
    switch name {
    case "energy", "atom_ener": factor(.energy)
    case "force": factor(.force)
    case "virial": factor(.virial)
    case "hessian": factor(.force) / factor(.length)
    default: 1
    }
  }

  /// What was converted of these `quantities`, for people: `energy from hartree (27.2113... eV)`.
  func conversions(of quantities: Set<Quantity>) -> [String] {
    Quantity.allCases.filter { quantities.contains($0) && factor($0) != 1 }.map { quantity in
      "\(quantity.rawValue) from \(name(quantity)) (\(factor(quantity)) \(quantity.ours))"
    }
  }

  /// Those of `quantities` whose unit nobody declared and which follow from others.
  func derived(of quantities: Set<Quantity>) -> [Quantity] {
    Quantity.allCases.filter {
      quantities.contains($0) && units[$0] == nil && factor($0) != 1
    }
  }

  /// The name of the unit of `quantity`, declared or not.
  func name(_ quantity: Quantity) -> String {
    if let unit = units[quantity] { return unit.name }
    let energy = units[.energy]?.name ?? "eV", length = units[.length]?.name ?? "Å"
    switch quantity {
    case .energy, .virial: return energy
    case .length: return length
    case .force: return "\(energy)/\(length)"
    case .stress: return "\(energy)/\(length)³"
    }
  }
}

extension DataUnits.Quantity {
  /// Its unit in this program.
  var ours: String {
    switch self {
    case .energy, .virial: "eV"
    case .length: "Å"
    case .force: "eV/Å"
    case .stress: "eV/Å³"
    }
  }

  /// Units that are known, for messages.
  var examples: String {
    switch self {
    case .energy, .virial: "eV, hartree, rydberg, kcal/mol, kJ/mol"
    case .length: "angstrom, bohr, nm"
    case .force: "eV/angstrom, hartree/bohr, kcal/mol/angstrom"
    case .stress: "eV/angstrom^3, GPa, kbar, hartree/bohr^3"
    }
  }
}
