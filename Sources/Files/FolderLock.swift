import Diagnostics
import Foundation

/// The right to write in a run folder, held until the lock is gone or the process ends.
///
/// The file `lock` in the folder says who holds it, for the message to a second writer; it is gone
/// afterwards.  What counts is the lock on the folder itself, which ends with the process however
/// that ends.
package final class FolderLock: Sendable {
  private let descriptor: Int32
  private let holderFile: String

  /// Makes the folder at `path` if need be, and locks it.
  ///
  /// Throws `.cannotCreate` or `.io`, or `.stopped` while another process holds the lock.
  package init(_ path: String) throws {
    try makeFolder(path)
    let file = path.hasSuffix("/") ? "\(path)lock" : "\(path)/lock"
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw cannotCreate(path) }
    // Where the file system has no locks there is nobody to be kept out.
    if flock(folder, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
      close(folder)
      let holder = try? String(contentsOfFile: file, encoding: .utf8)
      let name = holder.map { ": " + $0.trimmingCharacters(in: .newlines) } ?? ""
      throw ToolError(
        .stopped, at: path, "another dp-train is writing in this folder\(name)",
        remedy: "wait until it ends, or "
          + hint("name another run folder", dp: "train in another folder"))
    }
    descriptor = folder
    holderFile = file
    removeLeftovers(in: path)
    try writeWhole("process \(getpid()) on \(hostName)\n", to: holderFile)
  }

  deinit {
    unlink(holderFile)
    close(descriptor)
  }
}

/// The name that this machine gives itself; nobody else is asked.
private var hostName: String {
  var name = [CChar](repeating: 0, count: 256)
  guard gethostname(&name, name.count - 1) == 0 else { return "this machine" }
  return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
