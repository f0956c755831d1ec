import DeepPotential

/// One of the quantities whose errors an evaluation finds: a row of its table.
public struct ErrorQuantity: Sendable, Hashable {
  /// The key in JSON.
  public let key: String
  /// The name in tables.
  public let name: String
  /// The unit of the errors; empty where the data decide.
  public let unit: String
  /// What `dp test` calls it, before and behind `MAE` and `RMSE`; nil if it does not print it.
  public let title: (before: String, behind: String)?

  fileprivate init(
    _ key: String, _ name: String, _ unit: String, _ title: (String, String)? = nil
  ) {
    (self.key, self.name, self.unit, self.title) = (key, name, unit, title)
  }

  /// Quantities of one key are the same.
  public static func == (a: Self, b: Self) -> Bool { a.key == b.key }

  /// Takes the key in.
  public func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

extension ErrorQuantity {
  /// The value of the frame.
  public static func frame(of output: OutputDefinition) -> ErrorQuantity {
    ErrorQuantity(output.name, output.name, output.unit, (output.name.capitalized, ""))
  }

  /// The value of the frame divided by its atoms.
  public static func framePerAtom(of output: OutputDefinition) -> ErrorQuantity {
    ErrorQuantity(
      "\(output.name)_per_atom", "\(output.name)/atom", output.unit,
      (output.name.capitalized, "/Natoms"))
  }

  /// The values of single atoms.
  public static func atoms(of output: OutputDefinition) -> ErrorQuantity {
    ErrorQuantity(
      output.atomName, "atomic \(output.name)", output.unit,
      ("Atomic \(output.name.capitalized)", ""))
  }

  /// Energy of the frame, eV.
  public static let energy = frame(of: .energy)
  /// Energy of the frame divided by its atoms, eV.
  public static let energyPerAtom = framePerAtom(of: .energy)
  /// Components of the forces, eV/Å.
  public static let force = ErrorQuantity("force", "force", "eV/Å", ("Force ", ""))
  /// Components of the forces, weighted by `atom_pref`, eV/Å.
  public static let forceWeighted = ErrorQuantity("force_weighted", "force weighted", "eV/Å")
  /// Components of the virial, eV.
  public static let virial = ErrorQuantity("virial", "virial", "eV", ("Virial", ""))
  /// Components of the virial divided by the atoms, eV.
  public static let virialPerAtom = ErrorQuantity(
    "virial_per_atom", "virial/atom", "eV", ("Virial", "/Natoms"))
  /// Components of the stress, -virial / volume, eV/Å³.
  public static let stress = ErrorQuantity("stress", "stress", "eV/Å³", ("Stress", ""))
}

extension OutputDefinition {
  /// What an evaluation compares, in the order of reports.
  public var errorQuantities: [ErrorQuantity] {
    var quantities: [ErrorQuantity] = []
    if isReduced { quantities.append(.frame(of: self)) }
    if isReduced && !isIntensive { quantities.append(.framePerAtom(of: self)) }
    if perAtom { quantities.append(.atoms(of: self)) }
    if hasForces { quantities += [.force, .forceWeighted] }
    if isDifferentiated { quantities += [.virial, .virialPerAtom, .stress] }
    return quantities
  }
}
