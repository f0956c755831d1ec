import Diagnostics
import Files
import Foundation
import Models

/// The path of the model that users of DeePMD-kit call `name`: a file, or the beginning of its
/// name.
///
/// "frozen_model" may mean "frozen_model.pb"; "model.ckpt" means the newest checkpoint of that
/// name, or "model.ckpt.index"; "model.ckpt-100", with or without an ending, means the checkpoint
/// after 100 steps.  A folder is a run folder.  Throws `.missingInput` that lists the existing
/// steps if there is no such model.
func modelPath(_ name: String, _ backend: Backend) throws -> String {
  let files = FileManager.default
  if files.fileExists(atPath: name) { return name }
  let prefix = checkpointPrefix(name)
  let (folder, newest) = checkpoints(named: prefix)
  // A reader of a folder takes the checkpoint before the newest one if that is damaged.
  if let folder { return folder }
  let endings = backend.checkpointSuffixes.prefix(1) + [backend.modelSuffix] + [".index", ".pt"]
  for ending in endings + Backend.modelSuffixes where files.fileExists(atPath: name + ending) {
    return name + ending
  }
  if files.fileExists(atPath: prefix + ".h5") { return prefix + ".h5" }
  if let newest { return newest }
  try refuseMissingStep(of: prefix, name)
  throw ToolError(
    .missingInput, at: name, "no such model or checkpoint, nor \(name)\(backend.modelSuffix)",
    remedy:
      "a training writes model.ckpt-<step>.h5, dp freeze writes frozen_model\(backend.modelSuffix)"
  )
}

/// `name` without the endings that backends add to the name of a checkpoint.
private func checkpointPrefix(_ name: String) -> String {
  let endings = Backend.allCases.flatMap(\.checkpointSuffixes) + [".h5"]
  return endings.first(where: name.hasSuffix).map { String(name.dropLast($0.count)) } ?? name
}

/// The run folder whose checkpoints are called `name`, and the newest of them; nil if there is
/// none.
private func checkpoints(named name: String) -> (folder: String?, newest: String?) {
  let run = runFolder(of: name)
  guard let newest = try? run.steps().last else { return (nil, nil) }
  let isPointedTo =
    FileManager.default.fileExists(atPath: run.pointer) && RunFolder(run.path).name == run.name
  return (isPointedTo ? run.path : nil, run.checkpoint(after: newest))
}

/// The folder of checkpoints called `name`.
private func runFolder(of name: String) -> RunFolder {
  let above = parentFolder(of: name)
  return RunFolder(above.isEmpty ? "." : above, name: URL(filePath: name).lastPathComponent)
}

/// Throws if `prefix` names a step of a training that has checkpoints for other steps only.
private func refuseMissingStep(of prefix: String, _ name: String) throws {
  guard let dash = prefix.lastIndex(of: "-"), let step = Int(prefix[prefix.index(after: dash)...]),
    let steps = try? runFolder(of: String(prefix[..<dash])).steps(), !steps.isEmpty
  else { return }
  let list = steps.map(String.init).joined(separator: ", ")
  throw ToolError(
    .missingInput, at: name,
    "there is no checkpoint after \(counted(step, "step")), but after \(list)",
    remedy: "name one of those, or \(prefix[..<dash]) for the newest")
}

/// The path for writing a model called `name`; the backend's ending is added if the name has none.
func outputPath(_ name: String, _ backend: Backend) -> String {
  Backend.modelSuffixes.contains { name.hasSuffix($0) } ? name : name + backend.modelSuffix
}
