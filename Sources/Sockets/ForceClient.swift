import Diagnostics

/// The client's side of i-PI's socket protocol: it answers a server's requests for energy, forces
/// and virial.
///
/// A message begins with a header of twelve bytes, padded with blanks; numbers are int32 and
/// float64 in the machine's byte order.  The client answers STATUS with NEEDINIT, READY or
/// HAVEDATA.  INIT brings the number of a replica and a text; POSDATA brings a cell, its inverse
/// and positions.  The client answers GETFORCE with FORCEREADY, energy, forces, virial and a text.
/// EXIT ends the connection.  Matrices of cells have the cell vectors as columns.
/// Source: i-PI's manual, "Communication protocol", and ipi/interfaces/sockets.py.
public final class ForceClient {
  /// The way in which a connection ended.
  public enum End: String, Sendable {
    /// The server sent EXIT.
    case exit
    /// The server closed the connection between two calculations, as ASE does at its end.
    case closed
  }

  /// Length of a header in bytes.
  static let headerLength = 12
  /// A number of atoms above this is taken for an error.
  static let mostAtoms = 1 << 27
  static let mostText = 1 << 24

  private let stream: SocketStream
  private var request = ForceRequest()
  private var hasAnswer = false
  private var answer = ForceAnswer()
  private var outgoing: [UInt8] = []
  /// Number of calculations so far.
  public private(set) var calculations = 0

  /// Makes a client on a connection.
  public init(_ stream: SocketStream) { self.stream = stream }

  /// Answers requests until the server ends the connection; calls `compute` once for each POSDATA.
  ///
  /// Throws `.data` for bytes that violate the protocol, `.io` if the connection breaks within a
  /// message, and the errors of `compute`.
  public func serve(
    _ compute: (ForceRequest, inout ForceAnswer) throws -> Void
  ) throws -> End {
    while let header = try nextHeader() {
      switch header {
      case "STATUS": try send(status)
      case "INIT": try readParameters()
      case "POSDATA":
        try readPositions()
        try compute(request, &answer)
        precondition(answer.forces.count == request.positions.count)
        (hasAnswer, calculations) = (true, calculations + 1)
      case "GETFORCE": try sendAnswer()
      case "EXIT": return .exit
      default:
        throw wrong("sent '\(header)' where a command was expected")
      }
    }
    if hasAnswer {
      throw ToolError(
        .io, at: stream.name, "the server vanished without asking for the forces it needed",
        remedy: "see what became of it; --reconnect waits for the next one")
    }
    return .closed
  }

  private var status: String {
    hasAnswer ? "HAVEDATA" : request.parameters == nil ? "NEEDINIT" : "READY"
  }

  /// The next header without its blanks; nil if the connection is closed.
  private func nextHeader() throws -> String? {
    var bytes = [UInt8](repeating: 0, count: Self.headerLength)
    guard try bytes.withUnsafeMutableBytes(stream.fill) else { return nil }
    let text = bytes.prefix { (33...126).contains($0) }
    guard bytes.dropFirst(text.count).allSatisfy({ $0 == 32 || $0 == 0 }) else {
      let shown = bytes.map { (32...126).contains($0) ? String(UnicodeScalar($0)) : "." }.joined()
      throw wrong("sent '\(shown)' where a header of twelve bytes was expected")
    }
    return String(decoding: text, as: UTF8.self).uppercased()
  }

  private func readParameters() throws {
    request.replica = Int(try read(Int32.self))
    let length = Int(try read(Int32.self))
    guard (0...Self.mostText).contains(length) else {
      throw wrong("INIT announces a text of \(length) bytes")
    }
    var text = [UInt8](repeating: 0, count: length)
    try fill(&text)
    request.parameters = text
    if String(decoding: text, as: UTF8.self).contains("batch_size:") {
      throw ToolError(
        .data, at: stream.name, "the server sends several structures at a time",
        remedy:
          "leave batch_size of <ffsocket> at 1; start several dp-ipi to work on replicas at once"
      )
    }
  }

  private func readPositions() throws {
    var columns = [Double](repeating: 0, count: 9), inverse = columns
    try fill(&columns)
    try fill(&inverse)
    for row in 0..<3 {
      for column in 0..<3 { request.cell[3 * row + column] = columns[3 * column + row] }
    }
    let count = Int(try read(Int32.self))
    guard (1...Self.mostAtoms).contains(count) else {
      throw wrong("POSDATA announces \(count) atoms")
    }
    if request.positions.count != 3 * count {
      request.positions = Array(repeating: 0, count: 3 * count)
    }
    try fill(&request.positions)
  }

  private func sendAnswer() throws {
    guard hasAnswer else { throw wrong("asks for forces (GETFORCE) before it has sent positions") }
    outgoing.removeAll(keepingCapacity: true)
    append(header: "FORCEREADY")
    append([answer.energy])
    append([Int32(request.atomCount)])
    append(answer.forces)
    append(answer.virial)
    append([Int32(answer.extra.utf8.count)])
    outgoing += answer.extra.utf8
    try stream.send(outgoing)
    hasAnswer = false
  }

  private func send(_ header: String) throws {
    outgoing.removeAll(keepingCapacity: true)
    append(header: header)
    try stream.send(outgoing)
  }

  private func append(header: String) {
    outgoing += header.utf8
    outgoing += Array(repeating: 32, count: Self.headerLength - header.utf8.count)
  }

  private func append<Number: BitwiseCopyable>(_ numbers: [Number]) {
    numbers.withUnsafeBytes { outgoing.append(contentsOf: $0) }
  }

  private func read(_ type: Int32.Type) throws -> Int32 {
    var number = [Int32(0)]
    try fill(&number)
    return number[0]
  }

  private func fill<Number: BitwiseCopyable>(_ numbers: inout [Number]) throws {
    if numbers.isEmpty { return }
    guard try numbers.withUnsafeMutableBytes(stream.fill) else {
      throw ToolError(
        .io, at: stream.name, "the server vanished in the middle of a message",
        remedy: "see what became of it; --reconnect waits for the next one")
    }
  }

  private func wrong(_ problem: String) -> ToolError {
    ToolError(
      .data, at: stream.name, "the server \(problem)",
      remedy: "see whether it speaks i-PI's socket protocol (mode unix or inet, not shm)")
  }
}
