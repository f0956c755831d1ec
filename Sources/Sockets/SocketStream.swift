import Diagnostics
import Foundation

/// A connected socket, which is closed when it is released.
public final class SocketStream {
  private let descriptor: Int32
  /// The address of the other end, for messages.
  public let name: String

  /// Takes over a connected socket.
  public init(_ descriptor: Int32, name: String) {
    (self.descriptor, self.name) = (descriptor, name)
  }

  deinit { close(descriptor) }

  /// Fills `bytes`; false if the other end had closed the connection before the first byte.
  ///
  /// Throws `.io` if the connection ends after that.
  func fill(_ bytes: UnsafeMutableRawBufferPointer) throws -> Bool {
    var done = 0
    while done < bytes.count {
      let count = recv(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, 0)
      if count < 0 && errno == EINTR { continue }
      // A server that ends before reading the last answer resets the connection.
      if done == 0 && (count == 0 || (count < 0 && errno == ECONNRESET)) { return false }
      guard count > 0 else {
        throw ToolError(
          .io, at: name,
          "the server vanished in the middle of a message"
            + (count < 0 ? ": \(String(cString: strerror(errno)))" : ""),
          remedy: "see what became of it; --reconnect waits for the next one")
      }
      done += count
    }
    return true
  }

  /// Sends all of `bytes`.  Throws `.io` if the other end has closed the connection.
  func send(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = Foundation.send(
          descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done,
          Int32(MSG_NOSIGNAL))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else {
          throw ToolError(
            .io, at: name,
            "the server vanished before it had its answer: \(String(cString: strerror(errno)))",
            remedy: "see what became of it; --reconnect waits for the next one")
        }
        done += count
      }
    }
  }
}
