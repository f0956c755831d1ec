import Communication
import Foundation

/// Runs `body` on `count` ranks at once that are threads of this process; gives what each returned,
/// by rank.
public func runRanks<Value: Sendable>(
  _ count: Int, _ body: @escaping @Sendable (Communicator) -> Value
) -> [Value] {
  let board = ThreadTransport.Board(size: count), results = Results<Value>(count: count)
  for rank in 0..<count {
    Thread { results.set(rank, body(Communicator(ThreadTransport(rank: rank, board)))) }.start()
  }
  return results.wait()
}

private final class Results<Value: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private var values: [Value?]

  init(count: Int) { values = Array(repeating: nil, count: count) }

  func set(_ rank: Int, _ value: Value) {
    condition.withLock { values[rank] = value }
    condition.broadcast()
  }

  func wait() -> [Value] {
    condition.lock()
    defer { condition.unlock() }
    while values.contains(where: { $0 == nil }) { condition.wait() }
    return values.compactMap(\.self)
  }
}

private final class ThreadTransport: Transport, @unchecked Sendable {
  let rank: Int, size: Int
  private let board: Board

  /// What the ranks have in common.
  final class Board: @unchecked Sendable {
    let condition = NSCondition(), size: Int
    var shown: [[UInt8]], arrived = 0, round = 0
    /// Messages from one rank to another.
    var messages: [[Int]: [UInt8]] = [:]

    init(size: Int) {
      self.size = size
      shown = Array(repeating: [], count: size)
    }

    /// Waits until all ranks are here.
    func wait() {
      condition.lock()
      defer { condition.unlock() }
      let mine = round
      arrived += 1
      if arrived == size {
        (arrived, round) = (0, round + 1)
        condition.broadcast()
      }
      while round == mine { condition.wait() }
    }
  }

  init(rank: Int, _ board: Board) {
    (self.rank, size, self.board) = (rank, board.size, board)
  }

  /// What every rank shows the others.
  private func show(_ bytes: UnsafeRawBufferPointer) -> [[UInt8]] {
    board.condition.withLock { board.shown[rank] = Array(bytes) }
    board.wait()
    let all = board.condition.withLock { board.shown }
    board.wait()
    return all
  }

  func gather(
    _ own: UnsafeRawBufferPointer, into all: UnsafeMutableRawBufferPointer, counts: [Int]
  ) {
    let shown = show(own)
    precondition(shown.map(\.count) == counts)
    all.copyBytes(from: shown.joined())
  }

  func exchange(
    _ own: UnsafeRawBufferPointer, counts: [Int],
    into received: UnsafeMutableRawBufferPointer, receivedCounts: [Int]
  ) {
    // What is for whom stands before the bytes.
    var message: [UInt8] = []
    for count in counts { withUnsafeBytes(of: count) { message += $0 } }
    message += own.prefix(counts.reduce(0, +))
    let shown = message.withUnsafeBytes(show)
    var parts: [UInt8] = []
    for (from, bytes) in shown.enumerated() {
      let counts = bytes.withUnsafeBytes { bytes in
        (0..<size).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Int.self) }
      }
      precondition(counts[rank] == receivedCounts[from])
      let start = 8 * size + counts[..<rank].reduce(0, +)
      parts += bytes[start..<start + counts[rank]]
    }
    received.copyBytes(from: parts)
  }

  func broadcast(_ bytes: UnsafeMutableRawBufferPointer) {
    let shown = show(UnsafeRawBufferPointer(bytes))
    precondition(shown[0].count == bytes.count)
    bytes.copyBytes(from: shown[0])
  }

  func send(_ bytes: UnsafeRawBufferPointer, to receiver: Int) {
    board.condition.lock()
    defer { board.condition.unlock() }
    while board.messages[[rank, receiver]] != nil { board.condition.wait() }
    board.messages[[rank, receiver]] = Array(bytes)
    board.condition.broadcast()
  }

  func receive(_ bytes: UnsafeMutableRawBufferPointer, from sender: Int) {
    board.condition.lock()
    defer { board.condition.unlock() }
    while board.messages[[sender, rank]] == nil { board.condition.wait() }
    let message = board.messages.removeValue(forKey: [sender, rank]) ?? []
    precondition(message.count == bytes.count)
    bytes.copyBytes(from: message)
    board.condition.broadcast()
  }

  func finish() {}

  func abort(exitCode: Int32) -> Never { fatalError("rank \(rank) aborts: \(exitCode)") }
}
