import Communication
import Diagnostics
import Files
import Foundation
import HDF5
import Models
import Training

/// Where a run starts: the checkpoint that it goes on from, if there is one, and its folder kept
/// from others.
public struct RunStart: Sendable {
  /// The checkpoint, on all ranks; large matrices on the first one only.
  let checkpoint: Checkpoint?
  /// The path of the checkpoint.
  let path: String
  /// Whether the checkpoint was named, so that the configuration may differ from its own.
  let isRestart: Bool
  /// The folder's lock, if the folder was there.
  let lock: FolderLock?

  /// The beginning of a training.
  public static let scratch = RunStart(checkpoint: nil, path: "", isRestart: false, lock: nil)

  /// The mini-batches of each step so far; nil at the beginning.
  public var miniBatches: Int? {
    checkpoint.map { $0.digests[Self.miniBatchesName].flatMap { Int($0) } ?? 1 }
  }

  /// How checkpoints name the number of mini-batches of a step, if it is not one.
  static let miniBatchesName = "mini-batches of a step"
}

extension RunStart {
  /// Starts in the folder at `folder`, which need not exist: from the checkpoint that `restart`
  /// names, from the newest in the folder, whose checkpoints are named `name`, or from scratch.
  ///
  /// The first rank reads it and tells the others, which need not see the folder.  Throws what
  /// reading throws, and `.stopped` while another process writes in the folder.
  public init(
    in folder: String, name: String, restart: String?, communicator: Communicator,
    warn: (String) -> Void
  ) throws {
    var lock: FolderLock?, found: (checkpoint: Checkpoint, path: String)?
    if communicator.isFirst {
      if FileManager.default.fileExists(atPath: folder) { lock = try FolderLock(folder) }
      found = try Self.find(folder, name, restart: restart, warn: warn)
    }
    if communicator.size > 1 {
      let place = communicator.broadcast(Array((found?.path ?? "").utf8))
      let path = String(decoding: place, as: UTF8.self)
      let bytes = communicator.broadcast(
        try found.map { try $0.checkpoint.forOtherRanks.bytes(named: path) } ?? [])
      if !bytes.isEmpty && !communicator.isFirst {
        found = (try Checkpoint(HDF5File(reading: bytes, name: path), name: path), path)
      }
    }
    self.init(
      checkpoint: found?.checkpoint, path: found?.path ?? "", isRestart: restart != nil, lock: lock)
  }

  private static func find(
    _ folder: String, _ name: String, restart: String?, warn: (String) -> Void
  ) throws -> (Checkpoint, String)? {
    func newest(_ folder: RunFolder) throws -> (Checkpoint, String) {
      try folder.newest { warn("\($0.place): \($0.problem); the checkpoint before it is used") }
    }
    var isFolder: ObjCBool = false
    if let restart {
      _ = FileManager.default.fileExists(atPath: restart, isDirectory: &isFolder)
      return isFolder.boolValue
        ? try newest(RunFolder(restart)) : (try Checkpoint.read(restart), restart)
    }
    let run = RunFolder(folder, name: name)
    if !FileManager.default.fileExists(atPath: folder) { return nil }
    return try run.steps().isEmpty ? nil : newest(run)
  }
}
