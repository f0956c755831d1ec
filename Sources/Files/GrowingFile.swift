import Glibc

/// A file that grows by lines or records.
public final class GrowingFile {
  private let path: String
  private let descriptor: Int32
  /// Length of the file in bytes.
  public private(set) var length: Int

  /// Opens the file at `path`, or creates it, and sets its content to `bytes`.
  ///
  /// Throws `.cannotCreate` or `.io`, as all methods do.
  public init(_ path: String, startingWith bytes: [UInt8]) throws {
    try writeWhole(bytes, to: path)
    self.path = path
    descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    length = bytes.count
    guard descriptor >= 0 else { throw failedWriting(path) }
  }

  /// The same, with a text as the content.
  package convenience init(_ path: String, startingWith text: String) throws {
    try self.init(path, startingWith: Array(text.utf8))
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Appends bytes; other programs see them at once.
  public func append(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try writeAll($0, to: descriptor, reportedAs: path) }
    length += bytes.count
  }

  /// Appends a line.
  package func append(_ line: String) throws { try append(Array(line.utf8)) }

  /// Waits until all bytes are on the disk.
  public func flush() throws { try Files.flush(descriptor, reportedAs: path) }
}
