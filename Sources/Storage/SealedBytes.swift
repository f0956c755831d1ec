import Diagnostics

/// Bytes that end in a line with their own SHA-256, the seal.
///
/// HDF5 and its readers ignore what follows the end of a file's data, so a sealed HDF5 file is a
/// valid one; and damage is noticed before HDF5, which is not safe against it, sees a byte.
enum SealedBytes {
  private static let start = Array("\ndeep-potential sha256:".utf8)
  private static var length: Int { start.count + 64 + 1 }

  /// The seal of `content`, which is to follow it.
  static func seal(of content: UnsafeRawBufferPointer) -> [UInt8] {
    var digest = Digest()
    digest.update(content)
    return start + Array(digest.hexadecimal.utf8) + [UInt8(ascii: "\n")]
  }

  /// Whether a seal vouches for `bytes`; throws `.data` if there is one and it is broken.
  ///
  /// The seal may stay where it is: HDF5 does not look behind its data.
  static func check(_ bytes: [UInt8], at path: String) throws -> Bool {
    guard bytes.suffix(length).starts(with: start) else { return false }
    let digest = Digest.sha256(bytes[..<(bytes.count - length)])
    guard bytes.suffix(length - start.count).elementsEqual((digest + "\n").utf8) else {
      throw damaged(path)
    }
    return true
  }

  /// The error of a file whose content is not what was written.
  static func damaged(_ path: String) -> ToolError {
    ToolError(
      .data, at: path, "is damaged: its content does not match its SHA-256",
      remedy: "take another copy of the file")
  }
}
