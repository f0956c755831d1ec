import Diagnostics
import Files
import Foundation

/// The folder that a training writes: checkpoints, learning curve, and which checkpoint is newest.
///
/// Source: docs/FORMATS.md, "Checkpoints"; the names follow DeePMD-kit's.
public struct RunFolder: Sendable, Equatable {
  /// What names of checkpoints look like, for messages.
  public static let pattern = "model.ckpt-<step>.h5"

  /// The path of the folder.
  public let path: String
  /// What the names of checkpoints begin with (`save_ckpt`).
  public let name: String
  /// Endings of other names of the newest checkpoint, behind `name`.
  let aliases: [String]

  /// The run folder at `path`, which need not exist yet; without `name` it is what the pointer
  /// says.
  public init(_ path: String, name: String? = nil, aliases: [String] = []) {
    self.path = path
    self.aliases = aliases
    let pointer = path.hasSuffix("/") ? "\(path)checkpoint" : "\(path)/checkpoint"
    let newest = try? text(ofFile: pointer)
    let end = newest?.lastIndex(of: "-")
    self.name = name ?? newest.flatMap { text in end.map { String(text[..<$0]) } } ?? "model.ckpt"
  }

  /// Names of the files for programs in it: what happened, and how long it took.
  public static let metrics = "metrics.jsonl", timing = "timing.jsonl"

  /// The learning curve.
  public var learningCurve: String { file("lcurve.out") }

  /// The text file that names the newest checkpoint.
  public var pointer: String { file("checkpoint") }

  /// The checkpoint after `step` steps.
  public func checkpoint(after step: Int) -> String { file("\(name)-\(step).h5") }

  /// The steps of all checkpoints in the folder, ascending.
  public func steps() throws -> [Int] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw ToolError(
        .missingInput, at: path, "is not a readable folder",
        remedy: hint(
          "name the folder that dp-train wrote, or a checkpoint in it",
          dp: "name the folder in which dp train ran, or a checkpoint in it"))
    }
    return names.compactMap(step).sorted()
  }

  /// Lets the aliases stand for the checkpoint after `step` steps.
  package func giveAliases(toCheckpointAfter step: Int) throws {
    for ending in aliases { try linkWhole(checkpoint(after: step), as: file(name + ending)) }
  }

  /// Removes checkpoints before that after `step` steps, so that with it `keeping` are left.
  package func prune(before step: Int, keeping: Int) throws {
    for old in try steps().filter({ $0 < step }).dropLast(keeping - 1) {
      // One that cannot be removed is only in the way; the training is not.
      try? FileManager.default.removeItem(atPath: checkpoint(after: old))
    }
  }

  /// What `read` makes of the newest checkpoint that is whole, and its path.
  ///
  /// A damaged one is reported to `warn` and the next older one is taken.  Throws `.missingInput`
  /// if there is no checkpoint, the newest one's error if none is whole.
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

  /// The steps to try, best first: the one pointed to, then older ones; all if there is no pointer.
  private func candidates() throws -> [Int] {
    let steps = Array(try steps().reversed())
    guard let text = try? text(ofFile: pointer),
      let newest = step(text.trimmingCharacters(in: .whitespacesAndNewlines)),
      steps.contains(newest)
    else { return steps }
    // After a restart from an older checkpoint, later ones belong to the training that was left.
    return steps.filter { $0 <= newest }
  }

  /// The step in the name of a checkpoint.
  private func step(_ file: String) -> Int? {
    guard file.hasPrefix("\(name)-"), file.hasSuffix(".h5") else { return nil }
    return Int(file.dropFirst(name.count + 1).dropLast(".h5".count))
  }

  private func file(_ name: String) -> String {
    path.hasSuffix("/") ? path + name : "\(path)/\(name)"
  }
}
