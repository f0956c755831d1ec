import DeepPotential
import Diagnostics
import Foundation

/// The model at `path`: a model file, a checkpoint, or the newest whole checkpoint of a run folder.
///
/// `warn` hears of checkpoints that had to be passed over.  Throws what reading them throws.
public func readModel(at path: String, warn: (String) -> Void) throws -> EnergyModel {
  var isFolder: ObjCBool = false
  if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
    return try RunFolder(path).newest { error in
      warn("\(error.place) \(error.problem); an older checkpoint is taken")
    }.checkpoint.model.model
  }
  return try StoredModel.read(path).model
}
