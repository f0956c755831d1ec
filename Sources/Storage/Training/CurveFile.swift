import Diagnostics
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
    guard descriptor >= 0 else { throw failure() }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Adds a line; other programs see it at once.
  func append(_ line: String) throws {
    var bytes = Array(line.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw failure() }
      bytes = bytes.dropFirst(count)
    }
    length += line.utf8.count
  }

  /// Waits until everything is on the disk.
  func flush() throws { guard fsync(descriptor) == 0 else { throw failure() } }

  private func failure() -> ToolError {
    ToolError(
      .io, at: path, "cannot be written: \(String(cString: strerror(errno)))",
      remedy: "make room on the disk and run again")
  }
}
