import Diagnostics
import Foundation
import Synchronization

/// Bytes that end in a line with their own SHA-256, the seal.
///
/// HDF5 and its readers ignore what follows the end of a file's data, so a sealed HDF5 file is a
/// valid one; and damage is noticed before HDF5, which is not safe against it, sees a byte.
package enum SealedBytes {
  private static let start = Array("\ndeep-potential sha256:".utf8)
  /// Length of a seal in bytes.
  package static var length: Int { start.count + 64 + 1 }

  /// The seal of `content`, one piece after the other, which is to follow it.
  static func seal(of content: [UnsafeRawBufferPointer]) -> [UInt8] {
    var digest = Digest()
    for piece in content { digest.update(piece) }
    return start + Array(digest.hexadecimal.utf8) + [UInt8(ascii: "\n")]
  }

  /// Whether a seal vouches for `bytes`; throws `.data` if there is one and it is broken.
  ///
  /// The seal may stay where it is: HDF5 does not look behind its data.
  package static func check(_ bytes: [UInt8], at path: String) throws -> Bool {
    guard bytes.suffix(length).starts(with: start) else { return false }
    let digest = Digest.sha256(bytes[..<(bytes.count - length)])
    guard bytes.suffix(length - start.count).elementsEqual((digest + "\n").utf8) else {
      throw damaged(path)
    }
    return true
  }

  /// Whether a seal vouches for the file at `path`, which is read in pieces; throws as above,
  /// `.missingInput` or `.io`.
  ///
  /// A file that was checked is not read again as long as it stays the same: it may be named for
  /// each of its systems.
  package static func check(fileAt path: String) throws -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw ToolError(.missingInput, at: path, "cannot be read: no such file, or no permission")
    }
    defer { try? file.close() }
    let identity = FileIdentity(file.fileDescriptor)
    if let identity, checked.withLock({ $0.contains(identity) }) { return true }
    var digest = Digest()
    do {
      let end = Int(try file.seekToEnd()) - length
      guard end >= 0 else { return false }
      try file.seek(toOffset: UInt64(end))
      let seal = try file.readToEnd() ?? Data()
      guard seal.starts(with: start) else { return false }
      try file.seek(toOffset: 0)
      var rest = end
      while rest > 0, let piece = try file.read(upToCount: min(rest, 1 << 20)), !piece.isEmpty {
        digest.update(piece)
        rest -= piece.count
      }
      guard seal.dropFirst(start.count).elementsEqual((digest.hexadecimal + "\n").utf8) else {
        throw damaged(path)
      }
    } catch let error as ToolError {
      throw error
    } catch {
      throw ToolError(.io, at: path, "cannot be read: \(error.localizedDescription)")
    }
    if let identity { checked.withLock { _ = $0.insert(identity) } }
    return true
  }

  /// The files whose seals were found to be right.
  private static let checked = Mutex<Set<FileIdentity>>([])

  /// The error of a file whose content is not what was written.
  static func damaged(_ path: String) -> ToolError {
    ToolError(
      .data, at: path, "is damaged: its content does not match its SHA-256",
      remedy: "take another copy of the file")
  }
}

/// What tells a file from every other one, and from itself after a change.
private struct FileIdentity: Hashable {
  private let numbers: [Int]

  /// The file behind `descriptor`; nil if it changed a moment ago, as another change may look the
  /// same then.
  init?(_ descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, time(nil) - status.st_ctim.tv_sec > 1 else { return nil }
    numbers = [
      Int(status.st_dev), Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec,
      status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
    ]
  }
}
