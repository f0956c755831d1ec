/// A unit of energy, length, force or stress, and its value.
struct PhysicalUnit: Sendable, Equatable {
  /// The name, as it was given.
  let name: String
  /// The value of one unit, in eV and Å.
  let factor: Double
  /// The powers of energy and length in the unit.
  private let energyPower: Int, lengthPower: Int

  /// The unit called `name`, if it measures `quantity`; nil for an unknown name.
  ///
  /// Names are in any case; they may contain `/`, `*`, `^`, and powers as numbers behind a name:
  /// `kcal/mol/Å`, `eV*Å^-3`, `Ha/bohr3`.
  init?(_ name: String, for quantity: DataUnits.Quantity) {
    let text = Self.plain(name)
    if ["au", "a.u.", "a.u", "atomic"].contains(text) {
      let (energy, length) = quantity.powers
      let factor = hartree * power(bohr, length)
      self.init(name, energy == 1 ? factor : power(bohr, length), energy, length)
      return
    }
    guard let unit = Self.product(text),
      (unit.energyPower, unit.lengthPower) == quantity.powers, unit.factor.isFinite
    else { return nil }
    self.init(name, unit.factor, unit.energyPower, unit.lengthPower)
  }

  private init(_ name: String, _ factor: Double, _ energyPower: Int, _ lengthPower: Int) {
    self.name = name
    self.factor = factor
    self.energyPower = energyPower
    self.lengthPower = lengthPower
  }

  /// `name` in lower case, without blanks, and in the first of several spellings.
  private static func plain(_ name: String) -> String {
    var text = name.lowercased().filter { !$0.isWhitespace }
    for (from, to) in [
      ("**", "^"), ("·", "*"), ("²", "^2"), ("³", "^3"), ("⁻¹", "^-1"), ("ångström", "angstrom"),
      ("å", "angstrom"), ("kcal/mol", "kcalmol"), ("kj/mol", "kjmol"),
    ] {
      text = text.split(separator: from, omittingEmptySubsequences: false).joined(separator: to)
    }
    return text
  }

  /// The unit for a text with products and quotients.
  private static func product(_ text: String) -> PhysicalUnit? {
    var factor = 1.0, energy = 0, length = 0
    for (place, part) in text.split(separator: "/", omittingEmptySubsequences: false).enumerated() {
      for (number, word) in part.split(separator: "*", omittingEmptySubsequences: false)
        .enumerated()
      {
        // Only the unit directly after the slash is divided by.
        let sign = place > 0 && number == 0 ? -1 : 1
        guard let (unit, exponent) = single(String(word)) else { return nil }
        factor *= power(unit.factor, sign * exponent)
        energy += sign * exponent * unit.energyPower
        length += sign * exponent * unit.lengthPower
      }
    }
    return PhysicalUnit(text, factor, energy, length)
  }

  /// One unit and its power, from a word like `angstrom^-3`.
  private static func single(_ word: String) -> (PhysicalUnit, power: Int)? {
    if let unit = named[word] { return (unit, 1) }
    let name = word.prefix { $0.isLetter }
    let rest = word.dropFirst(name.count).drop { $0 == "^" }
    guard let unit = named[String(name)], let power = Int(rest), (-3...3).contains(power) else {
      return nil
    }
    return (unit, power)
  }

  private static let named: [String: PhysicalUnit] = {
    var units: [String: PhysicalUnit] = [:]
    func add(_ names: [String], _ factor: Double, energy: Int = 0, length: Int = 0) {
      for name in names { units[name] = PhysicalUnit(name, factor, energy, length) }
    }
    add(["ev", "electronvolt", "electronvolts"], 1, energy: 1)
    add(["mev"], 1e-3, energy: 1)
    add(["kev"], 1e3, energy: 1)
    add(["hartree", "hartrees", "ha", "eh", "e_h"], hartree, energy: 1)
    add(["rydberg", "rydbergs", "ry"], hartree / 2, energy: 1)
    add(["kcalmol", "kcal_mol", "kcal_per_mol"], 4184 / (avogadro * elementaryCharge), energy: 1)
    add(["kjmol", "kj_mol", "kj_per_mol"], 1000 / (avogadro * elementaryCharge), energy: 1)
    add(["j", "joule", "joules"], 1 / elementaryCharge, energy: 1)
    add(["angstrom", "angstroms", "ang", "a"], 1, length: 1)
    add(["bohr", "bohrs", "a0", "a_0"], bohr, length: 1)
    add(["nm", "nanometer", "nanometers"], 10, length: 1)
    add(["pm", "picometer", "picometers"], 0.01, length: 1)
    // One pascal is a joule per cubic meter, 1e30 Å³.
    let pascal = 1e-30 / elementaryCharge
    for (names, size) in [
      (["pa"], 1.0), (["kpa"], 1e3), (["mpa"], 1e6), (["gpa"], 1e9), (["bar"], 1e5),
      (["kbar", "kb"], 1e8), (["atm"], 101_325),
    ] {
      add(names, size * pascal, energy: 1, length: -3)
    }
    return units
  }()
}

/// The hartree in eV and the Bohr radius in Å.  Source: CODATA 2018 (Tiesinga et al., Rev. Mod.
/// Phys. 93, 025010 (2021)).
private let hartree = 27.211386245988, bohr = 0.529177210903
/// The charge of an electron in coulomb and Avogadro's number, exact.  Source: SI, 9th edition
/// (2019).
private let elementaryCharge = 1.602176634e-19, avogadro = 6.02214076e23

private func power(_ base: Double, _ exponent: Int) -> Double {
  let product = (0..<abs(exponent)).reduce(1.0) { value, _ in value * base }
  return exponent < 0 ? 1 / product : product
}
