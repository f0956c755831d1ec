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
    var members = ModelOptions.keys(types: types).members(of: self, forModels: false)
    members["type_map"] = .strings(typeMap)
    members["descriptor"] = .object(descriptor.definition(types: types))
    var part = FittingOptions.keys(types: types, of: fitting.output).members(
      of: fitting, forModels: false)
    part["type"] = .string(fitting.output.type)
    // A null would change the definitions of all models without default parameters.
    if fitting.defaultFrameParameters == nil { part["default_fparam"] = nil }
    members["fitting_net"] = .object(part)
    return .object(members)
  }
}
