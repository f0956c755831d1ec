import Diagnostics
import Glibc

/// The path of the file called `name` in `folder`.
package func file(in folder: String, _ name: String) -> String {
  folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
}

/// The name beside `path` under which this process writes before it renames the file.
///
/// The process number keeps apart two writers of one name.
package func temporaryName(for path: String) -> String { "\(withoutSlash(path)).\(getpid()).tmp" }

/// Removes the temporary files of `path` that killed writers left.
///
/// A writer holds a lock on its temporary file, so an unlocked one has no writer.  On file systems
/// without locks nothing is removed.
package func removeLeftovers(of path: String) {
  let target = withoutSlash(path)
  removeLeftovers(in: folder(of: target), of: target.split(separator: "/").last.map(String.init))
}

/// Removes the temporary files in `folder` that killed writers left, those of `name` or of all
/// names, as above.
package func removeLeftovers(in folder: String, of name: String? = nil) {
  for found in (try? folderContents(at: folder)) ?? [] {
    let parts = found.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[parts.count - 1] == "tmp",
      !parts[parts.count - 2].isEmpty, parts[parts.count - 2].allSatisfy(\.isNumber),
      name == nil || parts.dropLast(2).joined(separator: ".") == name
    else { continue }
    let leftover = file(in: folder, found)
    let descriptor = open(leftover, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { continue }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { removeAll(at: leftover) }
    close(descriptor)
  }
}

/// Removes the file at `path`, or the folder with all that is in it, as far as the system lets.
private func removeAll(at path: String) {
  if unlink(path) == 0 || errno != EISDIR { return }
  for name in (try? folderContents(at: path)) ?? [] { removeAll(at: file(in: path, name)) }
  rmdir(path)
}

/// Creates the folder at `path`, and those above it, if they do not exist; waits until each is on
/// the disk.
///
/// Throws `.cannotCreate` or `.io`.
package func makeFolder(_ path: String) throws {
  if mkdir(path, 0o777) == 0 { return try flushFolder(of: withoutSlash(path)) }
  if errno == EEXIST {
    if isFolder(path) { return }
    errno = EEXIST
  }
  let above = folder(of: withoutSlash(path))
  guard errno == ENOENT, above != path, above != "." else { throw cannotCreate(path) }
  try makeFolder(above)
  guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw cannotCreate(path) }
  try flushFolder(of: withoutSlash(path))
}

/// Waits until the names in the parent folder of `path` are on the disk.
package func flushFolder(of path: String) throws {
  let descriptor = open(folder(of: path), O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw failedWriting(path) }
  defer { close(descriptor) }
  try flush(descriptor, reportedAs: path)
}

/// Waits until the file or folder behind `descriptor` is on the disk.
func flush(_ descriptor: Int32, reportedAs path: String) throws {
  // Some file systems have nothing to flush for a folder and report EINVAL.
  guard fsync(descriptor) == 0 || errno == EINVAL else { throw failedWriting(path) }
}

/// The parent folder of `path`, under a name that can be opened.
private func folder(of path: String) -> String {
  let parent = parentFolder(of: path)
  return parent.isEmpty ? "." : parent
}

private func withoutSlash(_ path: String) -> String {
  path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
}

/// Makes the error about a name that cannot be created; the reason is in `errno`.
package func cannotCreate(_ path: String) -> ToolError {
  // A full disk may be noticed when a name is created.
  if [ENOSPC, EDQUOT, EIO].contains(errno) { return failedWriting(path) }
  return ToolError(
    .cannotCreate, at: path, "cannot be created: \(String(cString: strerror(errno)))",
    remedy: "check that the folder exists and may be written to")
}

/// Makes the error about a write that failed; the reason is in `errno`.
func failedWriting(_ path: String) -> ToolError {
  ToolError(
    .io, at: path, "cannot be written: \(String(cString: strerror(errno)))",
    remedy: errno == EIO
      ? "the disk or the network fails: see the system's log, then run again"
      : "make room on the disk and run again")
}
