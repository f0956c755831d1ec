import Foundation

/// A server of i-PI's socket protocol, written anew from its description, for clients under test.
public final class FakeServer: Sendable {
  private let descriptor: Int32
  /// The port on this machine that the system has chosen; 0 for a unix socket.
  public let port: UInt16
  private let path: String?

  /// Listens on a unix socket.
  public init(unix path: String) throws {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    (self.path, port) = (path, 0)
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard status == 0, listen(descriptor, 4) == 0 else { throw Failure("cannot listen: \(errno)") }
  }

  /// Listens on a port of the loopback device.
  public init() throws {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    path = nil
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
      }
    }
    guard status == 0, listen(descriptor, 4) == 0 else { throw Failure("cannot listen: \(errno)") }
    port = UInt16(bigEndian: address.sin_port)
    self.descriptor = descriptor
  }

  deinit {
    stop()
    close(descriptor)
  }

  /// Takes no more clients.
  public func stop() {
    shutdown(descriptor, Int32(SHUT_RDWR))
    if let path { unlink(path) }
  }

  /// The next client.  Throws if none comes within `limit` seconds.
  public func accept(limit: Int = 30) throws -> FakeConnection {
    try FakeConnection.limitWaiting(descriptor, limit)
    let client = Foundation.accept(descriptor, nil, nil)
    guard client >= 0 else { throw Failure("no client came") }
    return try FakeConnection(client)
  }

  /// Runs `body` while `talk` serves on a thread of its own; gives what both return.
  public func serve<Talked: Sendable, Result>(
    _ talk: @escaping @Sendable (FakeServer) throws -> Talked, while body: () throws -> Result
  ) throws -> (talked: Talked, result: Result) {
    let box = Box<Talked>()
    let ended = DispatchSemaphore(value: 0)
    Thread {
      box.value = Swift.Result { try talk(self) }
      ended.signal()
    }.start()
    let result = try body()
    ended.wait()
    guard let value = box.value else { throw Failure("the server did not end") }
    return (try value.get(), result)
  }

  /// What went wrong on the server's side.
  public struct Failure: Error {
    /// What it is.
    public let text: String
    init(_ text: String) { self.text = text }
  }

  private final class Box<Value>: @unchecked Sendable {
    var value: Result<Value, any Error>?
  }
}
