import Diagnostics

extension ExtendedXYZHeader {
  /// The units that the line declares, in upper or lower case: `energy-unit=hartree`,
  /// `length_units=bohr`, `units=real`.
  ///
  /// Throws for an unknown unit, and for two units of one quantity.
  func declaredUnits() throws -> DataUnits {
    var units = DataUnits(), declared: [DataUnits.Quantity: HeaderItem] = [:]
    for item in items {
      guard let value = item.value else { continue }
      for (quantity, text) in try Self.declarations(item.key, value, self) {
        if let other = declared.updateValue(item, forKey: quantity), other.value != item.value {
          throw damaged(
            "\(other.key)=\(short(other.value)) and \(item.key)=\(short(item.value)) differ")
        }
        try units.declare(quantity, text, place: "\(place), \(item.key)", kind: .data)
      }
    }
    return units
  }

  /// Throws if the word after `item` is a unit of `quantity`, as in `energy=-76.4 hartree`.
  func requireNoUnit(after item: HeaderItem, _ quantity: DataUnits.Quantity) throws {
    guard let word = item.next, PhysicalUnit(word, for: quantity) != nil else { return }
    throw damaged(
      "\(item.key)=\(short(item.value)) is followed by '\(word)', which seems to be its unit",
      remedy: "write \(quantity.rawValue)-unit=\(word) in the header")
  }

  private static func declarations(
    _ key: String, _ value: String, _ header: ExtendedXYZHeader
  ) throws -> [(DataUnits.Quantity, String)] {
    let key = String(key.lowercased().map { $0 == "-" ? "_" : $0 })
    if key == "units" || key == "unit" { return try header.units(named: key, value) }
    for ending in ["_units", "_unit"] where key.hasSuffix(ending) {
      guard let quantity = quantities[String(key.dropLast(ending.count))] else { return [] }
      return [(quantity, value)]
    }
    for beginning in ["units_", "unit_"] where key.hasPrefix(beginning) {
      guard let quantity = quantities[String(key.dropFirst(beginning.count))] else { return [] }
      return [(quantity, value)]
    }
    return []
  }

  private static let quantities: [String: DataUnits.Quantity] = [
    "energy": .energy, "energies": .energy, "length": .length, "distance": .length,
    "position": .length, "positions": .length, "pos": .length, "coord": .length, "coords": .length,
    "coordinate": .length, "coordinates": .length, "cell": .length, "lattice": .length,
    "force": .force, "forces": .force, "virial": .virial, "virials": .virial, "stress": .stress,
    "stresses": .stress,
  ]

  /// The units that the value of `units=` gives: a style of LAMMPS's, or units of energy or length.
  ///
  /// Source: LAMMPS manual, command `units`.
  private func units(named key: String, _ value: String) throws -> [(DataUnits.Quantity, String)] {
    switch value.lowercased() {
    case "metal": return [(.energy, "eV"), (.length, "Å"), (.stress, "bar")]
    case "real": return [(.energy, "kcal/mol"), (.length, "Å"), (.stress, "atm")]
    case "electron": return [(.energy, "hartree"), (.length, "bohr"), (.stress, "Pa")]
    case "atomic", "au", "a.u.":
      return [(.energy, "au"), (.length, "au"), (.force, "au"), (.stress, "au")]
    default: break
    }
    let words = value.split { $0 == "," || $0 == ";" || $0.isWhitespace }.map(String.init)
    let found = words.compactMap { word in
      [DataUnits.Quantity.energy, .length, .force, .stress].first {
        PhysicalUnit(word, for: $0) != nil
      }.map { ($0, word) }
    }
    guard found.count == words.count, !words.isEmpty else {
      throw damaged(
        "\(key)=\(short(value)) names units that this program does not know",
        remedy: "say energy-unit=..., length-unit=... in their place, or convert to eV and Å")
    }
    return found
  }
}
