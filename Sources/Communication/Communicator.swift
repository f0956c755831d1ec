import Measurement

/// The exchanges between the processes of a job; a process that is alone exchanges nothing.
///
/// All ranks must make the same calls in the same order, each from one thread.
public final class Communicator: @unchecked Sendable {
  /// The communicator of a single process.
  public static let alone = Communicator(nil)

  /// The number of this process among the ranks, from 0, and the number of ranks.
  public let rank: Int, size: Int
  /// The time spent in exchanges, including waiting for other ranks, and the number of bytes that
  /// this rank has sent.
  public private(set) var seconds = 0.0, bytesSent = 0
  private let transport: (any Transport)?

  /// Makes a communicator for ranks that exchange bytes by `transport`; nil for a single process.
  public init(_ transport: (any Transport)?) {
    self.transport = transport
    (rank, size) = (transport?.rank ?? 0, transport?.size ?? 1)
  }

  /// Whether this rank reads and writes the files of the job, and prints its messages.
  public var isFirst: Bool { rank == 0 }

  /// The part of `count` things that belongs to `rank`: consecutive ones, with parts as equal as
  /// possible.
  public func share(of count: Int, rank: Int) -> Range<Int> {
    count * rank / size..<count * (rank + 1) / size
  }

  /// The part of `count` things that belongs to this rank.
  public func share(of count: Int) -> Range<Int> { share(of: count, rank: rank) }

  /// Leaves the job, as all ranks do at their end.
  public func finish() { transport?.finish() }

  /// Ends the job at once, on all ranks; returns if there is no job.
  public func abort(exitCode: Int32) { transport?.abort(exitCode: exitCode) }

  /// Does an exchange and counts it; does nothing if there is no job.
  func exchange(sending bytes: Int, _ body: (any Transport) -> Void) {
    guard let transport else { return }
    let start = ContinuousClock.now
    measure(.communication) { body(transport) }
    seconds += (ContinuousClock.now - start) / .seconds(1)
    bytesSent += bytes
  }
}

extension Communicator {
  /// The values of each rank, by rank.
  public func gather(_ values: [Double]) -> [[Double]] {
    gather(values.map(\.bitPattern)).map { $0.map { Double(bitPattern: $0) } }
  }

  /// The rows of all ranks, in order; all of them have `width` numbers.
  public func gather(rows: [[Double]], width: Int) -> [[Double]] {
    if size == 1 { return rows }
    let all = gather(rows.flatMap(\.self)).flatMap(\.self)
    return stride(from: 0, to: all.count, by: width).map { Array(all[$0..<$0 + width]) }
  }

  /// The values of each rank, by rank.
  public func gather<Element: BitwiseCopyable>(_ values: [Element]) -> [[Element]] {
    if size == 1 { return [values] }
    let stride = MemoryLayout<Element>.stride
    let counts = gatherCounts(values.count)
    let all = [Element](unsafeUninitializedCapacity: counts.reduce(0, +)) { all, count in
      values.withUnsafeBytes { own in
        exchange(sending: own.count * (size - 1)) {
          $0.gather(
            own, into: UnsafeMutableRawBufferPointer(all), counts: counts.map { $0 * stride })
        }
      }
      count = counts.reduce(0, +)
    }
    var next = 0
    return counts.map { count in
      defer { next += count }
      return Array(all[next..<next + count])
    }
  }

  /// The `count` of each rank, by rank.
  private func gatherCounts(_ count: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: size)
    withUnsafeBytes(of: count) { own in
      counts.withUnsafeMutableBytes { all in
        exchange(sending: own.count * (size - 1)) {
          $0.gather(own, into: all, counts: Array(repeating: own.count, count: size))
        }
      }
    }
    return counts
  }

  /// Whether `flag` is true on any rank.
  public func isTrueAnywhere(_ flag: Bool) -> Bool {
    size == 1 ? flag : gatherCounts(flag ? 1 : 0).contains(1)
  }

  /// The values of rank 0; the other ranks' `values` are ignored.
  public func broadcast<Element: BitwiseCopyable>(_ values: [Element]) -> [Element] {
    if size == 1 { return values }
    var count = [values.count]
    count.withUnsafeMutableBytes { bytes in exchange(sending: 0) { $0.broadcast(bytes) } }
    var result = isFirst ? values : []
    if !isFirst {
      result = [Element](unsafeUninitializedCapacity: count[0]) { memory, initialized in
        exchange(sending: 0) { $0.broadcast(UnsafeMutableRawBufferPointer(memory)) }
        initialized = count[0]
      }
    } else {
      result.withUnsafeMutableBytes { bytes in
        exchange(sending: bytes.count) { $0.broadcast(bytes) }
      }
    }
    return result
  }

  /// On rank 0 the values of each rank, by rank; on other ranks an empty list.  It is for values
  /// that are too large for every rank to have.
  public func collect<Element: BitwiseCopyable>(_ values: [Element]) -> [[Element]] {
    let counts = size == 1 ? [values.count] : gatherCounts(values.count)
    guard isFirst else {
      values.withUnsafeBytes { bytes in
        exchange(sending: bytes.count) { $0.send(bytes, to: 0) }
      }
      return []
    }
    return [values]
      + (1..<size).map { rank in
        [Element](unsafeUninitializedCapacity: counts[rank]) { memory, count in
          exchange(sending: 0) { $0.receive(UnsafeMutableRawBufferPointer(memory), from: rank) }
          count = counts[rank]
        }
      }
  }

  /// The values of rank 0 for this rank: `parts(r)` for rank r, which is called on rank 0 only.
  public func scatter<Element: BitwiseCopyable>(_ parts: (_ rank: Int) -> [Element]) -> [Element] {
    if isFirst {
      for rank in 1..<max(size, 1) where size > 1 {
        let part = parts(rank)
        withUnsafeBytes(of: part.count) { bytes in
          exchange(sending: bytes.count) { $0.send(bytes, to: rank) }
        }
        part.withUnsafeBytes { bytes in
          exchange(sending: bytes.count) { $0.send(bytes, to: rank) }
        }
      }
      return parts(0)
    }
    var count = [0]
    count.withUnsafeMutableBytes { bytes in exchange(sending: 0) { $0.receive(bytes, from: 0) } }
    return [Element](unsafeUninitializedCapacity: count[0]) { memory, initialized in
      exchange(sending: 0) { $0.receive(UnsafeMutableRawBufferPointer(memory), from: 0) }
      initialized = count[0]
    }
  }
}
