import DeepPotential
import Diagnostics
import Files
import Foundation
import Models
import Training

/// A trained model that a training starts from, at step 0.
public struct InitialModel: Sendable {
  /// What the training makes of the model.
  public enum Purpose: String, Sendable {
    /// It goes on with the model as it is (`--init-model`, `--init-frz-model`).
    case start = "initial model"
    /// It adapts the model to other data: types may be in another order, and the energy bias is
    /// changed (`--finetune`).
    case finetune = "pre-trained model"
  }

  /// What the training makes of the model.
  public let purpose: Purpose
  /// The file that was read.
  public let path: String
  /// The model.
  public let stored: StoredModel
  /// The SHA-256 of the file.
  public let digest: String
  /// Whether the neighbor slots are known to be numbers of the input that it was trained with; a
  /// model file does not say.
  let givesSlots: Bool

  /// Reads a model file, a checkpoint, or the newest whole checkpoint of a run folder.
  ///
  /// `warn` hears of checkpoints that had to be passed over.  Throws what reading them throws.
  public init(at path: String, for purpose: Purpose, warn: (String) -> Void) throws {
    self.purpose = purpose
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      let newest = try RunFolder(path).newest { error in
        warn("\(error.place): \(error.problem); an older checkpoint is taken")
      }
      (stored, self.path) = (newest.checkpoint.model, newest.path)
      givesSlots = newest.checkpoint.givesSlots
    } else {
      let (stored, checkpoint) = try Checkpoint.readModel(at: path)
      (self.stored, self.path) = (stored, path)
      givesSlots = checkpoint?.givesSlots ?? false
    }
    digest = try Digest.sha256(fileAt: self.path)
  }

  /// The model for a training whose types are called `typeMap`, in this order; types beyond those
  /// come behind them.
  ///
  /// Throws `.configuration` at `place` for types that the model lacks, and for other types or
  /// another order unless it is fine-tuned.
  func model(for typeMap: [String], place: String) throws -> EnergyModel {
    let known = stored.model.typeMap
    let unknown = typeMap.filter { !known.contains($0) }
    let place = "\(place): model/type_map"
    guard unknown.isEmpty else {
      throw ToolError(
        .configuration, at: place,
        "has the elements \(unknown.joined(separator: ", ")), which \(path) "
          + "(\(known.joined(separator: ", "))) does not know",
        remedy: "start from a model that was trained on them, or leave them out")
    }
    if purpose == .start, typeMap != known {
      throw ToolError(
        .configuration, at: place,
        "is \(typeMap.joined(separator: ", ")), but \(path) has \(known.joined(separator: ", "))",
        remedy: "write the same type map, or use --finetune, which matches types by name")
    }
    // Empty slots of a type count in a descriptor too, so a model without some of its types would
    // be another one.
    return stored.model.reordered(to: typeMap + known.filter { !typeMap.contains($0) })
  }
}
