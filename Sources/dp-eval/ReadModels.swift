import DeepPotential
import Diagnostics
import Files
import Models
import Toolkit

/// Reads the models at `paths`: files, checkpoints or run folders, which must have the same type
/// map and kinds of parameters.
func readModels(_ paths: [String]) throws -> [EnergyModel] {
  let models = try collectingErrors(paths) { try readModel(at: $0, warn: Console.shared.warn) }
  let first = models[0]
  for (path, model) in zip(paths, models) {
    guard model.typeMap == first.typeMap else {
      throw ToolError(
        .data, at: path,
        "has the type map \(model.typeMap.joined(separator: " ")), but \(paths[0]) has "
          + first.typeMap.joined(separator: " "),
        remedy: "compare models of one type map")
    }
    guard model.fitting.options.frameParameters == first.fitting.options.frameParameters,
      model.fitting.options.atomParameters == first.fitting.options.atomParameters
    else {
      throw ToolError(.data, at: path, "takes other frame or atom parameters than \(paths[0])")
    }
  }
  return models
}
