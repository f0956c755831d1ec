import Diagnostics
import Foundation

/// The right to write in a run folder, held until the lock is gone or the process ends.
final class FolderLock {
  private let descriptor: Int32

  /// Makes the folder at `path` if need be, and locks it.
  ///
  /// Throws `.cannotCreate`, or `.stopped` while another process holds the lock.
  init(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw ToolError(
        .cannotCreate, at: path, "cannot be made a folder", remedy: "name another run folder")
    }
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // Where the file system has no locks there is nobody to be kept out.
    if descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      throw ToolError(
        .stopped, at: path, "another dp-train is writing in this folder",
        remedy: "wait until it ends, or name another run folder")
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
