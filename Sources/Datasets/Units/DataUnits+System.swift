import Atoms

extension AtomicSystem {
  /// The same system in eV and Å; its numbers are in `units`.
  func converted(from units: DataUnits) -> AtomicSystem {
    if units.isOurs { return self }
    var result = self
    let length = units.factor(.length)
    result.positions = positions.map { $0 * length }
    result.cells = cells.map { $0 * length }
    for (name, values) in labels {
      let factor = units.factor(ofLabel: name)
      if factor != 1 { result.labels[name] = values.map { $0 * factor } }
    }
    return result
  }
}

/// The quantities of the positions and of these labels.
func quantities(of labels: some Sequence<String>) -> Set<DataUnits.Quantity> {
  var found: Set<DataUnits.Quantity> = [.length]
  for label in labels {
    switch label {
    case "energy", "atom_ener": found.insert(.energy)
    case "force", "hessian": found.insert(.force)
    case "virial": found.insert(.virial)
    default: break
    }
  }
  return found
}
