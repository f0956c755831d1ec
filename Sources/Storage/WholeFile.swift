import Diagnostics
import Foundation

/// Writes the file `path` so that its name always stands for a whole file.
///
/// `body` gets the name of a temporary file beside `path` and writes that.  It is then flushed to
/// the disk and renamed, and the folder is flushed.  If anything fails, the temporary is removed
/// and an old file at `path` stays as it was.  Throws what `body` throws, `.cannotCreate` if the
/// folder does not take a new file, `.io` if the disk is full or fails.
public func writeWhole<Result>(
  to path: String, _ body: (_ temporaryPath: String) throws -> Result
) throws -> Result {
  // The process number keeps two writers of one name apart.
  let temporary = "\(path).\(getpid()).tmp"
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw cannotCreate(path) }
  close(descriptor)
  do {
    let result = try body(temporary)
    try flush(temporary, reportedAs: path)
    guard rename(temporary, path) == 0 else { throw cannotCreate(path) }
    try flush(folder(of: path), reportedAs: path)
    return result
  } catch {
    unlink(temporary)
    throw error
  }
}

/// Writes `bytes` as the whole file `path`; see above.
public func writeWhole(_ bytes: [UInt8], to path: String) throws {
  try bytes.withUnsafeBytes { try writeWhole([$0], to: path) }
}

/// Writes `pieces`, one after the other, as the whole file `path`; see above.
func writeWhole(_ pieces: [UnsafeRawBufferPointer], to path: String) throws {
  try writeWhole(to: path) { temporary in
    let descriptor = open(temporary, O_WRONLY | O_TRUNC | O_CLOEXEC)
    guard descriptor >= 0 else { throw cannotCreate(path) }
    defer { close(descriptor) }
    for buffer in pieces {
      var done = 0
      while done < buffer.count {
        let count = write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw failedWriting(path) }
        done += count
      }
    }
  }
}

/// Writes `text` as the whole file `path`, in UTF-8; see above.
public func writeWhole(_ text: String, to path: String) throws {
  try writeWhole(Array(text.utf8), to: path)
}

/// Waits until the file or folder `path` is on the disk.
private func flush(_ path: String, reportedAs target: String) throws {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw failedWriting(target) }
  defer { close(descriptor) }
  // Some file systems have nothing to flush for a folder and say EINVAL.
  guard fsync(descriptor) == 0 || errno == EINVAL else { throw failedWriting(target) }
}

/// The folder that holds `path`.
private func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The error of a name that cannot be created, with the reason in `errno`.
private func cannotCreate(_ path: String) -> ToolError {
  // A full disk shows when a name is made, too.
  if errno == ENOSPC || errno == EDQUOT || errno == EIO { return failedWriting(path) }
  return ToolError(
    .cannotCreate, at: path, "cannot be created: \(String(cString: strerror(errno)))",
    remedy: "check that the folder exists and may be written to")
}

/// The error of a write that failed half way, with the reason in `errno`.
private func failedWriting(_ path: String) -> ToolError {
  ToolError(
    .io, at: path, "cannot be written: \(String(cString: strerror(errno)))",
    remedy: "make room on the disk and run again")
}
