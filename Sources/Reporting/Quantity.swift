import Files

/// What errors are reported of, in units for people.
enum Quantity: CaseIterable {
  case energy, force, virial

  /// dp-eval's names in JSON and in tables.
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

  /// What its errors are taken of.
  var description: String {
    switch self {
    case .energy: "energy divided by the number of atoms"
    case .force: "components of the forces"
    case .virial: "components of the virial divided by the number of atoms"
    }
  }

  var unit: String { self == .force ? "meV/Å" : "meV/atom" }

  /// An error (`mae` or `rmse`) among what dp-eval says of a system, or of all, in `unit`.
  func error(_ kind: String, of found: JSONValue?) -> Double? {
    found?["errors"]?[keys.json]?[kind]?.number.map { 1000 * $0 }
  }
}
