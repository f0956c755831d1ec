import Communication
import Diagnostics
import Files
import Foundation
import HDF5
import Models
import Training

/// The start of a run: its checkpoint, if it continues from one, and the lock on its folder.
public struct RunStart: Sendable {
  /// The checkpoint; large matrices are on the first rank only.
  let checkpoint: Checkpoint?
  /// The path of the checkpoint.
  let path: String
  /// Whether the user named the checkpoint; then the configuration may differ from that of the
  /// checkpoint.
  let isRestart: Bool
  /// The lock on the folder, if the folder existed.
  let lock: FolderLock?

  /// The start of a new training.
  public static let scratch = RunStart(checkpoint: nil, path: "", isRestart: false, lock: nil)

  /// The number of mini-batches in the steps so far; nil for a new training.
  public var miniBatches: Int? {
    checkpoint.map { $0.digests[Self.miniBatchesName].flatMap { Int($0) } ?? 1 }
  }

  /// The start of the training of task number `task` alone.
  func task(_ task: Int) throws -> RunStart {
    RunStart(
      checkpoint: try checkpoint?.task(task), path: path, isRestart: isRestart, lock: nil)
  }

  /// The name in checkpoints for the number of mini-batches, which is left out if it is one.
  static let miniBatchesName = "mini-batches of a step"
}

extension RunStart {
  /// Finds the start in `folder`, which need not exist: the checkpoint that `restart` names, or the
  /// newest checkpoint in the folder, whose names begin with `name`, or a new training.
  ///
  /// The first rank reads the checkpoint and sends it to the others, which need not see the folder.
  /// Throws the errors of reading, and `.stopped` while another process writes in the folder.
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
    if let restart {
      return isFolder(restart)
        ? try newest(RunFolder(restart)) : (try Checkpoint.read(restart), restart)
    }
    let run = RunFolder(folder, name: name)
    if !FileManager.default.fileExists(atPath: folder) { return nil }
    return try run.steps().isEmpty ? nil : newest(run)
  }
}
