import Diagnostics
import Files
import Glibc

/// The folder that a training writes, with checkpoints, learning curve, and the name of the newest
/// checkpoint.
///
/// Source: docs/FORMATS.md, "Checkpoints"; the names follow DeePMD-kit's.
public struct RunFolder: Sendable, Equatable {
  /// The form of the names of checkpoints, for messages.
  public static let pattern = "model.ckpt-<step>.h5"

  /// The path of the folder.
  public let path: String
  /// The beginning of the names of checkpoints (`save_ckpt`).
  public let name: String
  /// The newest checkpoint has other names, too: `name` followed by each of these endings.
  let aliases: [String]

  /// Makes the run folder at `path`, which need not exist yet.
  ///
  /// Without `name`, names of checkpoints begin as in the file that names the newest one, or with
  /// `model.ckpt` if there is no such file.
  public init(_ path: String, name: String? = nil, aliases: [String] = []) {
    self.path = path
    self.aliases = aliases
    let pointer = path.hasSuffix("/") ? "\(path)checkpoint" : "\(path)/checkpoint"
    let newest = try? text(ofFile: pointer)
    let end = newest?.lastIndex(of: "-")
    self.name = name ?? newest.flatMap { text in end.map { String(text[..<$0]) } } ?? "model.ckpt"
  }

  /// Names of the files in the folder that other programs can read: the events of the training, and
  /// its times.
  public static let metrics = "metrics.jsonl", timing = "timing.jsonl"

  /// The path of the learning curve.
  public var learningCurve: String { file("lcurve.out") }

  /// The path of the text file that names the newest checkpoint.
  public var pointer: String { file("checkpoint") }

  /// The path of the checkpoint after `step` steps.
  public func checkpoint(after step: Int) -> String { file("\(name)-\(step).h5") }

  /// The steps of all checkpoints in the folder, sorted; throws `.missingInput` for a folder that
  /// cannot be read.
  public func steps() throws -> [Int] {
    let names: [String]
    do {
      names = try folderContents(at: path)
    } catch {
      throw ToolError(
        .missingInput, at: path, "is not a readable folder",
        remedy: hint(
          "name the folder that dp-train wrote, or a checkpoint in it",
          dp: "name the folder in which dp train ran, or a checkpoint in it"))
    }
    return names.compactMap(step).sorted()
  }

  /// Makes the aliases other names of the checkpoint after `step` steps.
  package func giveAliases(toCheckpointAfter step: Int) throws {
    for ending in aliases { try linkWhole(checkpoint(after: step), as: file(name + ending)) }
  }

  /// Removes the oldest checkpoints, so that `keeping` are left up to and with the one after `step`
  /// steps.
  package func prune(before step: Int, keeping: Int) throws {
    for old in try steps().filter({ $0 < step }).dropLast(keeping - 1) {
      // A checkpoint that cannot be removed is no reason to stop the training.
      unlink(checkpoint(after: old))
    }
  }

  /// Reads the newest undamaged checkpoint with `read`; gives the content and the path of the
  /// checkpoint.
  ///
  /// `warn` is called with the error of each damaged checkpoint, and the next older one is read.
  /// Throws `.missingInput` if there is no checkpoint, and the error of the newest one if all are
  /// damaged.
  public func newest<Content>(
    reading read: (String) throws -> Content, warn: (ToolError) -> Void
  ) throws -> (content: Content, path: String) {
    var failure: ToolError?
    for step in try candidates() {
      let path = checkpoint(after: step)
      do {
        return (try read(path), path)
      } catch let error as ToolError {
        if failure == nil { failure = error }
        warn(error)
      }
    }
    throw failure
      ?? ToolError(
        .missingInput, at: path, "has no checkpoint \(Self.pattern)",
        remedy: hint("run dp-train first", dp: "run dp train first"))
  }

  /// The steps of the checkpoints to try, newest first: from the one that the pointer names, or
  /// from the newest one if there is no pointer.
  private func candidates() throws -> [Int] {
    let steps = Array(try steps().reversed())
    guard let text = try? text(ofFile: pointer),
      let newest = step(text.filter { !$0.isWhitespace }),
      steps.contains(newest)
    else { return steps }
    // After a restart from an older checkpoint, the later ones belong to the abandoned training.
    return steps.filter { $0 <= newest }
  }

  /// The step in the name of the checkpoint `file`; nil if it is not the name of a checkpoint.
  private func step(_ file: String) -> Int? {
    guard file.hasPrefix("\(name)-"), file.hasSuffix(".h5") else { return nil }
    return Int(file.dropFirst(name.count + 1).dropLast(".h5".count))
  }

  private func file(_ name: String) -> String {
    path.hasSuffix("/") ? path + name : "\(path)/\(name)"
  }
}
