import DeepPotential
import Diagnostics
import Files
import ForeignModels
import Foundation
import Models
import Training

extension StoredModel {
  /// The same model with the nets that training changes in place of tables that it has besides
  /// them.
  fileprivate func byNets(at path: String) -> StoredModel {
    var other = self
    other.model.descriptor = model.descriptor.byNets
    if other.model.descriptor != model.descriptor {
      Notices.post(
        "\(path): is compressed; the training goes by its embedding nets, not by its tables")
    }
    return other
  }
}

/// A trained model from which a training starts, at step 0.
public struct InitialModel: Sendable {
  /// The use of the model in the training.
  public enum Purpose: String, Sendable {
    /// The training continues with the model unchanged (`--init-model`, `--init-frz-model`).
    case start = "initial model"
    /// The training adapts the model to other data: the types may be in another order, and the
    /// energy bias is changed (`--finetune`).
    case finetune = "pre-trained model"
  }

  /// The use of the model in the training.
  public let purpose: Purpose
  /// The path of the file.
  public let path: String
  /// The model.
  public let stored: StoredModel
  /// The SHA-256 of the file, and the head if one of several is named.
  public let digest: String
  /// Whether a fine-tuning takes the descriptor alone, and begins with new fitting nets.
  public let hasNewFitting: Bool
  /// Whether a fine-tuning keeps the energy bias, because the model is that of the same task.
  let keepsBias: Bool
  /// Whether it is known that the input of the model gave the neighbor slots of each list as
  /// numbers; a model file does not tell, and has none here.
  let givesSlots: [Bool]

  /// Reads a model file, a checkpoint, or the newest complete checkpoint of a run folder.
  ///
  /// `choice` tells what is read from a file with several models.  A fine-tuning may take the
  /// descriptor alone, `withNewFitting`, or leave the energy bias, `keepingBias`.  `warn` receives
  /// messages about damaged checkpoints that were passed over.  Throws the errors of reading.
  public init(
    at path: String, for purpose: Purpose, _ choice: ModelChoice = ModelChoice(),
    withNewFitting: Bool = false, keepingBias: Bool = false, warn: (String) -> Void
  ) throws {
    precondition(!withNewFitting || purpose == .finetune)
    (self.purpose, hasNewFitting) = (purpose, withNewFitting)
    keepsBias = keepingBias
    if isFolder(path) {
      let newest = try RunFolder(path).newest { error in
        warn("\(error.place): \(error.problem); an older checkpoint is taken")
      }
      let (stored, checkpoint) = try newest.checkpoint.chosen(choice, at: newest.path)
      (self.stored, self.path) = (stored.byNets(at: newest.path), newest.path)
      givesSlots = checkpoint.givesSlots
    } else {
      let (stored, checkpoint) = try Checkpoint.readModel(at: path, choice)
      (self.stored, self.path) = (stored.byNets(at: path), path)
      givesSlots = checkpoint?.givesSlots ?? []
    }
    digest =
      try Digest.sha256(fileAt: self.path) + (choice.branch.map { ", head \($0)" } ?? "")
  }

  /// Whether a fine-tuning takes only the descriptor for models of `options`, because it is asked
  /// to, or because the model gives another output.
  func givesDescriptorOnly(to options: ModelOptions) -> Bool {
    purpose == .finetune && (hasNewFitting || stored.model.output != options.output)
  }

  /// Throws `.configuration` at `place` if `options` let training change a descriptor of this model
  /// that has tables and no nets.
  func requireFixedTables(_ options: DescriptorOptions, place: String) throws {
    let parts = stored.model.descriptor.parts
    for (k, part) in options.parts.enumerated() where parts.indices.contains(k) {
      guard part.trainable, !parts[k].options.tables.isEmpty else { continue }
      throw ToolError(
        .configuration, at: "\(place): \(options.partPlaces[k])/trainable",
        "is true, but the descriptor of \(path) cannot be trained: it is compressed and has "
          + "tables in place of its embedding nets",
        remedy: "write \"trainable\": false there, which trains the fitting net; or start from the "
          + "file from before the compression")
    }
  }

  /// The model for a training whose types are `typeMap`, in this order; further types follow if
  /// they have slots or nets of their own.
  ///
  /// Throws `.configuration` at `place` for types that the model lacks; without fine-tuning also if
  /// the types differ in any other way.
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
    // What mends frames is for these types alone, and of no use for others.
    let mends = stored.model.fitting.options.output.mendsFrames && typeMap != known
    let model = mends ? stored.model.withoutHeads : stored.model
    // Empty slots of a type count in a descriptor, so a model without it would be another one.
    let others = model.sharesAllTypes ? [] : known.filter { !typeMap.contains($0) }
    return model.reordered(to: typeMap + others)
  }
}
