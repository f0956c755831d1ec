/// A way for the ranks of a job to exchange bytes.  All ranks make the same calls in the same
/// order, each from one thread.
public protocol Transport: Sendable {
  /// Number of this process among the ranks, from 0.
  var rank: Int { get }
  /// Number of ranks.
  var size: Int { get }

  /// Sends the bytes of each rank to every rank: `counts[r]` bytes from rank r, in the order of
  /// ranks.
  func gather(
    _ own: UnsafeRawBufferPointer, into all: UnsafeMutableRawBufferPointer, counts: [Int])

  /// Sends to each rank its part of the bytes of every rank: `counts[r]` bytes of `own` go to rank
  /// r, in the order of ranks, and `receivedCounts[r]` bytes come from it.
  func exchange(
    _ own: UnsafeRawBufferPointer, counts: [Int],
    into received: UnsafeMutableRawBufferPointer, receivedCounts: [Int])

  /// Sends the bytes of rank 0 to every rank.
  func broadcast(_ bytes: UnsafeMutableRawBufferPointer)

  /// Sends `bytes` to `rank`, which must receive the same count.
  func send(_ bytes: UnsafeRawBufferPointer, to rank: Int)

  /// Waits for bytes that `rank` sends.
  func receive(_ bytes: UnsafeMutableRawBufferPointer, from rank: Int)

  /// Leaves the job, as all ranks do.
  func finish()

  /// Ends the job at once, on all ranks, with `exitCode`.
  func abort(exitCode: Int32) -> Never
}
