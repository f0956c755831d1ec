import Diagnostics
import Foundation
import Synchronization
import TestSupport
import Testing

import Sockets

/// The client's side of the protocol, against a server at the other end of a pair of sockets.
struct ForceClientTests {
  /// What a client did.
  private struct Outcome: Sendable {
    var end: ForceClient.End?
    var error: ToolError?
    var requests: [ForceRequest] = []
  }

  /// Lets a client serve `talk`, which then closes the connection; forces are twice the positions.
  private func outcome(_ talk: (FakeConnection) throws -> Void) throws -> Outcome {
    let (server, descriptor) = try FakeConnection.pair()
    let shared = Shared(), ended = DispatchSemaphore(value: 0)
    Thread {
      let client = ForceClient(SocketStream(descriptor, name: "test"))
      do {
        let end = try client.serve { request, answer in
          shared.outcome.withLock { $0.requests.append(request) }
          answer.energy = Double(request.atomCount)
          answer.forces = request.positions.map { 2 * $0 }
          answer.virial = request.cell
          answer.extra = "{}"
        }
        shared.outcome.withLock { $0.end = end }
      } catch { shared.outcome.withLock { $0.error = error as? ToolError } }
      ended.signal()
    }.start()
    try talk(server)
    server.hangUp()
    ended.wait()
    return shared.outcome.withLock { $0 }
  }

  private final class Shared: Sendable { let outcome = Mutex(Outcome()) }

  private let cell = (1...9).map(Double.init), positions = (0..<6).map { 0.25 * Double($0) }

  @Test func `a calculation goes through the states in order`() throws {
    let outcome = try outcome { server in
      #expect(try server.status() == "NEEDINIT")
      try server.initialize(replica: 3, Array("some text".utf8))
      #expect(try server.status() == "READY")
      try server.sendPositions(cell: cell, positions)
      #expect(try server.status() == "HAVEDATA")
      let answer = try server.forces()
      #expect(answer.energy == 2 && answer.forces == positions.map { 2 * $0 })
      #expect(answer.virial == cell && answer.extra == "{}")
      #expect(try server.status() == "READY")
      try server.send(header: "EXIT")
    }
    #expect(outcome.end == .exit)
    let request = try #require(outcome.requests.first)
    #expect(request.replica == 3 && request.parameters == Array("some text".utf8))
    // The server sends vectors as columns; a client that forgot it would have the transpose.
    #expect(request.cell == cell && request.positions == positions)
  }

  @Test func `positions and GETFORCE may come at once, in any number of pieces`() throws {
    let outcome = try outcome { server in
      try server.initialize()
      for count in [2, 1, 2] {
        try server.sendPositions(cell: cell, Array(positions.prefix(3 * count)))
        #expect(try server.forces().energy == Double(count))
      }
      for byte in Array("STATUS      ".utf8) { try server.send([byte]) }
      #expect(try server.header() == "READY")
    }
    #expect(outcome.end == .closed)
    #expect(outcome.requests.map(\.atomCount) == [2, 1, 2])
  }

  @Test func `a server that closes between calculations ends well`() throws {
    #expect(try outcome { _ in }.end == .closed)
    #expect(try outcome { _ = try $0.status() }.end == .closed)
  }

  @Test func `a server that vanishes in the middle is an error of kind io`() throws {
    for bytes in [Array("STAT".utf8), Array("POSDATA     ".utf8), Array("INIT        ".utf8) + [1]]
    {
      let outcome = try outcome { try $0.send(bytes) }
      #expect(outcome.error?.kind == .io && outcome.error?.problem.contains("vanished") == true)
    }
    let outcome = try outcome { try $0.sendPositions(cell: cell, positions) }
    #expect(outcome.error?.problem == "the server vanished without asking for the forces it needed")
  }

  @Test(arguments: [
    "GET / HTTP/1", "\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\u{9}\u{a}\u{b}\u{c}", "NONSENSE    ",
    "STATUS STATU", "            ", "GETFORCE    ",
  ])
  func `what is not the protocol is an error of kind data that shows it`(text: String) throws {
    let outcome = try outcome { try $0.send(Array(text.utf8)) }
    #expect(outcome.error?.kind == .data)
    #expect(outcome.error?.problem.hasPrefix("the server ") == true)
    #expect(outcome.requests.isEmpty)
  }

  @Test(arguments: [Int32(0), -1, .max])
  func `a number of atoms that cannot be is an error`(count: Int32) throws {
    let outcome = try outcome { server in
      try server.send(Array("POSDATA     ".utf8) + Array(repeating: 0, count: 144))
      try server.send(withUnsafeBytes(of: count) { Array($0) })
    }
    #expect(outcome.error?.kind == .data && outcome.error?.problem.contains("\(count)") == true)
  }

  @Test(arguments: [Int32(-1), .max])
  func `a length of a text that cannot be is an error`(count: Int32) throws {
    let outcome = try outcome { server in
      try server.send(Array("INIT        ".utf8) + [0, 0, 0, 0])
      try server.send(withUnsafeBytes(of: count) { Array($0) })
    }
    #expect(outcome.error?.kind == .data && outcome.error?.problem.contains("\(count)") == true)
  }

  @Test func `several structures at a time are refused`() throws {
    let outcome = try outcome { try $0.initialize(Array("batch_size:4".utf8)) }
    #expect(outcome.error?.problem == "the server sends several structures at a time")
  }
}
