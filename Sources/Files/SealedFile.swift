import Diagnostics
import HDF5

/// HDF5 files of ours that are written whole and carry a seal (see `SealedBytes`).
package enum SealedFile {
  /// The root attribute that says that a seal must be there.
  private static let attribute = "sealed"

  /// Opens the file at `path`, after checking its seal if it has one, and as a foreign file if it
  /// has none.
  ///
  /// Throws `.missingInput`, or `.data` if it is damaged or no HDF5 file.
  package static func read(_ path: String) throws -> HDF5File {
    let bytes = try contents(ofFile: path)
    if bytes.isEmpty { throw ToolError(.data, at: path, "is empty, expected an HDF5 file") }
    if try SealedBytes.check(bytes, at: path) { return try HDF5File(reading: bytes, name: path) }
    return try openForeign(path, group: "/")
  }

  /// Opens the HDF5 file that `bytes` are, after checking their seal if they have one; `name`
  /// stands for it in messages.
  ///
  /// There is no trial of foreign files here: that is for programs that may start another one.
  package static func read(_ bytes: [UInt8], name: String) throws -> HDF5File {
    let isSealed = try SealedBytes.check(bytes, at: name)
    let file = try HDF5File(reading: bytes, name: name)
    if !isSealed, try file.hasAttribute(attribute, of: "/") { throw SealedBytes.damaged(name) }
    return file
  }

  /// Opens the file at `path`, of which `group` is to be read, where it lies, for data that should
  /// not be in memory twice; see `read`.
  package static func open(_ path: String, group: String) throws -> HDF5File {
    if try SealedBytes.check(fileAt: path) { return try HDF5File(reading: path) }
    return try openForeign(path, group: group)
  }

  /// Opens a file without a seal; throws if it has lost it.
  private static func openForeign(_ path: String, group: String) throws -> HDF5File {
    let file = try HDF5File(readingForeign: path, group: group)
    if try file.hasAttribute(attribute, of: "/") { throw SealedBytes.damaged(path) }
    return file
  }

  /// Writes what `body` puts into an HDF5 file as the whole, sealed file `path`, and behind it the
  /// text that `body` gives.
  ///
  /// Throws `.cannotCreate` or `.io`; an old file at `path` then stays as it was.
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

  /// Writes what `body` puts into an HDF5 file as the whole, sealed file `path`; see above.
  package static func write(to path: String, _ body: (borrowing HDF5File) throws -> Void) throws {
    try writeWithText(to: path) { file in
      try body(file)
      return ""
    }
  }
}
