import Diagnostics
import Glibc

/// Writes `pieces`, one after the other, as the file `path`, so that the name always stands for a
/// complete file.
///
/// The bytes go to a temporary file beside `path`, which is flushed to the disk and renamed; then
/// the folder is flushed.  If anything fails, the temporary file is removed and an old file at
/// `path` stays unchanged.  Temporary files of killed writers are removed first.  Throws
/// `.cannotCreate` if the folder does not accept a new file, `.io` if the disk is full or fails.
package func writeWhole(_ pieces: [UnsafeRawBufferPointer], to path: String) throws {
  removeLeftovers(of: path)
  let temporary = temporaryName(for: path)
  let descriptor = try openLocked(temporary, for: path)
  defer { close(descriptor) }
  do {
    for piece in pieces { try writeAll(piece, to: descriptor, reportedAs: path) }
    try flush(descriptor, reportedAs: path)
    guard rename(temporary, path) == 0 else { throw cannotCreate(path) }
  } catch {
    unlink(temporary)
    throw error
  }
  try flushFolder(of: path)
}

/// Writes `bytes` as the complete file `path`, as above.
public func writeWhole(_ bytes: [UInt8], to path: String) throws {
  try bytes.withUnsafeBytes { try writeWhole([$0], to: path) }
}

/// Writes `text` as the complete file `path` in UTF-8, as above.
public func writeWhole(_ text: String, to path: String) throws {
  try writeWhole(Array(text.utf8), to: path)
}

/// Makes `path` another name of the file at `existing`, or a copy of it on file systems without
/// such links.
///
/// A previous file at `path` is replaced in one step.  Throws as above.
package func linkWhole(_ existing: String, as path: String) throws {
  removeLeftovers(of: path)
  let temporary = temporaryName(for: path)
  unlink(temporary)
  guard link(existing, temporary) == 0 else {
    return try writeWhole(try contents(ofFile: existing), to: path)
  }
  guard rename(temporary, path) == 0 else {
    unlink(temporary)
    throw cannotCreate(path)
  }
  unlink(temporary)  // rename keeps it if both name one file
  try flushFolder(of: path)
}

/// Writes all of `bytes`.  Throws `.io`.
func writeAll(
  _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, reportedAs path: String
) throws {
  var done = 0
  while done < bytes.count {
    let count = write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { throw failedWriting(path) }
    done += count
  }
}

/// Creates the empty file `name`, locked until it is closed.
private func openLocked(_ name: String, for path: String) throws -> Int32 {
  while true {
    let descriptor = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw cannotCreate(path) }
    flock(descriptor, LOCK_EX)  // fails where there are no locks, which is harmless
    // Another process may have taken the file for a leftover and removed it before it was locked.
    var mine = stat(), there = stat()
    guard fstat(descriptor, &mine) == 0, stat(name, &there) == 0 || errno == ENOENT else {
      defer { close(descriptor) }
      throw failedWriting(path)
    }
    if mine.st_ino == there.st_ino && mine.st_dev == there.st_dev {
      // This is a leftover of a process with the same process number.
      if mine.st_size > 0 { ftruncate(descriptor, 0) }
      return descriptor
    }
    close(descriptor)
  }
}
