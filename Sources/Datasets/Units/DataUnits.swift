import Atoms
import Diagnostics

/// The units of a file, where they are not eV and Å.
public struct DataUnits: Sendable, Equatable {
  /// A quantity that can have a unit of its own.
  public enum Quantity: String, Sendable, CaseIterable {
    case energy, length, force, virial, stress

    /// The powers of energy and length in the quantity.
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
  /// Throws `ToolError` of kind `.usage` for an unknown quantity or unit.
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

  /// Sets the unit of `quantity` to `text`.  Throws an error of `kind` for an unknown unit.
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

  /// Whether all units are eV and Å, so that no conversion is needed.
  var isOurs: Bool { Quantity.allCases.allSatisfy { factor($0) == 1 } }

  /// The `declared` units, and these units where none is declared.
  func overlaid(with declared: DataUnits) -> DataUnits {
    var result = self
    result.units.merge(declared.units) { $1 }
    return result
  }

  /// One unit of `quantity`, in eV and Å.
  ///
  /// An undeclared unit follows from the others: a virial is an energy, a force an energy per
  /// length, a stress an energy per volume.
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

  /// One unit of the label `name`, in eV and Å; 1 for labels without such a unit.
  func factor(ofLabel name: String) -> Double {
    switch name {
    case "energy", "atom_ener": factor(.energy)
    case "force": factor(.force)
    case "virial": factor(.virial)
    case "hessian": factor(.force) / factor(.length)
    default: 1
    }
  }

  /// The conversions of these `quantities` in words: `energy from hartree (27.2113... eV)`.
  func conversions(of quantities: Set<Quantity>) -> [String] {
    Quantity.allCases.filter { quantities.contains($0) && factor($0) != 1 }.map { quantity in
      "\(quantity.rawValue) from \(name(quantity)) (\(factor(quantity)) \(quantity.ours))"
    }
  }

  /// The `quantities` whose unit was not declared and follows from others.
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

  /// Examples of known units, for messages.
  var examples: String {
    switch self {
    case .energy, .virial: "eV, hartree, rydberg, kcal/mol, kJ/mol"
    case .length: "angstrom, bohr, nm"
    case .force: "eV/angstrom, hartree/bohr, kcal/mol/angstrom"
    case .stress: "eV/angstrom^3, GPa, kbar, hartree/bohr^3"
    }
  }
}
