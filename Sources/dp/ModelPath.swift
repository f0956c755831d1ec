import Diagnostics
import Foundation
import Storage

/// The path to read for a model that DeePMD-kit's users name `name`: a file, or the beginning of its name.
///
/// "frozen_model" may be "frozen_model.pb"; "model.ckpt" the newest checkpoint of that name, or "model.ckpt.index".  A
/// folder is a run folder.  Throws `.missingInput` if there is nothing.
func modelPath(_ name: String, _ backend: Backend) throws -> String {
  let files = FileManager.default
  if files.fileExists(atPath: name) { return name }
  let (folder, newest) = checkpoints(named: name)
  // A folder is read with care: if its newest checkpoint is damaged, the one before it does.
  if let folder { return folder }
  let endings = backend.checkpointSuffixes.prefix(1) + [backend.modelSuffix] + [".index", ".pt"]
  for ending in endings + Backend.modelSuffixes where files.fileExists(atPath: name + ending) {
    return name + ending
  }
  if let newest { return newest }
  throw ToolError(
    .missingInput, at: name, "no such model or checkpoint, nor \(name)\(backend.modelSuffix)",
    remedy:
      "a training writes model.ckpt-<step>.h5, dp freeze writes frozen_model\(backend.modelSuffix)"
  )
}

/// The run folder whose training calls its checkpoints `name`, and the newest of them; nil where there is none.
private func checkpoints(named name: String) -> (folder: String?, newest: String?) {
  let above = (name as NSString).deletingLastPathComponent
  let run = RunFolder(
    name.contains("/") ? (above.isEmpty ? "/" : above) : ".",
    name: URL(filePath: name).lastPathComponent)
  guard let newest = try? run.steps().last else { return (nil, nil) }
  let isPointedTo =
    FileManager.default.fileExists(atPath: run.pointer) && RunFolder(run.path).name == run.name
  return (isPointedTo ? run.path : nil, run.checkpoint(after: newest))
}

/// The path to write for a model that is to be called `name`: with the backend's ending, if it has none.
func outputPath(_ name: String, _ backend: Backend) -> String {
  Backend.modelSuffixes.contains { name.hasSuffix($0) } ? name : name + backend.modelSuffix
}
