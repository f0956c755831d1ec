import Foundation

/// The learning curve's file, to which lines are added one by one.
final class CurveFile {
  private let path: String
  private let descriptor: Int32
  /// Length of the file in bytes.
  private(set) var length: Int

  /// Opens the file at `path`, making it if need be, with `text` as its content so far.
  init(_ path: String, startingWith text: String) throws {
    try writeWhole(text, to: path)
    self.path = path
    descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    length = text.utf8.count
    guard descriptor >= 0 else { throw failedWriting(path) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Adds a line; other programs see it at once.
  func append(_ line: String) throws {
    try Array(line.utf8).withUnsafeBytes { try writeAll($0, to: descriptor, reportedAs: path) }
    length += line.utf8.count
  }

  /// Waits until everything is on the disk.
  func flush() throws { try Storage.flush(descriptor, reportedAs: path) }
}
