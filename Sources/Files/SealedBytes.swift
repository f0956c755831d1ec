import Diagnostics
import Glibc
import Synchronization

/// Bytes that end with a seal: a line with the SHA-256 of all bytes before it.
///
/// HDF5 and its readers ignore bytes behind the end of the file's data, so a sealed HDF5 file is
/// valid.  The seal shows damage before HDF5, which is not safe against it, reads a byte.
package enum SealedBytes {
  private static let start = Array("\ndeep-potential sha256:".utf8)
  /// The length of a seal in bytes.
  package static var length: Int { start.count + 64 + 1 }

  /// The seal that must follow `content`, whose pieces are one after the other.
  static func seal(of content: [UnsafeRawBufferPointer]) -> [UInt8] {
    var digest = Digest()
    for piece in content { digest.update(piece) }
    return start + Array(digest.hexadecimal.utf8) + [UInt8(ascii: "\n")]
  }

  /// Whether `bytes` end with a right seal; throws `.data` if they end with a wrong one.
  ///
  /// The seal need not be removed, since HDF5 does not read behind its data.
  package static func check(_ bytes: [UInt8], at path: String) throws -> Bool {
    guard bytes.suffix(length).starts(with: start) else { return false }
    let digest = Digest.sha256(bytes[..<(bytes.count - length)])
    guard bytes.suffix(length - start.count).elementsEqual((digest + "\n").utf8) else {
      throw damaged(path)
    }
    return true
  }

  /// Whether the file at `path` ends with a right seal; reads the file in pieces and throws as
  /// above, `.missingInput` or `.io`.
  ///
  /// A file that was checked is read again only after a change, because users may name it for each
  /// of its systems.
  package static func check(fileAt path: String) throws -> Bool {
    let file = try FileBytes(path), identity = FileIdentity(try file.status)
    if let identity, checked.withLock({ $0.contains(identity) }) { return true }
    let end = try file.length - length
    guard end >= 0 else { return false }
    let seal = try file.bytes(end..<end + length)
    guard seal.starts(with: start) else { return false }
    var digest = Digest()
    try file.forEachPiece(0..<end) { digest.update($0) }
    guard seal.dropFirst(start.count).elementsEqual((digest.hexadecimal + "\n").utf8) else {
      throw damaged(path)
    }
    if let identity { checked.withLock { _ = $0.insert(identity) } }
    return true
  }

  /// The files whose seals were found right.
  private static let checked = Mutex<Set<FileIdentity>>([])

  /// Makes the error about a file whose content differs from what was written.
  static func damaged(_ path: String) -> ToolError {
    ToolError(
      .data, at: path, "is damaged: its content does not match its SHA-256",
      remedy: "take another copy of the file")
  }
}

/// The identity of a file and of its last change.
private struct FileIdentity: Hashable {
  private let numbers: [Int]

  /// Identifies the file of this `status`; nil if it changed a moment ago, because a further change
  /// might then go unnoticed.
  init?(_ status: stat) {
    guard time(nil) - status.st_ctim.tv_sec > 1 else { return nil }
    numbers = [
      Int(status.st_dev), Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec,
      status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
    ]
  }
}
