import Diagnostics
import HDF5

/// HDF5 files of this program, which are written as a whole and end with a seal (see
/// `SealedBytes`).
package enum SealedFile {
  /// The attribute of the root that tells that the file must have a seal.
  private static let attribute = "sealed"

  /// Opens the file at `path`.  If it has a seal, the seal is checked; if not, the file is opened
  /// as a foreign file.
  ///
  /// Throws `.missingInput`, or `.data` if the file is damaged or is no HDF5 file.
  package static func read(_ path: String) throws -> HDF5File {
    let bytes = try contents(ofFile: path)
    if bytes.isEmpty { throw ToolError(.data, at: path, "is empty, expected an HDF5 file") }
    if try SealedBytes.check(bytes, at: path) { return try HDF5File(reading: bytes, name: path) }
    return try openForeign(path, group: "/")
  }

  /// Opens the HDF5 file in `bytes`, and checks its seal if it has one; messages call it `name`.
  ///
  /// Foreign files are not tried in a process of their own here; only programs that may start one
  /// do so.
  package static func read(_ bytes: [UInt8], name: String) throws -> HDF5File {
    let isSealed = try SealedBytes.check(bytes, at: name)
    let file = try HDF5File(reading: bytes, name: name)
    if !isSealed, try file.hasAttribute(attribute, of: "/") { throw SealedBytes.damaged(name) }
    return file
  }

  /// Opens the file at `path` without reading it into memory, in order to read its `group`;
  /// otherwise like `read`.
  package static func open(_ path: String, group: String) throws -> HDF5File {
    if try SealedBytes.check(fileAt: path) { return try HDF5File(reading: path) }
    return try openForeign(path, group: group)
  }

  /// Opens a file without a seal; throws if the file has lost its seal.
  private static func openForeign(_ path: String, group: String) throws -> HDF5File {
    let file = try HDF5File(readingForeign: path, group: group)
    if try file.hasAttribute(attribute, of: "/") { throw SealedBytes.damaged(path) }
    return file
  }

  /// Writes the HDF5 file that `body` fills, then the text that `body` returns, then the seal, as
  /// the complete file `path`.
  ///
  /// Throws `.cannotCreate` or `.io`; an old file at `path` then stays unchanged.
  package static func writeWithText(
    to path: String, _ body: (borrowing HDF5File) throws -> String
  ) throws {
    let file = try HDF5File(creatingInMemory: path)
    let text = Array(try body(file).utf8)
    try file.setAttribute(attribute, of: "/", to: "sha256")
    try file.withImage { image in
      try text.withUnsafeBytes { text in
        try SealedBytes.seal(of: [image, text]).withUnsafeBytes { seal in
          try writeWhole([image, text, seal], to: path)
        }
      }
    }
  }

  /// Writes the HDF5 file that `body` fills, and its seal, as the complete file `path`, as above.
  package static func write(to path: String, _ body: (borrowing HDF5File) throws -> Void) throws {
    try writeWithText(to: path) { file in
      try body(file)
      return ""
    }
  }
}
