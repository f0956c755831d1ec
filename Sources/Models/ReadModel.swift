import DeepPotential
import Diagnostics
import Foundation

/// The model at `path`: a model file, a checkpoint, or the newest whole checkpoint of a run folder.
///
/// `warn` hears of checkpoints that had to be passed over.  Throws what reading them throws.
public func readModel(at path: String, warn: (String) -> Void) throws -> EnergyModel {
  try readStoredModel(at: path, warn: warn).stored.model
}

/// The same with what its file says besides, and the path of that file.
public func readStoredModel(
  at path: String, warn: (String) -> Void
) throws -> (file: String, stored: StoredModel) {
  var isFolder: ObjCBool = false
  if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
    let newest = try RunFolder(path).newest(reading: StoredModel.read) { error in
      warn("\(error.place) \(error.problem); an older checkpoint is taken")
    }
    return (newest.path, newest.content)
  }
  return (path, try StoredModel.read(path))
}
