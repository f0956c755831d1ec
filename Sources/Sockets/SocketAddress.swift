import Diagnostics
import Foundation

/// The address of a server of i-PI's socket protocol.
public enum SocketAddress: Sendable, Equatable, CustomStringConvertible {
  /// A socket in the file system of this machine, by its path.
  case unix(path: String)
  /// A port of a machine.
  case tcp(host: String, port: UInt16)

  /// The unix socket that i-PI and ASE call `name`: `/tmp/ipi_<name>`; a name with a slash is a
  /// path.
  public static func unix(named name: String) -> SocketAddress {
    .unix(path: name.contains("/") ? name : "/tmp/ipi_\(name)")
  }

  /// The address for messages.
  public var description: String {
    switch self {
    case .unix(let path): path
    case .tcp(let host, let port): "\(host):\(port)"
    }
  }

  /// Connects to the server, and waits for it at most `seconds`.
  ///
  /// Throws `.usage` for an invalid address, and `.io` if the time is over.
  public func connect(waiting seconds: Double) throws -> SocketStream {
    let start = ContinuousClock.now
    while true {
      let failure: Int32
      do {
        return SocketStream(try connectOnce(), name: description)
      } catch let error as SystemFailure {
        failure = error.number
      }
      guard (ContinuousClock.now - start) / .seconds(1) < seconds else {
        throw ToolError(
          .io, at: description,
          "no server in \(String(format: "%g", seconds)) s: "
            + String(cString: strerror(failure)),
          remedy: "start the server (i-PI, ASE) first or meanwhile, or wait longer with --wait")
      }
      Thread.sleep(forTimeInterval: min(0.1, max(0.01, seconds / 10)))
    }
  }

  /// Tries once to connect; returns the descriptor.
  private func connectOnce() throws -> Int32 {
    switch self {
    case .unix(let path): try connectUnix(path)
    case .tcp(let host, let port): try connectTCP(host, port)
    }
  }

  private func connectUnix(_ path: String) throws -> Int32 {
    var address = sockaddr_un()
    let room = MemoryLayout.size(ofValue: address.sun_path) - 1
    guard path.utf8.count <= room else {
      throw ToolError(
        .usage, at: path, "is longer than the \(room) bytes a unix socket's path may have",
        remedy: "choose a shorter name")
    }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return try withUnsafePointer(to: &address) { address in
      try address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        try open(AF_UNIX, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  private func connectTCP(_ host: String, _ port: UInt16) throws -> Int32 {
    var hints = addrinfo(), found: UnsafeMutablePointer<addrinfo>?
    hints.ai_socktype = streamType
    let status = getaddrinfo(host, String(port), &hints, &found)
    guard status == 0 else {
      throw ToolError(
        .usage, at: "--host \(host)", "is no machine: \(String(cString: gai_strerror(status)))")
    }
    defer { freeaddrinfo(found) }
    var failure = SystemFailure(number: ECONNREFUSED), next = found
    while let entry = next {  // a name may have several addresses, of IPv6 and IPv4
      do {
        let descriptor = try open(
          entry.pointee.ai_family, entry.pointee.ai_addr, entry.pointee.ai_addrlen)
        var on: Int32 = 1  // a header of twelve bytes must not wait for more
        setsockopt(
          descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return descriptor
      } catch let error as SystemFailure { failure = error }
      next = entry.pointee.ai_next
    }
    throw failure
  }

  /// A socket of `family` connected to `address`.
  private func open(
    _ family: Int32, _ address: UnsafePointer<sockaddr>?, _ length: socklen_t
  ) throws -> Int32 {
    let descriptor = socket(family, streamType | closeOnExec, 0)
    guard descriptor >= 0 else { throw SystemFailure(number: errno) }
    while Foundation.connect(descriptor, address, length) != 0 {
      if errno == EINTR { continue }
      let number = errno
      close(descriptor)
      throw SystemFailure(number: number)
    }
    return descriptor
  }
}

/// A system call that failed with this `errno`; another attempt may succeed.
private struct SystemFailure: Error { let number: Int32 }

private let streamType = Int32(SOCK_STREAM.rawValue)
private let closeOnExec = Int32(SOCK_CLOEXEC.rawValue)
