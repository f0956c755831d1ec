import Diagnostics
import Foundation

/// A connected socket, closed when it is gone.
public final class SocketStream {
  private let descriptor: Int32
  /// The other end, for messages.
  public let name: String

  /// Takes over a connected socket.
  public init(_ descriptor: Int32, name: String) {
    (self.descriptor, self.name) = (descriptor, name)
  }

  deinit { close(descriptor) }

  /// Fills `bytes`; false if the other end had closed the connection before the first of them.
  ///
  /// Throws `.io` if the connection ends in between.
  func fill(_ bytes: UnsafeMutableRawBufferPointer) throws -> Bool {
    var done = 0
    while done < bytes.count {
      let count = recv(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, 0)
      if count < 0 && errno == EINTR { continue }
      // A server that ends with our last answer unread resets the connection.
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

  /// Sends all of `bytes`.  Throws `.io` if the other end has gone.
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
