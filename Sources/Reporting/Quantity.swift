import Figures
import Files

/// A quantity whose errors are reported, with a unit for people.
struct Quantity {
  /// The names that dp-eval uses in JSON and in tables.
  let keys: (json: String, table: String)
  let name: String
  /// The numbers whose errors are taken, in words.
  let description: String
  /// The unit, which is empty where the data decide, and the factor to it from that of dp-eval.
  let unit: String, factor: Double

  /// The error (`mae` or `rmse`) in `found`, the errors that dp-eval reports for a system or for
  /// all, in `unit`.
  func error(_ kind: String, of found: JSONValue?) -> Double? {
    found?["errors"]?[keys.json]?[kind]?.number.map { factor * $0 }
  }
}

extension Quantity {
  static let force = Quantity(
    keys: ("force", "force"), name: "Force", description: "components of the forces",
    unit: "meV/Å", factor: 1000)

  /// Those of models of the energy.
  static let energies = [
    Quantity(
      keys: ("energy_per_atom", "energy/atom"), name: "Energy",
      description: "energy divided by the number of atoms", unit: "meV/atom", factor: 1000),
    force,
    Quantity(
      keys: ("virial_per_atom", "virial/atom"), name: "Virial",
      description: "components of the virial divided by the number of atoms", unit: "meV/atom",
      factor: 1000),
  ]

  /// The quantities of which one of `found`, the errors that dp-eval reports, tells something.
  static func all(in found: [JSONValue?]) -> [Quantity] {
    let names = Set(found.flatMap { ($0?["errors"]?.members ?? [:]).keys })
    let energies = energies.filter { names.contains($0.keys.json) }
    if !energies.isEmpty { return energies }
    // Those of frames come first, then the same per atom, then those of atoms.
    return names.map(other).sorted { ($0.rank, $0.quantity.name) < ($1.rank, $1.quantity.name) }
      .map(\.quantity)
  }

  /// The quantity of another output than the energy that dp-eval calls `key` in JSON, and its rank
  /// among those of the output.
  private static func other(_ key: String) -> (rank: Int, quantity: Quantity) {
    let perAtom = "_per_atom"
    let isPerAtom = key.hasSuffix(perAtom)
    let name = isPerAtom ? String(key.dropLast(perAtom.count)) : key
    let isOfAtoms = outputsOfAtoms[name] != nil
    let table = outputsOfAtoms[name].map { "atomic \($0)" } ?? (isPerAtom ? "\(name)/atom" : name)
    let title = Figures.title(ofLabel: name)
    let text = title.prefix(1).lowercased() + title.dropFirst()
    let quantity = Quantity(
      keys: (key, table), name: isPerAtom ? "\(title) per atom" : title,
      description: isPerAtom ? "\(text) divided by the number of atoms" : text, unit: "", factor: 1)
    return (isOfAtoms ? 2 : isPerAtom ? 1 : 0, quantity)
  }

  /// The outputs of which evaluations compare the values of atoms, by the names of these.
  private static let outputsOfAtoms = [
    "atomic_dipole": "dipole", "atomic_polarizability": "polarizability", "atom_dos": "dos",
  ]
}
