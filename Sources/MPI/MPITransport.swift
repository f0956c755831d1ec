import CMPI
import Communication
import Foundation

/// Joins the other ranks of an MPI job, which `mpirun` or `srun` started; may be called once in a
/// process.
///
/// Throws `.usage` if there is no MPI library.  An error in an exchange ends the whole job.
public func joinMPI() throws -> any Transport {
  try loadMPI(in: ProcessInfo.processInfo.environment)
  return MPITransport()
}

private struct MPITransport: Transport {
  let rank: Int, size: Int

  init() {
    cmpi_start()
    (rank, size) = (Int(cmpi_rank()), Int(cmpi_size()))
  }

  func gather(
    _ own: UnsafeRawBufferPointer, into all: UnsafeMutableRawBufferPointer, counts: [Int]
  ) {
    let (numbers, starts) = layout(counts)
    cmpi_gather(own.baseAddress, Int32(own.count), all.baseAddress, numbers, starts)
  }

  func exchange(
    _ own: UnsafeRawBufferPointer, counts: [Int],
    into received: UnsafeMutableRawBufferPointer, receivedCounts: [Int]
  ) {
    let sent = layout(counts), taken = layout(receivedCounts)
    cmpi_exchange(
      own.baseAddress, sent.counts, sent.starts, received.baseAddress, taken.counts, taken.starts)
  }

  func broadcast(_ bytes: UnsafeMutableRawBufferPointer) {
    forEachMessage(of: bytes.count) { start, count in
      cmpi_broadcast(bytes.baseAddress.map { $0 + start }, count)
    }
  }

  func send(_ bytes: UnsafeRawBufferPointer, to rank: Int) {
    forEachMessage(of: bytes.count) { start, count in
      cmpi_send(bytes.baseAddress.map { $0 + start }, count, Int32(rank))
    }
  }

  func receive(_ bytes: UnsafeMutableRawBufferPointer, from rank: Int) {
    forEachMessage(of: bytes.count) { start, count in
      cmpi_receive(bytes.baseAddress.map { $0 + start }, count, Int32(rank))
    }
  }

  func finish() { cmpi_finish() }

  func abort(exitCode: Int32) -> Never {
    cmpi_abort(exitCode)
    exit(exitCode)
  }

  /// MPI counts in 32 bits: the `counts`, and the offset of each part.
  private func layout(_ counts: [Int]) -> (counts: [Int32], starts: [Int32]) {
    var starts: [Int32] = [], next: Int32 = 0
    for count in counts {
      starts.append(next)
      next += Int32(count)
    }
    return (counts.map { Int32($0) }, starts)
  }

  /// Splits `count` bytes into messages whose length fits into 32 bits.
  private func forEachMessage(of count: Int, _ body: (_ start: Int, _ count: Int32) -> Void) {
    for start in stride(from: 0, to: count, by: 1 << 30) {
      body(start, Int32(min(count - start, 1 << 30)))
    }
  }
}
