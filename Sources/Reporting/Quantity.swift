import Files

/// A quantity whose errors are reported, with a unit for people.
enum Quantity: CaseIterable {
  case energy, force, virial

  /// The names that dp-eval uses in JSON and in tables.
  var keys: (json: String, table: String) {
    switch self {
    case .energy: ("energy_per_atom", "energy/atom")
    case .force: ("force", "force")
    case .virial: ("virial_per_atom", "virial/atom")
    }
  }

  var name: String {
    switch self {
    case .energy: "Energy"
    case .force: "Force"
    case .virial: "Virial"
    }
  }

  /// The numbers whose errors are taken, in words.
  var description: String {
    switch self {
    case .energy: "energy divided by the number of atoms"
    case .force: "components of the forces"
    case .virial: "components of the virial divided by the number of atoms"
    }
  }

  var unit: String { self == .force ? "meV/Å" : "meV/atom" }

  /// The error (`mae` or `rmse`) in `found`, the errors that dp-eval reports for a system or for
  /// all, in `unit`.
  func error(_ kind: String, of found: JSONValue?) -> Double? {
    found?["errors"]?[keys.json]?[kind]?.number.map { 1000 * $0 }
  }
}
