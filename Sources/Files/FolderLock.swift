import Diagnostics
import Glibc

/// The exclusive right to write in a run folder; it lasts until this object is released or the
/// process ends.
///
/// The lock is one on the folder itself, so it ends with the process in any case.  A file `lock` in
/// the folder names the holder for the message to a second writer; it is removed afterwards.
package final class FolderLock: Sendable {
  private let descriptor: Int32
  private let holderFile: String

  /// Creates the folder at `path` if it does not exist, and locks it.
  ///
  /// Throws `.cannotCreate` or `.io`, or `.stopped` while another process holds the lock.
  package init(_ path: String) throws {
    try makeFolder(path)
    let file = path.hasSuffix("/") ? "\(path)lock" : "\(path)/lock"
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw cannotCreate(path) }
    // A file system without locks reports another error; then no other writer can be kept out.
    if flock(folder, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
      close(folder)
      let holder = try? text(ofFile: file)
      let name = holder.map { ": " + $0.filter { !$0.isNewline } } ?? ""
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

/// The name of this machine as it knows it, without a query to the network.
private var hostName: String {
  var name = [CChar](repeating: 0, count: 256)
  guard gethostname(&name, name.count - 1) == 0 else { return "this machine" }
  return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
