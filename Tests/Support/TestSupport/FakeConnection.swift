import Files
import Foundation

/// One client of a `FakeServer`.
public final class FakeConnection {
  /// What a client answered to GETFORCE, in atomic units.
  public struct Forces: Sendable {
    public var energy = 0.0, forces: [Double] = [], virial: [Double] = [], extra = ""
  }

  private let descriptor: Int32

  /// Takes over a socket.
  public init(_ descriptor: Int32) throws {
    self.descriptor = descriptor
    try Self.limitWaiting(descriptor, 30)
  }

  deinit { close(descriptor) }

  /// Closes the connection for both directions; the client hears of it after what was sent.
  public func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Two connected sockets.
  public static func pair() throws -> (server: FakeConnection, client: Int32) {
    var ends: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
      throw FakeServer.Failure("no pair of sockets: \(errno)")
    }
    return (try FakeConnection(ends[0]), ends[1])
  }

  /// Lets calls fail that wait for longer than `seconds`.
  static func limitWaiting(_ descriptor: Int32, _ seconds: Int) throws {
    var time = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  /// Sends bytes as they are.
  public func send(_ bytes: [UInt8]) throws {
    let count = bytes.withUnsafeBytes {
      Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    guard count == bytes.count else { throw FakeServer.Failure("the client is gone") }
  }

  /// Sends a header of twelve bytes.
  public func send(header: String) throws { try send(Self.header(header)) }

  private static func header(_ text: String) -> [UInt8] {
    Array(text.utf8) + Array(repeating: 32, count: 12 - text.utf8.count)
  }

  private static func bytes<Number: BitwiseCopyable>(_ numbers: [Number]) -> [UInt8] {
    numbers.withUnsafeBytes { Array($0) }
  }

  /// So many bytes.  Throws if the client closes before, or lets wait too long.
  public func receive(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count), done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes {
        recv(descriptor, $0.baseAddress.map { $0 + done }, count - done, 0)
      }
      guard got > 0 else { throw FakeServer.Failure("the client is gone") }
      done += got
    }
    return bytes
  }

  private func numbers<Number: BitwiseCopyable>(_ count: Int, _ zero: Number) throws -> [Number] {
    let bytes = try receive(count * MemoryLayout<Number>.size)
    return bytes.withUnsafeBytes { bytes in
      (0..<count).map {
        bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.size, as: Number.self)
      }
    }
  }

  /// The next header, without blanks.
  public func header() throws -> String {
    String(decoding: try receive(12), as: UTF8.self).trimmingCharacters(in: .whitespaces)
  }

  /// Asks for the status.
  public func status() throws -> String {
    try send(header: "STATUS")
    return try header()
  }

  /// Sends INIT.
  public func initialize(replica: Int32 = 0, _ text: [UInt8] = []) throws {
    try send(Self.header("INIT") + Self.bytes([replica, Int32(text.count)]) + text)
  }

  /// Sends POSDATA: cell vectors as rows, nine numbers, and positions, in Bohr radii.
  public func sendPositions(cell: [Double], _ positions: [Double]) throws {
    // On the wire cell vectors are columns; what is said of the inverse nobody needs.
    let columns = (0..<9).map { cell[3 * ($0 % 3) + $0 / 3] }
    try send(
      Self.header("POSDATA") + Self.bytes(columns) + Self.bytes([Double](repeating: 0, count: 9))
        + Self.bytes([Int32(positions.count / 3)]) + Self.bytes(positions))
  }

  /// Asks for the forces.
  public func forces() throws -> Forces {
    try send(header: "GETFORCE")
    guard try header() == "FORCEREADY" else { throw FakeServer.Failure("no FORCEREADY") }
    var answer = Forces()
    answer.energy = try numbers(1, 0.0)[0]
    answer.forces = try numbers(3 * Int(numbers(1, Int32(0))[0]), 0.0)
    answer.virial = try numbers(9, 0.0)
    answer.extra = String(decoding: try receive(Int(numbers(1, Int32(0))[0])), as: UTF8.self)
    return answer
  }

  /// All of it, as i-PI asks: status, INIT where it is needed, positions, status, forces.
  public func calculate(
    cell: [Double], _ positions: [Double], parameters: [UInt8] = []
  ) throws -> Forces {
    if try status() == "NEEDINIT" { try initialize(parameters) }
    guard try status() == "READY" else { throw FakeServer.Failure("the client is not ready") }
    try sendPositions(cell: cell, positions)
    guard try status() == "HAVEDATA" else { throw FakeServer.Failure("the client has no data") }
    return try forces()
  }
}
