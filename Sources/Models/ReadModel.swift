import DeepPotential
import Diagnostics
import Files
import ForeignModels

/// Reads the model at `path`: a model file, a checkpoint, or the newest undamaged checkpoint of a
/// run folder; `choice` tells what is read from a checkpoint with several models.
///
/// `warn` is called with a message for each damaged checkpoint that is skipped.  Throws the errors
/// of reading.
public func readModel(
  at path: String, _ choice: ModelChoice = ModelChoice(), warn: (String) -> Void
) throws -> EnergyModel {
  try readStoredModel(at: path, choice, warn: warn).stored.model
}

/// Reads the models at `paths`, which must have the same type map, output, and numbers of frame and
/// atom parameters.
///
/// `warn` is called as in `readModel`.  Throws `.data` for a model that differs from the first one,
/// and the errors of reading.
public func readModels(
  at paths: [String], _ choice: ModelChoice = ModelChoice(), warn: (String) -> Void
) throws -> [EnergyModel] {
  let models = try collectingErrors(paths) { try readModel(at: $0, choice, warn: warn) }
  let first = models[0]
  for (path, model) in zip(paths, models) {
    guard model.typeMap == first.typeMap else {
      throw ToolError(
        .data, at: path,
        "has the type map \(model.typeMap.joined(separator: " ")), but \(paths[0]) has "
          + first.typeMap.joined(separator: " "),
        remedy: "compare models of one type map")
    }
    guard model.output == first.output else {
      throw ToolError(
        .data, at: path, "gives \(model.output.name), but \(paths[0]) gives \(first.output.name)")
    }
    guard model.inputs.fits(first.inputs) else {
      throw ToolError(.data, at: path, "takes other frame or atom parameters than \(paths[0])")
    }
  }
  return models
}

/// Reads the model at `path` as `readModel` does, with everything else in its file; gives the path
/// of that file, too.
public func readStoredModel(
  at path: String, _ choice: ModelChoice = ModelChoice(), warn: (String) -> Void
) throws -> (file: String, stored: StoredModel) {
  if isFolder(path) {
    // An older checkpoint is taken for damage, not for a wrong choice: it has the same tasks.
    let file = try RunFolder(path).newest(reading: heads) { error in
      warn("\(error.place) \(error.problem); an older checkpoint is taken")
    }.path
    return (file, try StoredModel.read(file, choice))
  }
  return (path, try StoredModel.read(path, choice))
}

/// The names of the models of several tasks in the file or run folder at `path`; none if it holds
/// one model.
///
/// Throws the errors of reading.
public func modelBranches(at path: String) throws -> [String] {
  if isFolder(path) {
    let newest = try RunFolder(path).newest(reading: heads) { _ in }
    return newest.content
  }
  let foreign = try ForeignModel.branches(at: path)
  return try foreign.isEmpty && ForeignModel.isHDF5(fileAt: path) ? heads(path) : foreign
}

private func heads(_ path: String) throws -> [String] {
  try StoredModel.heads(of: SealedFile.read(path), name: path)
}
