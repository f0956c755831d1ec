import DeepPotential
import Files

extension EnergyModel {
  /// The `model` section of an input file that lays out this model.
  package var definition: JSONValue { options.definition }
}

extension ModelOptions {
  /// The `model` section of an input file that lays out models of these options.
  package var definition: JSONValue {
    let types = typeMap.count
    if let mixture { return definition(of: mixture) }
    var members = ModelOptions.keys(types: types).members(of: self, forModels: false)
    members["type_map"] = .strings(typeMap)
    members["descriptor"] = .object(descriptor.definition(types: types))
    members["fitting_net"] = fitting.definition(types: types)
    for potential in pairPotentials { members.merge(potential.definition) { $1 } }
    return .object(members)
  }
}

extension ModelOptions {
  /// The `model` section of an input that adds up nets and tables.
  private func definition(of mixture: MixtureOptions) -> JSONValue {
    let types = typeMap.count
    var members = ModelOptions.keys(types: types).members(of: self, forModels: false)
    let nets = zip(descriptor.parts, [fitting] + mixture.otherFittings).map { part, fitting in
      JSONValue.object([
        "type_map": .strings(typeMap), "descriptor": .object(part.definition(types: types)),
        "fitting_net": fitting.definition(types: types),
      ])
    }
    var tables: [JSONValue] = [], weights = mixture.weights
    for potential in pairPotentials {
      guard case .added(let weight, let slots) = potential.use else { continue }
      weights.append(weight)
      tables.append([
        "type": "pairtab", "type_map": .strings(typeMap), "tab_file": .string(potential.path),
        "rcut": .number(potential.table.cutoff), "sel": .integer(slots),
      ])
    }
    members["type"] = .string(MixtureOptions.type)
    members["type_map"] = .strings(typeMap)
    members["weights"] = .array(weights.map { .number($0) })
    members["models"] = .array(nets + tables)
    return .object(members)
  }
}

extension FittingOptions {
  /// The object of an input that defines such fitting nets.
  fileprivate func definition(types: Int) -> JSONValue {
    var members = FittingOptions.keys(types: types, of: output).members(of: self, forModels: false)
    members["type"] = .string(output.type)
    // A null would change the definitions of all models without default parameters.
    if defaultFrameParameters == nil { members["default_fparam"] = nil }
    return .object(members)
  }
}
