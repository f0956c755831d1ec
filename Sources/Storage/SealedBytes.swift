import Diagnostics

/// Bytes that end in a line with their own SHA-256, the seal.
///
/// HDF5 and its readers ignore what follows the end of a file's data, so a sealed HDF5 file is a
/// valid one; and damage is noticed before HDF5, which is not safe against it, sees a byte.
enum SealedBytes {
  private static let start = Array("\ndeep-potential sha256:".utf8)
  private static var length: Int { start.count + 64 + 1 }

  /// `content` and its seal.
  static func seal(_ content: [UInt8]) -> [UInt8] {
    content + start + Array(Digest.sha256(content).utf8) + [UInt8(ascii: "\n")]
  }

  /// The content of `bytes`, and whether a seal vouches for it; throws `.data` if it is broken.
  static func open(_ bytes: [UInt8], at path: String) throws -> (content: [UInt8], isSealed: Bool) {
    let tail = bytes.suffix(length)
    guard tail.starts(with: start) else { return (bytes, false) }
    let content = Array(bytes.dropLast(length))
    guard seal(content) == bytes else { throw damaged(path) }
    return (content, true)
  }

  /// The error of a file whose content is not what was written.
  static func damaged(_ path: String) -> ToolError {
    ToolError(
      .data, at: path, "is damaged: its content does not match its SHA-256",
      remedy: "take another copy of the file")
  }
}
